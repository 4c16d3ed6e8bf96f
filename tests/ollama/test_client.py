"""What a client waits for, and what it costs."""

from __future__ import annotations

import subprocess
import sys
import time
import timeit

import httpx
import pytest

from tutor.ollama import AsyncClient, Client, Timeouts
from tutor.ollama.timeouts import DEFAULT_TIMEOUTS, Deadlines


def test_timeouts_keep_what_httpx_means() -> None:
    assert Timeouts.of(DEFAULT_TIMEOUTS) is DEFAULT_TIMEOUTS
    assert Timeouts.of(3) == Timeouts(3, 3, 3, 3, None)
    assert Timeouts.of(None) == Timeouts(None, None, None, None, None)
    assert Timeouts.of(httpx.Timeout(9, connect=1)) == Timeouts(1, 9, 9, 9, None)


def test_the_nearest_deadline_counts() -> None:
    now = [0.0]
    deadlines = Deadlines(Timeouts(5, 10, 20, 3, 12), streamed=True, clock=lambda: now[0])
    assert deadlines.next()[:2] == (10, "first")
    deadlines.begun()
    now[0] = 5
    assert deadlines.next()[:2] == (8, "between")
    now[0] = 10
    assert deadlines.next()[:2] == (12, "total")
    assert Deadlines(Timeouts(5, 10, 20, 3, None), streamed=False, clock=lambda: 0.0).next()[:2] == (20, "first")


@pytest.mark.parametrize("kind", [AsyncClient, Client])
def test_a_client_costs_little(kind: type[AsyncClient | Client]) -> None:
    """Of this process's own time; one that reads the certificates anew each time costs more."""
    kind()
    batches_s = timeit.repeat(kind, time.process_time, repeat=4, number=5)
    assert min(batches_s) / 5 < 0.02


def test_import_reads_nothing_and_pulls_in_no_framework() -> None:
    code = (
        "import os, sys; os.environ['OLLAMA_HOST'] = 'localhost:99999'; import tutor.ollama; "
        "bad = {'django', 'channels', 'asgiref', 'tutor.ollama.testing'} & set(sys.modules); sys.exit(bool(bad))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=50).returncode == 0
