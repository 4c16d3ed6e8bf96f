"""Queue, slots, and clients that leave: while they wait, while their prompt is read, while their reply is written."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.engine.conftest import ready
from tests.engine.raw_http import (
    Target,
    chat,
    connection,
    exchange,
    read_response,
    request_bytes,
    seconds_of,
    to_json,
)
from tutor.engine.child import EngineChild

SLOT_FREE_S = 3.0
LONG = "ab " * 1200
QUICK = {"num_predict": 1}


async def hold(target: Target, count: int, text: str = "hola") -> list[asyncio.StreamWriter]:
    """Begin `count` endless replies, and keep their connections."""
    held = []
    for _ in range(count):
        _, writer = await asyncio.open_connection("127.0.0.1", target.port)
        writer.write(request_bytes(target, "POST", "/api/chat", to_json(chat("endless", text))))
        held.append(writer)
    await asyncio.sleep(0.5)
    return held


async def let_go(held: list[asyncio.StreamWriter]) -> None:
    for writer in held:
        writer.close()
    await asyncio.sleep(0.05)


async def test_a_full_queue_is_busy_at_once(slow: Target) -> None:
    held = await hold(slow, 3)  # two slots, one place to wait
    spent_s, answer = await seconds_of(exchange(slow, "POST", "/api/chat", chat("endless")))
    assert answer.status == 503
    assert answer.json == {"error": "server busy, please try again.  maximum pending requests exceeded"}
    assert spent_s < 0.5
    await let_go(held)


async def test_leaving_while_the_reply_is_written(slow: Target) -> None:
    held = await hold(slow, 2)
    await let_go(held)
    spent_s, answer = await seconds_of(exchange(slow, "POST", "/api/chat", chat("endless", options=QUICK)))
    assert answer.status == 200
    assert spent_s < SLOT_FREE_S


async def test_leaving_while_the_prompt_is_read(slow: Target) -> None:
    whole_s, _ = await seconds_of(exchange(slow, "POST", "/api/chat", chat("endless", "cd " * 1200, options=QUICK)))
    held = await hold(slow, 2, LONG)
    await let_go(held)
    spent_s, answer = await seconds_of(exchange(slow, "POST", "/api/chat", chat("endless", options=QUICK)))
    assert answer.status == 200
    assert spent_s < min(SLOT_FREE_S, whole_s), "the prompt was read to its end for nobody"


async def test_leaving_while_waiting(slow: Target) -> None:
    held = await hold(slow, 3)
    await let_go(held[2:])
    waiting = asyncio.ensure_future(exchange(slow, "POST", "/api/chat", chat("endless", options=QUICK)))
    await asyncio.sleep(0.3)
    assert not waiting.done(), "the place of the one who left was free again"
    await let_go(held[:2])
    assert (await waiting).status == 200


async def test_many_who_leave_lose_no_slot(slow: Target) -> None:
    for _ in range(15):
        held = await hold_briefly(slow)
        await let_go(held)
    answers = await asyncio.gather(
        *(exchange(slow, "POST", "/api/chat", chat("endless", options=QUICK)) for _ in range(3))
    )
    assert {answer.status for answer in answers} == {200}


async def hold_briefly(target: Target) -> list[asyncio.StreamWriter]:
    _, writer = await asyncio.open_connection("127.0.0.1", target.port)
    writer.write(request_bytes(target, "POST", "/api/chat", to_json(chat("endless"))))
    await asyncio.sleep(0.02)
    return [writer]


@pytest.mark.parametrize("keep_alive", [0, "0s"])
async def test_unloaded_at_once_and_loaded_again(own_engine: Target, keep_alive: object) -> None:
    told = await exchange(own_engine, "POST", "/api/chat", {"model": "tiny", "keep_alive": keep_alive})
    assert told.json["done_reason"] == "unload"
    assert (await exchange(own_engine, "GET", "/api/ps")).json == {"models": []}
    again = await exchange(own_engine, "POST", "/api/chat", chat("tiny", stream=False))
    assert again.json["message"]["content"].startswith("¡Hola")
    assert (await exchange(own_engine, "GET", "/api/ps")).json["models"]


async def test_a_model_goes_when_its_time_is_over(own_engine: Target) -> None:
    await exchange(own_engine, "POST", "/api/chat", chat("tiny", stream=False, keep_alive=0.2))
    assert (await exchange(own_engine, "GET", "/api/ps")).json["models"]
    await asyncio.sleep(0.5)
    assert (await exchange(own_engine, "GET", "/api/ps")).json == {"models": []}


async def test_one_connection_for_many_requests(engine: Target) -> None:
    async with connection(engine) as (reader, writer):
        for _ in range(3):
            writer.write(request_bytes(engine, "POST", "/api/chat", to_json(chat("tiny"))))
            assert (await read_response(reader, "POST")).status == 200


async def test_a_file_that_is_gone_when_it_is_wanted_again(tiny_gguf: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(tiny_gguf.read_bytes())
    child = EngineChild(path, "tiny")
    await child.start()
    target = await ready(child)
    await exchange(target, "POST", "/api/chat", {"model": "tiny", "keep_alive": 0})
    path.unlink()
    answer = await exchange(target, "POST", "/api/chat", chat("tiny"))
    assert (answer.status, answer.json) == (500, {"error": "unable to load model: model.gguf"})
    path.write_bytes(tiny_gguf.read_bytes())
    assert (await exchange(target, "POST", "/api/chat", chat("tiny"))).status == 200
    await child.stop()
