"""One house with one scripted engine for all tests of the talk, and what must hold after each of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.live.house import House, running
from tests.patience import PATIENCE_S, until_blocking
from tutor.ollama.testing import Model, ScriptedOllama

# Twenty times as fast: first word within 9 s, silence between words at most 1.5 s (what a busy machine may take from a
# process), a reply at most 30 s, a full engine 6 s, whoever reads nothing 0.5 s, and each 3 s a look whether
# somebody is still signed in.
TIME_SCALE = "0.05"
# Whatever a test lets people and models say carries one of these; the log must not.
CANARIES = ("zanahoria", "mandarina")


@pytest.fixture(scope="session")
def engine() -> Iterator[ScriptedOllama]:
    with ScriptedOllama.in_thread() as server:
        yield server


@pytest.fixture(scope="session")
def one_house(engine: ScriptedOllama) -> Iterator[House]:
    """In real time: nothing is given up in it because a machine is slow. Where time must run out there are others."""
    with running(engine.base_url, POLYGLOTT_PROBE_EVERY_S="0.5") as house:
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
    with in_order(one_house, ollama):
        yield one_house


@pytest.fixture(scope="session")
def one_hasty_house(engine: ScriptedOllama) -> Iterator[House]:
    with running(engine.base_url, POLYGLOTT_TIME_SCALE=TIME_SCALE) as house:
        house.write("update catalogue_host set parallelism = 5")
        yield house


@pytest.fixture
def hasty_house(one_hasty_house: House, ollama: ScriptedOllama) -> Iterator[House]:
    """In order afterwards as well. Whatever should not run out of time here must not take long."""
    with in_order(one_hasty_house, ollama):
        yield one_hasty_house


@contextmanager
def in_order(house: House, ollama: ScriptedOllama) -> Iterator[None]:
    """Afterwards no reply is open, nothing is asked of the engine any more, no words are in the log."""
    read = len(house.logged())
    yield
    until_blocking(lambda: house.open_replies() == 0)
    until_blocking(lambda: all(asked.over for asked in ollama.chats))
    logged = house.logged()
    assert not [canary for canary in CANARIES if canary in logged.lower()]
    assert "Traceback" not in logged[read:], logged[read:]
    # Nobody's hour of messages is used up by an earlier test.
    for table in ("turn", "reply"):
        house.write(f"update conversations_{table} set created = datetime(created, '-2 hours')")  # noqa: S608


def wait_for_engine(house: House, words: str, since: int = 0) -> None:
    """Until the newest line about the engines says so."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        lines = [line for line in house.logged()[since:].splitlines() if "engines:" in line]
        if lines and words in lines[-1]:
            return
        assert time.monotonic() < deadline, lines
        time.sleep(0.05)
