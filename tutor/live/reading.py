"""What a model sends for a reply, taken in: its words by way of the dialogue's reader, thinking aside.

One reading lasts for all tries of one run. A try that is worth nothing (in the wrong language, or only thought) ends
with :class:`~tutor.live.calls.AskAgain`, once for each reason.
"""

from collections.abc import Sequence

from tutor.conversations.store import ReplyInput
from tutor.dialogue import Dialogue, Flaw, Output, Reader, Unreadable
from tutor.live import timing
from tutor.live.calls import AskAgain
from tutor.live.outcomes import CallEnded
from tutor.live.shown_reply import ShownReply
from tutor.ollama import ChatResponse


class Reading:
    """``insists``: the first try was in the wrong language. ``may_think``: it thinks whatever it is told."""

    def __init__(self, dialogue: Dialogue, given: ReplyInput, shown: ShownReply) -> None:
        self._dialogue = dialogue
        self._given = given
        self._shown = shown
        self._taken_characters = 0
        self._is_finished = False
        self.flaw: Flaw = ""
        self.insists = False
        self.may_think = False

    def begin(self) -> None:
        """A try begins."""
        given = self._given
        last_try = self.insists or bool(given.sofar)
        self._reader: Reader = self._dialogue.reader(given.talk, given.sofar, last_try=last_try)
        self._is_finished = False

    def take(self, chunks: Sequence[ChatResponse]) -> bool:
        """True: that is enough. Raises AskAgain, CallEnded, Unreadable."""
        content = "".join([chunk.message.content or "" for chunk in chunks])
        thinking = "".join([chunk.message.thinking or "" for chunk in chunks])
        self._shown.growing.thinking += thinking[: timing.CHUNK_CHARACTERS - self._taken_characters]
        self._taken_characters += len(content) + len(thinking)
        # PostgreSQL keeps no NUL, and no reader misses one.
        self._pass_on(self._reader.feed(content.replace("\x00", "\ufffd")))
        last = chunks[-1]
        if last.done and not self._reader.settled:
            self.finish(last.done_reason or "")
        if self._reader.settled:
            return True
        if self._shown.is_full or self._taken_characters >= timing.CHUNK_CHARACTERS:
            raise CallEnded("too_long")
        return False

    def finish(self, done_reason: str = "") -> None:
        """Nothing more comes. Said again, it is harmless."""
        if self._is_finished:
            return
        self._is_finished = True
        try:
            self._pass_on(self._reader.finish(done_reason))
        except Unreadable:
            if not self._shown.growing.thinking.strip():
                raise
            if done_reason != "length" or self.may_think:
                raise CallEnded("only_thought") from None
            # That took all the room there was.
            self.may_think = True
            self._shown.begin_anew()
            raise AskAgain from None

    def _pass_on(self, output: Output) -> None:
        """Show what is new. Words that are void are taken back by a new epoch; those in the wrong language, and with
        them the whole try, once."""
        self._shown.growing.thinking += output.thinking
        self.flaw = output.flaw or self.flaw
        if output.flaw == "wrong_language" and not self.insists and not self._given.sofar:
            self.insists, self.flaw = True, ""
            self._shown.begin_anew()
            raise AskAgain
        if output.restart:
            self._shown.begin_anew(output.text)
        else:
            self._shown.grow(output.text)
