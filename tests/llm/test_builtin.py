"""The built-in engine as the house runs it: real children with tiny weights."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.cast import Cast
from tests.engine.tiny_gguf import Shape, write_tiny_gguf
from tests.patience import until
from tutor.engine import fitness
from tutor.engine.weights import catalogue
from tutor.engine.weights.checksums import reads_right
from tutor.llm import engine_status, machine
from tutor.llm.builtin import BuiltIn
from tutor.llm.engine_status import EngineState, EngineStatus, ModelFacts
from tutor.llm.hosts import addresses
from tutor.ollama import AsyncClient

BETTER, PLAIN = "better:1b", "plain:1b"
Put = Callable[[str], None]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Weights of two models; the plain one never stops talking."""
    folder = tmp_path_factory.mktemp("whole")
    plain = write_tiny_gguf(folder / "p.gguf", script=(" la", " le"), endless=True, shape=Shape(feed_forward=4096))
    return {BETTER: write_tiny_gguf(folder / "b.gguf").read_bytes(), PLAIN: plain.read_bytes()}


@pytest.fixture
def put(whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Put]:
    """A catalogue of the two, the better one first; ``put`` makes a fetch of one have ended."""
    rows = [_row(name, body) for name, body in whole.items()]
    pins = tmp_path / "pins.json"
    pins.write_text(json.dumps({"models": rows}))
    monkeypatch.setattr(catalogue, "PINS", pins)
    catalogue.models.cache_clear()

    def put(name: str) -> None:
        model = catalogue.model_named(name)
        assert model is not None
        model.entry(tmp_path).write_bytes(whole[name])
        assert reads_right(model.files[0], tmp_path)

    yield put
    catalogue.models.cache_clear()


def _row(name: str, body: bytes) -> dict[str, object]:
    facts = {"title": name, "parameter_size": "1B", "quantization": "F32", "licence": "Apache-2.0", "talk": "guided"}
    place = {"repository": "T/T", "revision": "1", "memory_bytes": 1000}
    file = {"name": f"{name.partition(':')[0]}.gguf", "bytes": len(body), "wheels": []}
    return {"name": name, **facts, **place, "files": [file | {"sha256": hashlib.sha256(body).hexdigest()}]}


@pytest.fixture
async def builtin(tmp_path: Path) -> AsyncIterator[BuiltIn]:
    builtin = BuiltIn(tmp_path)
    yield builtin
    await builtin.stop()


async def names(builtin: BuiltIn) -> list[str | None]:
    async with AsyncClient(builtin.base_url, headers=builtin.headers) as client:
        return [model.model for model in (await client.list()).models]


async def test_a_talk_keeps_its_model_when_better_weights_come(put: Put, builtin: BuiltIn) -> None:
    await builtin.ensure()
    assert builtin.problem == "no_weights"
    put(PLAIN)
    await builtin.ensure()
    await until(lambda: builtin.running)
    async with AsyncClient(builtin.base_url, headers=builtin.headers) as client:
        asked = [{"role": "user", "content": "hola"}]
        reply = await client.chat(PLAIN, asked, stream=True, options={"num_predict": 60})
        async with reply:
            chunks = [await anext(reply)]
            put(BETTER)
            await builtin.ensure()
            chunks += [chunk async for chunk in reply]
    assert chunks[-1].done_reason == "length"
    assert await names(builtin) == [PLAIN]
    await builtin.stop()
    await builtin.ensure()
    await until(lambda: builtin.running)
    assert await names(builtin) == [BETTER]


async def test_weights_that_the_memory_does_not_hold_are_passed_over(
    put: Put, builtin: BuiltIn, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plain ones are the bigger file here: only they are too big."""
    put(PLAIN)
    sizes = sorted(machine.needed_bytes(len(body)) for body in whole.values())
    monkeypatch.setattr(fitness, "free_memory_bytes", lambda: sizes[0])
    await builtin.ensure()
    assert (builtin.problem, builtin.base_url) == ("no_memory", "")
    builtin.wanted = PLAIN
    put(BETTER)
    await builtin.ensure()
    await until(lambda: builtin.running)
    assert await names(builtin) == [BETTER]


def test_the_page_says_what_waits_for_the_next_start(
    put: Put, client: Client, cast: Cast, settings: LazySettings, tmp_path: Path
) -> None:
    settings.ENGINE, settings.WEIGHTS_DIR = "auto", tmp_path
    client.force_login(cast.ada)
    own = next(one for one in addresses() if one.kind == "builtin")
    facts = (ModelFacts(PLAIN),)
    state = EngineState(own.pk, own.public_id, "builtin", "http://127.0.0.1:9", 2, answers=True, models=facts)
    engine_status.publish(EngineStatus((state,)))
    try:
        put(PLAIN)
        assert "on disk" not in client.get("/console/").content.decode()
        put(BETTER)
        assert "on disk, talks from Polyglott’s next start" in client.get("/console/").content.decode()
    finally:
        engine_status.publish(EngineStatus())
