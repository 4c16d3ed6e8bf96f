"""The examples of the first document: a tutor's conversations."""

from __future__ import annotations

from dataclasses import replace

from tests.ollama.expectations.expected import Expected, assistant, chat, system, user

MODEL = "qwen2.5:7b"
CHAT = "/api/chat"
PATIENT = system("You are a patient language tutor.")
SETTINGS = {"temperature": 0.7, "top_p": 0.9, "num_predict": 256}

EXPECTED = {
    "ex01_basic_chat": Expected(
        answers=[(CHAT, "Blue light is scattered most.")],
        printed="Blue light is scattered most.\nBlue light is scattered most.\n",
        seen=[chat(MODEL, user("Why is the sky blue?"))],
    ),
    "ex02_streaming_responses": Expected(
        answers=[(CHAT, ["Once upon", " a time\n", "érase una vez", "."])],
        printed="Once upon a time\nérase una vez.",
        seen=[chat(MODEL, user("Tell me a story"), stream=True)],
    ),
    "ex03_system_prompt": Expected(
        answers=[(CHAT, "¡Hola!")],
        after="print(response.message.content)",
        printed="¡Hola!\n",
        seen=[
            chat(
                MODEL,
                system("You are a friendly language tutor for children."),
                user("How do I say hello in Spanish?"),
            )
        ],
    ),
    "ex04_conversation_history": Expected(
        answers=[(CHAT, "¡Hola! ¿Qué tal?"), (CHAT, "Me alegro.")],
        after="print(send_message('Hola'))\nprint(send_message('Bien'))\nprint([m['role'] for m in messages])",
        printed="¡Hola! ¿Qué tal?\nMe alegro.\n['system', 'user', 'assistant', 'user', 'assistant']\n",
        seen=[
            chat(MODEL, PATIENT, user("Hola")),
            chat(MODEL, PATIENT, user("Hola"), assistant("¡Hola! ¿Qué tal?"), user("Bien")),
        ],
    ),
    "ex05_client_with_headers": Expected(
        answers=[(CHAT, "Hello.")],
        after="print(response.message.content)",
        printed="Hello.\n",
        seen=[
            replace(
                chat(MODEL, user("Hello!")),
                what="POST http://localhost:11434/api/chat",
                headers={"x-custom-header": "value"},
            )
        ],
    ),
    "ex06_async_operations": Expected(
        answers=[(CHAT, "Hello.")],
        after="print(result)",
        printed="Hello.\n",
        seen=[chat(MODEL, user("Hello!"))],
    ),
    "ex07_generation_options": Expected(
        answers=[(CHAT, "Hi.")],
        after="print(response.message.content)",
        printed="Hi.\n",
        seen=[chat(MODEL, user("Hello"), options={**SETTINGS, "stop": ["\n\n"]})],
    ),
    "ex08_missing_model": Expected(
        printed="Error: model 'nonexistent-model' not found\nModel not found. Run: ollama pull <model>\n",
        seen=[chat("nonexistent-model", user("Are you there?"))],
    ),
    "ex09_tutor_options": Expected(
        answers=[(CHAT, "Muy bien.")],
        after=(
            "from tutor.ollama import Options, chat\n"
            "print(chat('qwen2.5:7b', [{'role': 'user', 'content': 'Hola'}], options=TUTOR_OPTIONS).message.content)\n"
            "print(Options(**TUTOR_OPTIONS).repeat_penalty)"
        ),
        printed="Muy bien.\n1.1\n",
        seen=[chat(MODEL, user("Hola"), options={**SETTINGS, "repeat_penalty": 1.1})],
    ),
}
