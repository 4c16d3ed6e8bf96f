#!/usr/bin/env python3
"""Write the synchronous twin of the Ollama client from the asynchronous one, or check that it is still its image.

tools/generate_sync_client.py          write tutor/ollama/sync/*.py from the files of tutor/ollama/aio listed here
tools/generate_sync_client.py --check  write nothing; fails if one of them is not what would be written

What differs by more than words (waiting on sockets, files and functions) is written by hand on both sides under the
same names, so that the twins can import it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "tutor" / "ollama" / "aio"
TARGET = ROOT / "tutor" / "ollama" / "sync"
TWINS = ("base", "chat", "client", "embeddings", "models", "streams", "systemone", "tool_loop", "web")

HEADER = "# Written by tools/generate_sync_client.py from aio/{name}.py. Change that one.\n"
WORDS = {
    r"asyncio programs": "programs without an event loop",
    r"\basync (def|with|for)\b": r"\1",
    r"\bawait ": "",
    r"\bAwaitable\[(\w+)\]": r"\1",
    r"\bAsync(Base|Client|Iterable|Iterator|Chat|Embeddings|Models|SystemOne|Web|\w+Stream)\b": r"\1",
    r"\b__a(enter|exit|iter|next)__\b": r"__\1__",
    r"\bStopAsyncIteration\b": "StopIteration",
    r"\baclose\b": "close",
    r"\basyncio\b": "threading",
    r"\btutor\.ollama\.aio\b": "tutor.ollama.sync",
    r"another task of the same loop": "another thread",
    r"another task": "another thread",
    r"usable from several event loops": "usable from several threads",
}


def twin(name: str) -> str:
    """The synchronous text of one file."""
    text = re.sub(r"\A(#.*\n)+", "", (SOURCE / f"{name}.py").read_text())
    for pattern, replacement in WORDS.items():
        text = re.sub(pattern, replacement, text)
    path = TARGET / f"{name}.py"
    # Names sort differently without their prefix, and some imports have become one.
    text = ruff(HEADER.format(name=name) + text, "check", "--fix", "--select", "I,F401", "--quiet", path=path)
    return ruff(text, "format", path=path)


def ruff(text: str, *command: str, path: Path) -> str:
    run = [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(path), "-"]
    return subprocess.run(run, cwd=ROOT, input=text, text=True, capture_output=True, check=True).stdout


def main() -> int:
    wrong = []
    for name in TWINS:
        path, text = TARGET / f"{name}.py", twin(name)
        if not path.exists() or path.read_text() != text:
            wrong.append(path.name)
            if "--check" not in sys.argv:
                path.write_text(text)
    if wrong and "--check" in sys.argv:
        print(f"Not the image of aio: {', '.join(wrong)}. Run: {Path(__file__).relative_to(ROOT)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
