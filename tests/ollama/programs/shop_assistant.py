"""A shop's assistant: a loop of tools, history as dicts and as messages, and a model that asks for what isn't there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ollama
from ollama import Image, Message, Tool

PRICES = {"apple": 3, "pear": 4}


def price_of(fruit: str, pieces: int) -> str:
    """
    Say what some pieces of a fruit cost.

    Args:
        fruit (str): The fruit, in the singular
        pieces (int): How many

    Returns:
        str: The price
    """
    return f"{PRICES[fruit] * pieces} euros"


def opening_hours() -> str:
    """When the shop is open."""
    return "nine to five"


TOOLS: dict[str, Callable[..., str]] = {"price_of": price_of, "opening_hours": opening_hours}
DELIVERY = {
    "type": "function",
    "function": {
        "name": "deliver",
        "description": "Deliver fruit",
        "parameters": {
            "type": "object",
            "properties": {"where": {"type": "string", "enum": ["home", "office"]}},
            "required": ["where"],
        },
    },
}
STOCK = Tool(
    type="function",
    function=Tool.Function(
        name="stock",
        description="How much is left",
        parameters=Tool.Function.Parameters(
            type="object",
            properties={"fruit": Tool.Function.Parameters.Property(type="string", description="The fruit")},
            required=["fruit"],
        ),
    ),
)
EARLIER = [
    Message(role="user", content="Is this an apple?", images=[Image(value=b"a picture")]),
    Message(
        role="assistant",
        tool_calls=[Message.ToolCall(function=Message.ToolCall.Function(name="stock", arguments={"fruit": "apple"}))],
    ),
    {"role": "tool", "content": "9", "tool_name": "stock"},
]


def run_tool(name: str, arguments: dict[str, Any]) -> str:
    if name not in TOOLS:
        return f"there is no {name}"
    try:
        return TOOLS[name](**arguments)
    except (KeyError, TypeError) as error:
        return f"failed: {type(error).__name__}"


def converse(question: str) -> str:
    messages: list[Any] = [*EARLIER, {"role": "user", "content": question}]
    while True:
        response = ollama.chat("qwen3", messages, tools=[price_of, opening_hours, DELIVERY, STOCK])
        message = response["message"]
        messages.append(message)
        if not message.tool_calls:
            return f"{message['content']} ({len(messages)} messages)"
        for call in message.tool_calls:
            name, arguments = call.function.name, dict(call["function"]["arguments"])
            result = run_tool(name, arguments)
            print(name, json.dumps(arguments, sort_keys=True), "->", result)
            messages.append({"role": "tool", "content": result, "tool_name": name})


print(converse("What are four apples?"))
print(converse("Bring me a plum."))
print("That was all.")
