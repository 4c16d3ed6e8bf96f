"""A reply while it grows: its text in memory, and where each piece of it ended."""

from dataclasses import dataclass, field
from uuid import UUID

from tutor.conversations.provenance import OPEN_STATES, Counts
from tutor.conversations.store import Ending


@dataclass
class GrowingReply:
    """``seq`` counts pieces from 1 within the epoch; a continued reply begins with its text so far as piece 1.

    An epoch ends when somebody says "continue", and when words that were shown turn out not to be the tutor's.
    """

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
    # How it ended, from then on until that is stored.
    ending: Ending | None = None
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

    def begin_anew(self, text: str) -> None:
        """The next epoch, in which this is piece 1: what stood there is void."""
        self.epoch += 1
        self.saved_seq = 0
        self._pieces, self._characters = [], 0
        self.append(text)

    def after(self, seq: int) -> str:
        """The text of the pieces after ``seq``."""
        return "".join(self._pieces[seq:])

    def end(self, state: str, code: str, counts: Counts | None = None, detail: str = "") -> Ending:
        """Its last word, with all that came."""
        content = {"seq": self.seq, "text": self.text, "thinking": self.thinking}
        self.ending = Ending(state, self.epoch, code, counts, content, detail)
        return self.ending
