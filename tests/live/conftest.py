"""One house with one scripted engine for all tests of the talk, and what must hold after each of them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.live.house import House, running
from tutor.ollama.testing import Model, ScriptedOllama
from tutor.ollama.testing.received import until_blocking

# Thirty-three times as fast: first word within 5.4 s, silence between words at most 0.9 s, a reply at most 18 s.
TIME_SCALE = "0.03"
# Whatever a test lets people and models say carries one of these; the log must not.
CANARIES = ("zanahoria", "mandarina")


@pytest.fixture(scope="session")
def engine() -> Iterator[ScriptedOllama]:
    with ScriptedOllama.in_thread() as server:
        yield server


@pytest.fixture(scope="session")
def one_house(engine: ScriptedOllama) -> Iterator[House]:
    environment = {"POLYGLOTT_TIME_SCALE": TIME_SCALE, "POLYGLOTT_UNDO_S": "2", "POLYGLOTT_PROBE_EVERY_S": "0.5"}
    with running(engine.base_url, **environment) as house:
        yield house


@pytest.fixture
def ollama(engine: ScriptedOllama) -> Iterator[ScriptedOllama]:
    """The engine without any script, listening, with the one model it has."""
    yield engine
    if engine._server is None:
        engine.call(engine.start())
    engine.forget()
    engine.models[:] = [Model("qwen2.5:7b")]


@pytest.fixture
def house(one_house: House, ollama: ScriptedOllama) -> Iterator[House]:
    """The house, in order afterwards: no reply open, nothing asked of the engine any more, no words in the log."""
    read = len(one_house.logged())
    yield one_house
    until_blocking(lambda: one_house.open_replies() == 0, 10)
    until_blocking(lambda: all(asked.over for asked in ollama.chats), 5)
    logged = one_house.logged()
    assert not [canary for canary in CANARIES if canary in logged.lower()]
    assert "Traceback" not in logged[read:], logged[read:]
    # Nobody's hour of messages is used up by an earlier test.
    for table in ("turn", "reply"):
        one_house.write(f"update conversations_{table} set created = datetime(created, '-2 hours')")  # noqa: S608


def wait_for_engine(house: House, words: str, since: int = 0, timeout_s: float = 10.0) -> None:
    """Until the newest line about the engines says so."""
    deadline = time.monotonic() + timeout_s
    while True:
        lines = [line for line in house.logged()[since:].splitlines() if "engines:" in line]
        if lines and words in lines[-1]:
            return
        assert time.monotonic() < deadline, lines
        time.sleep(0.05)
