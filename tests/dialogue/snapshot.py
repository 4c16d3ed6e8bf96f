"""Prompts and requests as text files that a teacher could read.

`POLYGLOTT_WRITE_SNAPSHOTS=1 pytest tests/dialogue` writes them anew; the change is then read and committed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from tutor.dialogue.types import ModelRequest

FOLDER = Path(__file__).parent / "snapshots"


def written(request: ModelRequest) -> str:
    """A request as a page: the messages in turn, then what the model is bound to."""
    parts = [f"prompt version: {request.prompt_version}"]
    parts += [f"--- {message['role']}\n{message['content']}" for message in request.messages]
    parts.append("--- format\n" + json.dumps(request.format, ensure_ascii=False, indent=2))
    parts.append("--- options\n" + json.dumps(dict(request.options), indent=2, sort_keys=True))
    return "\n\n".join(parts) + "\n"


def assert_matches(name: str, text: str) -> None:
    path = FOLDER / f"{name}.txt"
    if os.environ.get("POLYGLOTT_WRITE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
