"""Whoever asks how the engines are gets what is true now, not what a question from before still brings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.patience import PATIENCE_S, until
from tutor.database import close_database_threads
from tutor.llm import engine_status
from tutor.llm.engines import Engines
from tutor.llm.models import Host
from tutor.ollama import Timeouts
from tutor.ollama.testing import Model, Reply, ScriptedOllama
from tutor.ollama.testing.replies import JSON, Step


@pytest.mark.django_db(transaction=True)
async def test_a_question_that_is_on_its_way_is_no_answer() -> None:
    before, gate = engine_status.engine_status(), asyncio.Event()

    def held() -> Iterator[Step]:
        while not gate.is_set():
            yield 0.01
        yield b'{"models": []}'

    async with ScriptedOllama(models=[Model("old:7b")]) as ollama:
        ollama.script(Reply(held, headers={"Content-Type": JSON}), path="/api/ps", once=True)
        await Host.objects.acreate(kind=Host.Kind.OLLAMA, base_url=ollama.base_url)
        engines = Engines(None, every_s=600, timeouts=Timeouts(), line_bytes=1_000_000)
        await engines.start()
        await until(lambda: any(asked.over for asked in ollama.requests if asked.path == "/api/tags"))
        ollama.models[:] = [Model("new:7b")]
        asking = asyncio.create_task(engines.probe_now())
        await asyncio.sleep(0)
        gate.set()
        async with asyncio.timeout(PATIENCE_S):
            await asking
        found = [facts.name for engine in engine_status.engine_status().engines for facts in engine.models]
        await engines.stop()
    await close_database_threads()
    engine_status.publish(before)
    assert found == ["new:7b"]
