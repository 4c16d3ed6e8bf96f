"""A growing reply in front of those who follow its conversation: each change is made, and then told."""

from tutor.conversations.store import ReplyInput
from tutor.live import timing
from tutor.live.calls import OpenState
from tutor.live.growing_reply import GrowingReply
from tutor.live.hub import Hub


class ShownReply:
    """``sofar``, the words of earlier runs, stay in front of all that comes."""

    def __init__(self, hub: Hub, pk: int, given: ReplyInput) -> None:
        self._hub = hub
        self._sofar = given.sofar
        self.growing = GrowingReply(pk, given.reply, given.turn, given.conversation, given.epoch)
        self.growing.append(given.sofar)
        hub.hold(self.growing)

    @property
    def is_full(self) -> bool:
        return self.growing.characters >= timing.REPLY_CHARACTERS

    def grow(self, text: str) -> None:
        text = text[: timing.REPLY_CHARACTERS - self.growing.characters]
        if not text:
            return
        if self.growing.prompt_evaluation or self.growing.state != "running":
            self.be("running")
        self.growing.append(text)
        self._tell("reply")

    def begin_anew(self, text: str = "") -> None:
        """What came is void; a new epoch says so."""
        self.growing.begin_anew((self._sofar + text)[: timing.REPLY_CHARACTERS])
        self._tell("reply")

    def be(
        self,
        state: OpenState,
        *,
        prompt_evaluation: bool = False,
        position: int | None = None,
        seconds: int | None = None,
    ) -> None:
        growing = self.growing
        growing.state, growing.prompt_evaluation = state, prompt_evaluation
        growing.position, growing.seconds = position, seconds
        self._tell("state")

    def end(self, state: str, code: str) -> None:
        """Say how it is over; once that is stored, or that it cannot be yet."""
        self.growing.state, self.growing.error = state, code
        self._tell("reply")

    def let_go(self) -> None:
        """It is stored: from now on it is told from there."""
        self._hub.let_go(self.growing)

    def tell_of_model(self) -> None:
        """Another model answers than the conversation's."""
        self._hub.tell(self.growing.conversation, "conversation", self.growing.conversation)

    def _tell(self, kind: str) -> None:
        self._hub.tell(self.growing.conversation, kind, self.growing.reply)
