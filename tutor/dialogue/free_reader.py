"""From what a model sends in free talk to what a learner reads, and to what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tutor.dialogue.echo import EchoFilter
from tutor.dialogue.language_check import base, other_language, wants_own_language
from tutor.dialogue.model_output import ModelOutput
from tutor.dialogue.repetition import RepetitionWatch
from tutor.dialogue.sentences import cut_back
from tutor.dialogue.surrogates import Joiner
from tutor.dialogue.types import Flaw, Output, TalkContext, Unreadable

_LANGUAGE_AFTER_CHARACTERS: Final = 40
_LANGUAGE_UNTIL_CHARACTERS: Final = 400
LENGTH: Final = "length"


class FreeReader:
    """Reads one run of a model. After a continuation with `sofar` it gives only what is new.

    On the `last_try` a reply in the wrong language is read to its end all the same, and then marked.
    """

    def __init__(self, talk: TalkContext, sofar: str = "", *, last_try: bool = False) -> None:
        self._talk = talk
        self._sofar = sofar
        self._last_try = last_try
        self._joiner = Joiner()
        self._echo = EchoFilter(sofar)
        self._output = ModelOutput(sofar)
        self._repetition = RepetitionWatch(sofar)
        self._looked_at = 0
        self._flaw: Flaw = ""

    @property
    def settled(self) -> bool:
        return bool(self._flaw)

    def feed(self, content: str) -> Output:
        """What the next piece adds. With a `flaw` the reply is over: the stream can be left, and adds nothing more."""
        if self.settled:
            return Output()
        return self._noted(self._watched(self._output.feed(self._echo.feed(self._joiner.join(content)))))

    def finish(self, done_reason: str = "") -> Output:
        """What is left at the end, and what is wrong with the whole. Raises Unreadable if no words came."""
        if self.settled:
            return Output(flaw=self._flaw)
        held = self._echo.finish() + self._joiner.flush()
        output = _joined(self._output.feed(held), self._output.finish())
        if not self._output.text and not self._sofar.strip():
            raise Unreadable("the model sent no words")
        output = self._watched(output, at_end=True)
        return self._noted(output if output.flaw else self._judged(output, done_reason))

    def _noted(self, output: Output) -> Output:
        self._flaw = output.flaw
        return output

    def _watched(self, output: Output, *, at_end: bool = False) -> Output:
        """The same, or all words cut to one round once the model goes round in circles."""
        if output.restart:
            self._repetition = RepetitionWatch(self._sofar)
            self._looked_at = 0
        kept = self._repetition.feed(output.text)
        if kept is None and at_end:
            kept = self._repetition.finish()
        if kept is not None:
            return replace(output, text=kept, restart=True, flaw="repetition")
        if not self._last_try and not at_end and self._sounds_foreign():
            return replace(output, flaw="wrong_language")
        return output

    def _sounds_foreign(self) -> bool:
        """Looks at the first words once they are enough to tell, and again while they are few."""
        text = self._output.text
        if len(text) - self._looked_at < _LANGUAGE_AFTER_CHARACTERS or len(text) > _LANGUAGE_UNTIL_CHARACTERS:
            return False
        self._looked_at = len(text)
        return self._is_foreign(text.rpartition(" ")[0], whole=False)

    def _is_foreign(self, text: str, *, whole: bool) -> bool:
        if not other_language(text, self._talk.language, whole=whole):
            return False
        said = [one.text for one in self._talk.utterances if one.speaker == "learner"]
        wanted = wants_own_language(said, self._talk.own_language)
        allowed = frozenset({base(self._talk.own_language)}) if wanted else frozenset[str]()
        return bool(other_language(text, self._talk.language, allowed=allowed, whole=whole))

    def _judged(self, output: Output, done_reason: str) -> Output:
        if self._is_foreign(self._output.text, whole=True):
            return replace(output, flaw="wrong_language")
        if done_reason != LENGTH:
            return output
        kept = cut_back(self._sofar + self._output.text, kept=len(self._sofar))
        if kept == self._sofar + self._output.text:
            return replace(output, flaw=LENGTH)
        return Output(kept[len(self._sofar) :], output.thinking, restart=True, flaw=LENGTH)


def _joined(first: Output, second: Output) -> Output:
    text = second.text if second.restart else first.text + second.text
    return Output(text, first.thinking + second.thinking, first.restart or second.restart)
