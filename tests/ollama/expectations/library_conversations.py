"""The examples of the second document, up to thinking: what a model says, calls, shows and sees."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.ollama.expectations.expected import (
    Expected,
    assistant,
    chat,
    embedded,
    generate,
    generated,
    generated_whole,
    post,
    system,
    user,
)
from tests.ollama.picture import PICTURE
from tutor.ollama.testing import Say

CHAT, GENERATE, EMBED = "/api/chat", "/api/generate", "/api/embed"
QUESTION = user("What is three plus one?")
CALL = {"function": {"name": "add_two_numbers", "arguments": {"a": 3, "b": 1}}}
ANSWERED = {"role": "tool", "content": "4", "tool_name": "add_two_numbers"}
NUMBERS = {
    "a": {"type": "integer", "description": "The first number"},
    "b": {"type": "integer", "description": "The second number"},
}
FRIENDS = [
    {"name": "Ollama", "age": 22, "is_available": False},
    {"name": "Alonso", "age": 23, "is_available": True},
]
TWO_FRIENDS = (
    "I have two friends. The first is Ollama 22 years old busy saving the world, and the second is Alonso 23 years old "
    "and wants to hang out. Return a list of friends in JSON format"
)
FRIEND_SCHEMA = {
    "$defs": {
        "FriendInfo": {
            "properties": {
                "name": {"title": "Name", "type": "string"},
                "age": {"title": "Age", "type": "integer"},
                "is_available": {"title": "Is Available", "type": "boolean"},
            },
            "required": ["name", "age", "is_available"],
            "title": "FriendInfo",
            "type": "object",
        }
    },
    "properties": {"friends": {"items": {"$ref": "#/$defs/FriendInfo"}, "title": "Friends", "type": "array"}},
    "required": ["friends"],
    "title": "FriendList",
    "type": "object",
}
PICTURE_IN_BASE64 = base64.b64encode(PICTURE).decode()


def two_numbers(name: str, description: str) -> dict[str, Any]:
    parameters = {"type": "object", "required": ["a", "b"], "properties": NUMBERS}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


TOOLS = [
    two_numbers("add_two_numbers", "Add two numbers"),
    two_numbers("subtract_two_numbers", "Subtract two numbers"),
]

EXPECTED = {
    "ex10_chat_completion": Expected(
        answers=[(CHAT, "Scattered light."), (CHAT, "Small things."), (CHAT, ["Once ", "upon ", "a time."])],
        printed="Scattered light.\nScattered light.\nSmall things.\nOnce upon a time.",
        seen=[
            chat("gemma3", user("Why is the sky blue?")),
            chat(
                "llama3.1",
                system("You are a helpful assistant."),
                user("Explain quantum computing"),
                options={"temperature": 0.7, "top_p": 0.9},
                keep_alive="5m",
            ),
            chat("gemma3", user("Tell me a story"), stream=True),
        ],
    ),
    "ex11_text_generation": Expected(
        answers=[
            (GENERATE, generated_whole("Scattered light.")),
            (GENERATE, generated_whole("And then?", eval_count=4)),
            (GENERATE, generated("O sea, ", "o mar")),
        ],
        printed="Scattered light.\nAnd then?\nTokens: 4\nDuration: 141200000ns\nO sea, o mar",
        seen=[
            generate("gemma3", "Why is the sky blue?"),
            generate(
                "llama3.1",
                "Continue the story",
                system="You are a creative writer.",
                context=[1, 2, 3],
                options={"temperature": 0.8},
            ),
            generate("gemma3", "Write a poem about the ocean", stream=True),
        ],
    ),
    "ex12_function_calling": Expected(
        answers=[(CHAT, Say([], tool_calls=[{"id": "call_ab12cd34", **CALL}])), (CHAT, "It is four.")],
        printed=("Calling: add_two_numbers\nArguments: {'a': 3, 'b': 1}\nOutput: 4\nFinal: It is four.\n"),
        seen=[
            chat("llama3.1", QUESTION, tools=TOOLS),
            chat("llama3.1", QUESTION, assistant("", tool_calls=[{"id": "call_ab12cd34", **CALL}]), ANSWERED),
        ],
        # It drops the call's id and empty content.
        seen_of_published=[
            chat("llama3.1", QUESTION, tools=TOOLS),
            chat("llama3.1", QUESTION, {"role": "assistant", "tool_calls": [CALL]}, ANSWERED),
        ],
    ),
    "ex13_structured_outputs": Expected(
        answers=[(CHAT, json.dumps({"friends": FRIENDS}, indent=1))],
        printed=(
            "friends=[FriendInfo(name='Ollama', age=22, is_available=False), "
            "FriendInfo(name='Alonso', age=23, is_available=True)]\n"
            "Ollama is 22 and busy\nAlonso is 23 and available\n"
        ),
        seen=[chat("llama3.1:8b", user(TWO_FRIENDS), format=FRIEND_SCHEMA, options={"temperature": 0})],
    ),
    "ex14_embeddings": Expected(
        answers=[
            (EMBED, embedded([0.123, -0.456, 0.789, 0.5, -1, 0.25])),
            (EMBED, embedded([0.1] * 7, [0.2] * 7)),
            (EMBED, embedded([0.001] * 512)),
        ],
        printed=(
            "[0.123, -0.456, 0.789, 0.5, -1.0]\nNumber of embeddings: 2\nEmbedding dimension: 7\n"
            "Reduced dimension: 512\n"
        ),
        seen=[
            post(EMBED, model="llama3.2", input="Hello, world!"),
            post(
                EMBED,
                model="llama3.2",
                input=[
                    "The sky is blue because of rayleigh scattering",
                    "Grass is green because of chlorophyll",
                ],
            ),
            post(EMBED, model="llama3.2", input="Reduce my dimensions", dimensions=512),
        ],
    ),
    "ex15_multimodal_inputs": Expected(
        answers=[(CHAT, "A dot."), (CHAT, "Still a dot."), (CHAT, "The same dot.")],
        printed="A dot.\nStill a dot.\nThe same dot.\n",
        seen=[
            chat("gemma3", user(question, images=[PICTURE_IN_BASE64]))
            for question in ("What is in this image? Be concise.", "Describe this image", "Analyze this image")
        ],
    ),
    "ex16_thinking_mode": Expected(
        answers=[(CHAT, Say(["33"], thinking=["Ten ", "and 23."])), (CHAT, Say(["So."], thinking=["Hm."]))],
        printed="Thinking:\nTen and 23.\n\nResponse:\n33\nHm.\n",
        seen=[
            chat("deepseek-r1", user("What is 10 + 23?"), think=True),
            chat("qwen3", user("Solve this logic puzzle"), think="high"),
        ],
    ),
}
