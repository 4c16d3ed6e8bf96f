"""The examples of the second document from its custom clients on: hosts, loops, models, errors, options."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from ollama._client import CONNECTION_ERROR_MESSAGE

from tests.ollama.expectations.expected import (
    WHEN,
    Expected,
    chat,
    embedded,
    generate,
    generated_whole,
    lines,
    post,
    user,
)
from tests.ollama.running import Seen, Stage
from tutor.ollama.testing import Reply
from tutor.ollama.testing.wire import json_reply, line

CHAT, GENERATE, EMBED = "/api/chat", "/api/generate", "/api/embed"
LOCAL = "http://localhost:11434"
GIGABYTE = 1_000_000_000
LAYER = {"status": "pulling aeda25e63ebd", "digest": "sha256:aeda25e63ebd", "total": 4096}
DONE = {"status": "success"}
NO_CONTENT = Reply(framing="length")
DETAILS = {"format": "gguf", "family": "gemma3", "parameter_size": "4.3B", "quantization_level": "Q4_K_M"}
LISTED = {"name": "gemma3:latest", "model": "gemma3:latest", "digest": "a" * 64, "details": DETAILS}
SHOWN = {
    "template": "{{ .Prompt }}",
    "parameters": 'stop  "<end_of_turn>"\ntop_k  64',
    "details": DETAILS,
    "model_info": {"general.architecture": "gemma3"},
    "capabilities": ["completion", "vision"],
    "modified_at": WHEN,
}


def vanish_after_pull(stage: Stage) -> None:
    """The server takes no connection any more once it was asked for a pull, and ends the one that it has."""

    def pulled(_body: object) -> Reply:
        leaving.append(asyncio.get_running_loop().create_task(stage.plain.refuse()))
        return Reply([b'{"status":"success"}'], framing="close", first_delay_s=0.1)

    leaving: list[asyncio.Task[None]] = []
    stage.plain.script(pulled, once=True, path="/api/pull")


def return_again(stage: Stage) -> None:
    stage.plain.call(stage.plain.start())


# The terminal on which this line appears belongs to somebody who starts the server and then presses return.
WAITING_TERMINAL = """
import builtins

def print(*shown, **how):
    builtins.print(*shown, **how, flush=True)
    if "ollama serve" in shown[0]:
        builtins.input()

"""

MISHAPS = (
    "Error: model 'nonexistent-model' not found\nStatus code: 404\n"
    "Connection failed: {}\nMake sure Ollama is running: ollama serve\n"
    "Hola\nStreaming error: the runner stumbled\n"
)

EXPECTED = {
    "ex17_custom_clients": Expected(
        answers=[(CHAT, "Hello."), (CHAT, "Async hello.")],
        secure_answers=[("/ollama/api/generate", generated_whole("Tested."))],
        printed="Hello.\nAsync hello.\n",
        seen=[
            replace(chat("gemma3", user("Hello")), what=f"POST {LOCAL}{CHAT}", headers={"x-api-key": "secret"}),
            replace(generate("gemma3", "Test"), what="POST https://example.com:8080/ollama/api/generate"),
            replace(chat("gemma3", user("Async hello")), what=f"POST {LOCAL}{CHAT}"),
        ],
    ),
    "ex18_async_client": Expected(
        answers=[
            (CHAT, "Scattered light."),
            (CHAT, ["Once ", "upon ", "a time.\n"]),
            (GENERATE, generated_whole("Tasks take turns.")),
            (EMBED, embedded([0.5, -0.5, 0.25, 0.125, 1, 0])),
        ],
        printed="Scattered light.\nOnce upon a time.\nTasks take turns.\n[0.5, -0.5, 0.25, 0.125, 1.0]\n",
        seen=[
            chat("gemma3", user("Why is the sky blue?")),
            chat("gemma3", user("Tell me a story"), stream=True),
            generate("gemma3", "Explain async programming"),
            post(EMBED, model="llama3.2", input="Async embeddings"),
        ],
    ),
    "ex20_model_management": Expected(
        answers=[
            ("/api/tags", json_reply({"models": [{**LISTED, "size": 3 * GIGABYTE, "modified_at": WHEN}]})),
            ("/api/pull", lines({"status": "pulling manifest"}, LAYER, {**LAYER, "completed": 4096}, DONE)),
            ("/api/show", json_reply(SHOWN)),
            ("/api/ps", json_reply({"models": [{**LISTED, "size_vram": 2 * GIGABYTE, "expires_at": WHEN}]})),
            ("/api/copy", NO_CONTENT),
            ("/api/create", lines({"status": "using existing layer sha256:aeda"}, DONE)),
            ("/api/delete", NO_CONTENT),
            ("/api/push", lines({"status": "retrieving manifest"}, {**LAYER, "completed": 17}, DONE)),
        ],
        printed=(
            "gemma3:latest - 3000000000 - 2026-11-22 15:00:12.753348+00:00\n"
            "pulling manifest: None/None\npulling aeda25e63ebd: None/4096\npulling aeda25e63ebd: 4096/4096\n"
            "success: None/None\n"
            'Template: {{ .Prompt }}\nParameters: stop  "<end_of_turn>"\ntop_k  64\n'
            "Capabilities: ['completion', 'vision']\n"
            "gemma3:latest - 2000000000\n"
            "success\n"
            "using existing layer sha256:aeda\nsuccess\n"
            "success\n"
            "retrieving manifest: None/None\npulling aeda25e63ebd: 17/4096\nsuccess: None/None\n"
        ),
        seen=[
            Seen("GET /api/tags"),
            post("/api/pull", model="gemma3", insecure=False, stream=True),
            post("/api/show", model="gemma3"),
            Seen("GET /api/ps"),
            post("/api/copy", source="gemma3", destination="my-gemma3"),
            Seen(
                "POST /api/create",
                {
                    "model": "my-model",
                    "from": "gemma3",
                    "system": "You are Mario from Super Mario Bros.",
                    "stream": True,
                },
            ),
            Seen("DELETE /api/delete", {"model": "my-model"}),
            post("/api/push", model="user/model", insecure=False, stream=True),
        ],
    ),
    "ex21_error_handling": Expected(
        prepare=vanish_after_pull,
        before=WAITING_TERMINAL,
        cues={"Make sure Ollama is running": return_again},
        answers=[
            (CHAT, lambda _body: None),
            (CHAT, Reply([line("Ho"), line("la\n"), b'{"error":"the runner stumbled"}\n'])),
        ],
        printed=MISHAPS.format(
            f"{CONNECTION_ERROR_MESSAGE} (no connection to http://127.0.0.1:11434: [Errno 111] Connection refused)"
        ),
        printed_by_published=MISHAPS.format(CONNECTION_ERROR_MESSAGE),
        seen=[
            chat("nonexistent-model", user("test")),
            post("/api/pull", model="nonexistent-model", insecure=False, stream=False),
            chat("gemma3", user("test"), stream=True),
        ],
    ),
    "ex22_options_configuration": Expected(
        answers=[(CHAT, "Blue!"), (CHAT, "Blue."), (CHAT, ['{"name": "Ana", ', '"age": 30}'])],
        printed="{'name': 'Ana', 'age': 30}\n",
        seen=[
            chat(
                "gemma3",
                user("Be creative"),
                options={
                    "temperature": 0.9,
                    "top_p": 0.95,
                    "top_k": 50,
                    "num_predict": 200,
                    "seed": 42,
                    "num_ctx": 4096,
                    "repeat_penalty": 1.1,
                },
            ),
            chat(
                "llama3.1",
                user("Be precise"),
                options={"temperature": 0.3, "num_predict": 500, "num_ctx": 8192, "seed": 123},
            ),
            chat(
                "llama3.1",
                user("Return a JSON object with name and age"),
                format="json",
                options={"temperature": 0},
            ),
        ],
    ),
}
