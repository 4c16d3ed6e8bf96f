"""An engine process for the tests of this folder, and raw requests to it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.engine.raw_http import Target
from tests.engine.tiny_gguf import Shape, write_tiny_gguf
from tutor.engine.child import EngineChild

READY_S = 45.0
# No measure: what should happen at once may take its time on a busy machine.
PATIENCE_S = 30.0
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def tiny_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that says "¡Hola Tom! ¿Cómo estás hoy?" and stops."""
    return write_tiny_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture(scope="session")
def endless_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that never stops talking, and reads so slowly that a long prompt takes many seconds."""
    shape = Shape(layers=2, feed_forward=16384)
    path = tmp_path_factory.mktemp("gguf") / "endless.gguf"
    return write_tiny_gguf(path, script=(" la", " le", " li"), endless=True, shape=shape)


async def ready(child: EngineChild) -> Target:
    """Where a child answers, once it does."""
    assert await child.wait_ready(READY_S), child.reason
    return Target(child.base_url, child.headers)


@pytest.fixture(scope="session")
def engine(tiny_gguf: Path) -> Iterator[Target]:
    """An engine for all tests that leave it as they found it, started by hand as `EngineChild` does it."""
    token = "a-token-for-tests"
    command = [sys.executable, "-m", "tutor.engine", "--model", str(tiny_gguf), "--name", "tiny"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT, text=True, bufsize=1) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"token": token}) + "\n")
        told = json.loads(process.stdout.readline())
        yield Target(f"http://127.0.0.1:{told['port']}", {"authorization": f"Bearer {token}"})
        process.stdin.close()


@pytest.fixture
async def child(tiny_gguf: Path) -> AsyncIterator[EngineChild]:
    child = EngineChild(tiny_gguf, "tiny", first_pause_s=0.05)
    await child.start()
    yield child
    await child.stop()


@pytest.fixture
async def own_engine(child: EngineChild) -> Target:
    return await ready(child)


@pytest.fixture
async def slow_child(endless_gguf: Path) -> AsyncIterator[EngineChild]:
    child = EngineChild(endless_gguf, "endless", queue=1)
    await child.start()
    yield child
    await child.stop()


@pytest.fixture
async def slow(slow_child: EngineChild) -> Target:
    return await ready(slow_child)
