"""The native library behind its one module, each time in a process of its own: it may hang, holding all locks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MANY = 30
TALKS, TURNS = 5, 4

LOAD_AND_FREE = f"""
import os, sys
from pathlib import Path
from tutor.engine.llama import Capacity, LlamaModel
for _ in range({MANY}):
    LlamaModel([Path(sys.argv[1])], Capacity(slots=2, context=512, threads=1))
os._exit(0)
"""

TAKE_TURNS = f"""
import json, os, sys
from pathlib import Path
from tutor.engine.llama import Capacity, LlamaModel
model = LlamaModel([Path(sys.argv[1])], Capacity(slots=2, context=2048, threads=1))
talks = [[{{"role": "system", "content": "hola " * 100}}] for _ in range({TALKS})]
read = []
for turn in range({TURNS}):
    for number, talk in enumerate(talks):
        talk.append({{"role": "user", "content": f"{{number}} " + "hola " * 20}})
        chunks = []
        model.run({{"messages": talk, "max_tokens": 1, "stream": True}}, lambda chunk: chunks.append(chunk))
        timings = chunks[-1]["timings"]
        read.append([turn, timings["cache_n"], timings["prompt_n"]])
        talk.append({{"role": "assistant", "content": "hola"}})
print(json.dumps(read), flush=True)
os._exit(0)
"""


def run_alone(program: str, *arguments: str, before: tuple[str, ...] = ()) -> str:
    command = [*before, sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=55)
    return done.stdout.decode()


def test_a_model_may_go_before_its_loop_has_begun(tiny_gguf: Path) -> None:
    """On one core the thread of the loop loses the race."""
    only = ("taskset", "-c", str(min(os.sched_getaffinity(0)))) if sys.platform == "linux" else ()
    run_alone(LOAD_AND_FREE, str(tiny_gguf), before=only)


def test_talks_that_share_their_beginning_keep_their_words(tiny_gguf: Path) -> None:
    """More talks than slots, in turn: each reads the words of its own turn, and nothing a second time."""
    read: list[tuple[int, int, int]] = [tuple(row) for row in json.loads(run_alone(TAKE_TURNS, str(tiny_gguf)))]
    whole = [(known + new, new) for turn, known, new in read if turn == TURNS - 1]
    assert all(new < total / 3 for total, new in whole), read
    assert max(new for turn, _, new in read if turn >= 2) <= min(new for turn, _, new in read if turn == 1) + 10, read
