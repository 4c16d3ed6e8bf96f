"""Replies that grow when a test says so: what must happen in their middle has all the time a busy machine needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tutor.ollama.testing import Reply
from tutor.ollama.testing.replies import Step
from tutor.ollama.testing.wire import last_line, line

_LOOK_AGAIN_S = 0.01


class Prompted:
    """A reply of these pieces. None goes out before it is asked for, and it ends only when it is let go."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self.pieces = tuple(pieces)
        self._released = 0

    @property
    def reply(self) -> Reply:
        """The script; whoever asks for it hears what is released so far and waits for more."""
        return Reply(self._steps)

    @property
    def said(self) -> str:
        """What is released so far."""
        return "".join(self.pieces[: self._released])

    def say(self, pieces: int = 1) -> str:
        """Release so many pieces more; the text so far."""
        self._released = min(self._released + pieces, len(self.pieces))
        return self.said

    def let_go(self) -> None:
        """All that is left, and the end."""
        self._released = len(self.pieces) + 1

    def _steps(self) -> Iterator[Step]:
        for number, piece in enumerate(self.pieces):
            yield from self._wait_for(number + 1)
            yield line(piece)
        yield from self._wait_for(len(self.pieces) + 1)
        yield last_line(eval_count=len(self.pieces))

    def _wait_for(self, released: int) -> Iterator[Step]:
        while self._released < released:
            yield _LOOK_AGAIN_S
