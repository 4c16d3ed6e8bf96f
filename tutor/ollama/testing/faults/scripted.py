"""The lines that come before a fault."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.ollama.testing.replies import Step
from tutor.ollama.testing.wire import last_line, line

PIECES = ("Ho", "la")
MODEL = "qwen2.5:7b"


def content_lines(pieces: Sequence[str], path: str) -> list[Step]:
    """One line for each piece."""
    return [line(piece, path=path) for piece in pieces]


def end(path: str) -> list[Step]:
    """The line that completes a stream."""
    return [last_line(path=path)]
