"""A reply while it grows: its text in memory, and where each piece of it ended."""

from dataclasses import dataclass, field
from uuid import UUID

from tutor.conversations.provenance import OPEN_STATES


@dataclass
class GrowingReply:
    """``seq`` counts pieces from 1 within the epoch; a continued reply begins with its text so far as piece 1."""

    pk: int
    reply: UUID
    turn: UUID
    conversation: UUID
    epoch: int
    state: str = "queued"
    prompt_evaluation: bool = False
    position: int | None = None
    seconds: int | None = None
    error: str = ""
    thinking: str = ""
    saved_seq: int = 0
    _pieces: list[str] = field(default_factory=list)
    _characters: int = 0

    @property
    def seq(self) -> int:
        return len(self._pieces)

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def characters(self) -> int:
        return self._characters

    @property
    def over(self) -> bool:
        return self.state not in OPEN_STATES

    def append(self, piece: str) -> None:
        """One piece more. An empty one is none."""
        if not piece:
            return
        self._pieces.append(piece)
        self._characters += len(piece)

    def after(self, seq: int) -> str:
        """The text of the pieces after ``seq``."""
        return "".join(self._pieces[seq:])
