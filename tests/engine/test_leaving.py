"""Queue, slots, and clients that leave: while they wait, while their prompt is read, while their reply is written."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import PATIENCE_S, ready
from tests.engine.raw_http import (
    Response,
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

QUICK = {"num_predict": 1}
# Two replies at once take a machine with nothing else to do more than thirteen seconds, to their ends.
REPLIES_S = 6.0
BUSY = {"error": "server busy, please try again.  maximum pending requests exceeded"}


async def ask(target: Target, **others: Any) -> Response:
    return await exchange(target, "POST", "/api/chat", chat("endless", **others))


async def asked(target: Target, text: str = "hola") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    writer.write(request_bytes(target, "POST", "/api/chat", to_json(chat("endless", text))))
    return reader, writer


async def hold(target: Target) -> list[asyncio.StreamWriter]:
    """Both slots: endless replies, of which the first words are there. Those who left may be there for a moment."""
    held: list[asyncio.StreamWriter] = []
    async with asyncio.timeout(PATIENCE_S):
        while len(held) < 2:
            reader, writer = await asked(target)
            if b" 503 " in await reader.readuntil(b"\r\n\r\n"):
                await let_go([writer])
                continue
            await reader.readuntil(b'"message"')
            held.append(writer)
    return held


async def let_go(held: list[asyncio.StreamWriter]) -> None:
    for writer in held:
        writer.close()
    await asyncio.sleep(0.05)


async def one_more(target: Target) -> asyncio.Task[Response]:
    """Who waits in the one place for that. Whoever left it may be there for a moment."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            waiting = asyncio.create_task(ask(target, options=QUICK))
            # A refusal takes some milliseconds.
            if not (await asyncio.wait([waiting], timeout=1))[0]:
                return waiting
            assert waiting.result().status == 503


async def test_a_full_queue_is_busy_at_once(slow: Target) -> None:
    held = await hold(slow)
    waiting = await one_more(slow)
    refused = [await seconds_of(ask(slow)) for _ in range(5)]
    assert [(answer.status, answer.json) for _, answer in refused] == [(503, BUSY)] * 5
    assert min(spent_s for spent_s, _ in refused) < 0.5
    await let_go(held)
    assert (await waiting).status == 200


async def test_leaving_while_the_reply_is_written(slow: Target) -> None:
    await let_go(await hold(slow))
    spent_s, answer = await seconds_of(ask(slow, options=QUICK))
    assert answer.status == 200
    assert spent_s < REPLIES_S, "the replies were written to their ends for nobody"


async def test_leaving_while_the_prompt_is_read(slow: Target) -> None:
    """Of two prompts of twelve parts each no more is read than what was begun; on a busy machine, at one of three."""
    part_s, _ = await seconds_of(ask(slow, text="cd " * 100, options=QUICK))
    spent_s = []
    for syllable in ("ab ", "ef ", "gh "):
        held = [(await asked(slow, syllable * 1200))[1] for _ in range(2)]
        await asyncio.sleep(part_s)
        await let_go(held)
        took_s, answer = await seconds_of(ask(slow, options=QUICK))
        assert answer.status == 200
        spent_s.append(took_s)
        if took_s < 12 * part_s:
            break
    assert min(spent_s) < 12 * part_s, "the prompts were read to their ends for nobody"


async def test_leaving_while_waiting(slow: Target) -> None:
    held = await hold(slow)
    leaving = await one_more(slow)
    leaving.cancel()
    await asyncio.wait([leaving])
    waiting = await one_more(slow)
    await let_go(held)
    assert (await waiting).status == 200


async def test_many_who_leave_lose_no_slot(slow: Target) -> None:
    for _ in range(15):
        _, writer = await asked(slow)
        await asyncio.sleep(0.02)
        await let_go([writer])
    held = await hold(slow)
    waiting = await one_more(slow)
    await let_go(held)
    assert (await waiting).status == 200


@pytest.mark.parametrize("keep_alive", [0, "0s"])
async def test_unloaded_at_once_and_loaded_again(own_engine: Target, keep_alive: object) -> None:
    told = await exchange(own_engine, "POST", "/api/chat", {"model": "tiny", "keep_alive": keep_alive})
    assert told.json["done_reason"] == "unload"
    assert (await exchange(own_engine, "GET", "/api/ps")).json == {"models": []}
    again = await exchange(own_engine, "POST", "/api/chat", chat("tiny", stream=False))
    assert again.json["message"]["content"].startswith("¡Hola")
    assert (await exchange(own_engine, "GET", "/api/ps")).json["models"]


async def test_a_model_goes_when_its_time_is_over(own_engine: Target) -> None:
    await exchange(own_engine, "POST", "/api/chat", chat("tiny", stream=False, keep_alive=PATIENCE_S))
    assert (await exchange(own_engine, "GET", "/api/ps")).json["models"]
    await exchange(own_engine, "POST", "/api/chat", chat("tiny", stream=False, keep_alive=0.2))
    async with asyncio.timeout(PATIENCE_S):
        while (await exchange(own_engine, "GET", "/api/ps")).json != {"models": []}:
            await asyncio.sleep(0.05)


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
