"""Tools that several tests offer. No postponed annotations here: the published client's side wants real types."""

import asyncio
from collections.abc import Callable
from typing import Any

from ollama._utils import convert_function_to_tool
from pydantic import BaseModel, Field

from tutor.ollama.toolschema import tool_schema


def published(function: Callable[..., Any]) -> dict[str, Any]:
    return convert_function_to_tool(function).model_dump(exclude_none=True)


def parameters(function: Callable[..., Any]) -> dict[str, Any]:
    found: dict[str, Any] = tool_schema(function)["function"]["parameters"]
    return found


def properties(function: Callable[..., Any]) -> dict[str, Any]:
    found: dict[str, Any] = parameters(function)["properties"]
    return found


def add_two_numbers(a: int, b: int) -> int:
    """
    Add two numbers

    Args:
        a (int): The first number
        b (int): The second number

    Returns:
        int: The sum of the two numbers
    """
    return int(a) + int(b)


def subtract_two_numbers(a: int, b: int) -> int:
    """
    Subtract two numbers
    """
    return int(a) - int(b)


def get_current_weather(city: str) -> str:
    """Get the current weather for a city

    Args:
        city: The name of the city
    """
    return f"11 degrees in {city}, sunny"


class Address(BaseModel):
    """Where somebody lives."""

    street: str = Field(description="with the number")
    town: str | None = None


class Opaque:
    pass


def broken() -> str:
    raise KeyError("no such city")


def stopping() -> str:
    raise StopIteration


def own_timeout() -> str:
    raise TimeoutError("the sensor is slow")


async def broken_later() -> str:
    await asyncio.sleep(0)
    raise ValueError("later")
