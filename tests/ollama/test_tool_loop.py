"""The loop between a model that calls tools and the functions behind them, over real connections."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from tests.ollama.tool_examples import broken, broken_later, get_current_weather, own_timeout, stopping
from tutor.ollama import AsyncClient, RequestError, ResponseError
from tutor.ollama.errors import TooManyRounds
from tutor.ollama.testing import Say, ScriptedOllama
from tutor.ollama.testing.received import PATIENCE_S, until
from tutor.ollama.toolbox import ToolResult
from tutor.ollama.types import ToolCall

MODEL = "qwen2.5:7b"
ASK: list[dict[str, Any]] = [{"role": "user", "content": "weather in Toronto?"}]
BY_HAND = {"type": "function", "function": {"name": "by_hand", "description": "d"}}


def calling(name: str, call_id: str | None = None, **arguments: Any) -> dict[str, Any]:
    call: dict[str, Any] = {"function": {"index": 0, "name": name, "arguments": arguments}}
    return call if call_id is None else {"id": call_id, **call}


def script(server: ScriptedOllama, *steps: str | list[dict[str, Any]]) -> None:
    """One reply a step: a text, or calls of tools."""
    for step in steps:
        server.script(Say([step]) if isinstance(step, str) else Say([], tool_calls=step), once=True)


async def test_what_is_called_is_run_until_the_model_answers(server: ScriptedOllama, client: AsyncClient) -> None:
    asked = list(ASK)
    script(server, [calling("get_current_weather", city="Toronto")], [calling("count", steps="3")], "It is sunny.")
    heard: list[str] = []

    async def count(steps: int) -> dict[str, int]:
        await asyncio.sleep(0)
        return {"steps": steps + 1}

    run = await client.run_tools(
        MODEL, asked, [get_current_weather, count], on_call=lambda call: heard.append(call.function.name)
    )
    assert run.response.message.content == "It is sunny."
    assert run.rounds == 3
    assert run.pending == []
    assert run.calls == [
        ToolResult("get_current_weather", {"city": "Toronto"}, "11 degrees in Toronto, sunny"),
        ToolResult("count", {"steps": "3"}, '{"steps":4}'),
    ]
    assert heard == ["get_current_weather", "count"]
    assert asked == ASK
    sent = server.chats[-1].body
    assert [message["role"] for message in sent["messages"]] == ["user", "assistant", "tool", "assistant", "tool"]
    assert sent["messages"][4] == {"role": "tool", "content": '{"steps":4}', "tool_name": "count"}
    assert [tool["function"]["name"] for tool in sent["tools"]] == ["get_current_weather", "count"]
    assert len(run.messages) == 6
    assert run.messages[-1] is run.response.message


async def test_a_model_that_calls_nothing_answers_at_once(server: ScriptedOllama, client: AsyncClient) -> None:
    script(server, '```json\n{"name": "get_current_weather", "arguments": {"city": "Toronto"}}\n```')
    run = await client.run_tools(MODEL, ASK, [get_current_weather], max_rounds=1)
    assert (run.rounds, run.calls, len(run.messages)) == (1, [], 2)


async def test_without_messages_there_is_nothing_to_run(server: ScriptedOllama, client: AsyncClient) -> None:
    run = await client.run_tools(MODEL, [], [])
    assert run.response.done_reason == "load"


@pytest.mark.parametrize(
    ("recorded", "call_id"),
    [
        ("chat_tool_calls_parsed", "call_ovjct7w3"),
        ("chat_tool_calls_native", "HzDZe5mn9iv6GVerZR0axgh02I82HHLq"),
    ],
)
async def test_recorded_calls_are_answered_by_their_ids(
    server: ScriptedOllama, client: AsyncClient, recorded: str, call_id: str
) -> None:
    server.replay(recorded, once=True)
    server.replay("chat_tool_result", once=True)
    run = await client.run_tools(MODEL, ASK, [get_current_weather])
    assert [call.call_id for call in run.calls] == [call_id]
    assert server.chats[-1].body["messages"][1:] == [
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [
                {
                    "id": call_id,
                    "function": {"index": 0, "name": "get_current_weather", "arguments": {"city": "Toronto"}},
                }
            ],
        },
        {
            "role": "tool",
            "content": "11 degrees in Toronto, sunny",
            "tool_name": "get_current_weather",
            "tool_call_id": call_id,
        },
    ]
    # The recorded model of 1.5B answers with a call written as text: that is no call.
    assert run.rounds == 2
    assert str(run.response.message.content).startswith('{{"name"')


async def test_calls_of_one_tool_in_one_reply_are_told_apart(server: ScriptedOllama, client: AsyncClient) -> None:
    calls = [calling("get_current_weather", f"call_{city}", city=city) for city in ("Toronto", "Lima")]
    script(server, calls, "Both sunny.")
    await client.run_tools(MODEL, ASK, [get_current_weather])
    results = [m for m in server.chats[-1].body["messages"] if m["role"] == "tool"]
    assert [(m["tool_call_id"], m["content"]) for m in results] == [
        ("call_Toronto", "11 degrees in Toronto, sunny"),
        ("call_Lima", "11 degrees in Lima, sunny"),
    ]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (calling("broken"), "KeyError: 'no such city'"),
        (calling("stopping"), "RuntimeError: the function raised StopIteration"),
        (calling("own_timeout"), "TimeoutError: the sensor is slow"),
        (calling("broken_later"), "ValueError: later"),
        (calling("rain"), "there is no tool called rain; there are: broken, stopping, own_timeout, broken_later"),
        (calling("broken", town="Lima"), "broken has no argument called town; it takes no arguments"),
    ],
)
async def test_what_goes_wrong_is_told_to_the_model(
    server: ScriptedOllama, client: AsyncClient, call: dict[str, Any], text: str
) -> None:
    script(server, [call], "I see.")
    run = await client.run_tools(MODEL, ASK, [broken, stopping, own_timeout, broken_later])
    assert server.chats[-1].body["messages"][-1]["content"] == text
    assert [(result.text, result.failed) for result in run.calls] == [(text, True)]
    assert run.response.message.content == "I see."


async def test_a_tool_that_takes_too_long_is_left_behind(
    server: ScriptedOllama, client: AsyncClient, released: threading.Event
) -> None:
    cancelled = False

    async def waiting() -> None:
        nonlocal cancelled
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            cancelled = True
            raise

    def blocking() -> None:
        released.wait()

    script(server, [calling("waiting"), calling("blocking")], "Too slow.")
    begun = time.monotonic()
    run = await client.run_tools(MODEL, ASK, [waiting, blocking], tool_timeout_s=0.05)
    assert time.monotonic() - begun < 25
    assert [result.text for result in run.calls] == ["TimeoutError: no result within 0.05 s"] * 2
    await until(lambda: cancelled)


async def test_tools_without_a_function_are_handed_back(server: ScriptedOllama, client: AsyncClient) -> None:
    script(server, [calling("by_hand", "call_1", x=1), calling("get_current_weather", "call_2", city="Lima")])
    run = await client.run_tools(MODEL, ASK, [BY_HAND, get_current_weather], max_rounds=1)
    assert [(call.function.name, call.function.arguments, call.id) for call in run.pending] == [
        ("by_hand", {"x": 1}, "call_1")
    ]
    assert [call.name for call in run.calls] == ["get_current_weather"]
    assert run.messages[-1] == run.calls[0].message()
    # The caller answers, and the talk goes on.
    server.forget()
    script(server, "Thank you.")
    answer = {"role": "tool", "content": "done", "tool_name": "by_hand", "tool_call_id": "call_1"}
    again = await client.run_tools(MODEL, [*run.messages, answer], [BY_HAND, get_current_weather])
    assert [m["role"] for m in server.chats[-1].body["messages"]] == ["user", "assistant", "tool", "tool"]
    assert again.response.message.content == "Thank you."


async def test_a_model_that_only_calls_tools_is_stopped(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(Say([], tool_calls=[calling("get_current_weather", city="Lima")]))
    with pytest.raises(TooManyRounds) as stopped:
        await client.run_tools(MODEL, ASK, [get_current_weather], max_rounds=3)
    assert len(server.chats) == 3
    assert stopped.value.max_rounds == 3
    # The last calls are not run: nobody would read the results.
    assert [m["role"] for m in stopped.value.messages] == ["user", *["assistant", "tool"] * 2, "assistant"]
    with pytest.raises(RequestError, match="max_rounds"):
        await client.run_tools(MODEL, ASK, [], max_rounds=0)


async def test_what_the_chat_and_on_call_raise_passes_through(server: ScriptedOllama, client: AsyncClient) -> None:
    with pytest.raises(ResponseError, match="not found"):
        await client.run_tools("nobody", ASK, [get_current_weather])
    script(server, [calling("broken")])

    def forbid(call: ToolCall) -> None:
        raise PermissionError(call.function.name)

    with pytest.raises(PermissionError, match="broken"):
        await client.run_tools(MODEL, ASK, [broken], on_call=forbid)


async def test_cancelling_the_talk_cancels_the_tool(server: ScriptedOllama, aio: AsyncClient) -> None:
    running, cancelled = asyncio.Event(), asyncio.Event()

    async def waiting() -> None:
        running.set()
        try:
            await asyncio.sleep(30)
        finally:
            cancelled.set()

    script(server, [calling("waiting")])
    task = asyncio.create_task(aio.run_tools(MODEL, ASK, [waiting], tool_timeout_s=None))
    await asyncio.wait_for(running.wait(), PATIENCE_S)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cancelled.is_set()
