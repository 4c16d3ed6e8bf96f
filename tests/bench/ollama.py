"""A scripted Ollama as a process of its own: answers "... 240 words" with that many, each stamped as it is written.

"1 words, then 5 s" is followed by silence before the reply ends. Whatever is asked for under a schema (a correction) is
thought about for a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.stamps import stamped
from tutor.ollama.testing import Reply, ScriptedOllama
from tutor.ollama.testing.replies import Step
from tutor.ollama.testing.wire import last_line, line

ROOT = Path(__file__).resolve().parents[2]
RATE = 30.0
PONDERING_S = 60.0


def _speech(body: Any) -> Reply:
    if body.get("format"):
        return Reply(lambda: iter((PONDERING_S, last_line(eval_count=1))))
    said = body["messages"][-1]["content"] if body["messages"] else ""
    wanted = re.search(r"(\d+) words(?:, then (\d+) s)?", said)
    words, silence_s = (int(wanted[1]), float(wanted[2] or 0)) if wanted else (1, 0.0)

    def lines() -> Iterator[Step]:
        for _ in range(words):
            yield line(stamped())
        yield silence_s
        yield last_line(eval_count=words)

    return Reply(lines, paced=True)


async def _serve(rate: float) -> None:
    async with ScriptedOllama(tokens_per_second=rate) as server:
        server.script(_speech)
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


@contextmanager
def speaking(rate: float = RATE) -> Iterator[str]:
    """The address of one that writes ``rate`` words a second."""
    with serving("tests.bench.ollama", "--rate", str(rate)) as (address, _):
        yield address


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[tuple[str, int]]:
    """A module run as a process that prints its address: the address and the process's number."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.kill()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=RATE)
    asyncio.run(_serve(parser.parse_args().rate))
