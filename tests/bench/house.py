"""A house as tests start it, with many more people in it and a scripted Ollama that stamps its words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.bench.ollama import ROOT, speaking
from tests.live.house import House

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Crowd:
    """A running house, its Ollama, the sessions and conversations of its learners, and two long conversations."""

    house: House
    ollama: str
    learners: list[tuple[str, str]]
    short: str
    long: str

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.house.port}/ws/talk"


@contextmanager
def crowded(learners: int, **environment: str) -> Iterator[Crowd]:
    """``learners`` of them, each with a conversation that nobody has written in yet."""
    with speaking() as ollama:
        house = House(ollama, POLYGLOTT_PROBE_EVERY_S="30", **environment)
        seeded = json.loads(in_house(house, "-m", "tests.bench.seed", str(learners), ollama))
        with house:
            yield Crowd(house, ollama, **seeded)


def in_house(house: House, *arguments: str) -> str:
    """What a command prints that is run on the house's data."""
    environment = {**os.environ, **house.environment}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, timeout=120)
    return done.stdout.decode()


def cpu_s(pid: int) -> float:
    """The processor time that a process has used, all its threads together."""
    with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123 - not a file in any sense that matters
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND
