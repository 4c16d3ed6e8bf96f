"""The native library behind its one module: a model that is let go the moment it is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MANY = 30

LOAD_AND_FREE = f"""
import os, sys
from pathlib import Path
from tutor.engine.llama import Capacity, LoadedModel
for _ in range({MANY}):
    LoadedModel([Path(sys.argv[1])], Capacity(slots=2, context=512, threads=1))
os._exit(0)
"""


def test_a_model_may_go_before_its_loop_has_begun(tiny_gguf: Path) -> None:
    """On one core the thread of the loop loses the race; a process that holds its lock is ended from outside."""
    only = ["taskset", "-c", str(min(os.sched_getaffinity(0)))] if sys.platform == "linux" else []
    command = [*only, sys.executable, "-c", LOAD_AND_FREE, str(tiny_gguf)]
    subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL, timeout=45)
