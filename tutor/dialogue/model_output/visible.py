"""What a run shows so far, and whether a mark is part of it: in code, or spoken of."""

from __future__ import annotations

from tutor.dialogue.model_output.marks import Mark
from tutor.dialogue.model_output.mentions import speaks_of
from tutor.dialogue.model_output.output import Collected
from tutor.dialogue.model_output.spellings import Kind

_FENCE: int = 3
_WORDS_OF_A_MENTION: int = 3


class VisibleText:
    """The visible text. `before` is what a continued reply begins with."""

    def __init__(self, before: str, output: Collected) -> None:
        self.before = before
        self.text = ""
        self.space = ""
        self.code = ""
        self.has_marks = False
        self._output = output
        self._after_mark = False
        self._wrapper = ""
        self._struck_through = False
        self._mention: tuple[int, int] | None = None

    def __bool__(self) -> bool:
        return bool(self.text or self.before)

    @property
    def whole(self) -> str:
        """All that stands in the learner's sight, with the white space that waits."""
        return self.before + self.text + self.space

    def show(self, text: str) -> None:
        """Line breaks wait for the words after them: none stand before the first, or after the last."""
        if self._after_mark:
            text = text.lstrip()
            self._after_mark = not text
        words = len(text.rstrip())
        shown = text[:words] + text[words:].partition("\n")[0]
        if not shown or (not words and (self.space or not self.text)):
            self.space += text
            return
        lead, self.space = self.space, text[len(shown) :]
        if not self.text and (not self.before or self.before[-1].isspace()):
            lead, shown = "", shown.lstrip()
        self.text += lead + shown
        self._output.show(lead + shown)

    def end_line(self) -> None:
        """Code within a line ends with it; a fence does not."""
        self.code = self.code if len(self.code) >= _FENCE else ""

    def ticks(self, ticks: str) -> None:
        """Backticks open code, and as many close it."""
        if not self.code:
            self.code = ticks
        elif self.code == ticks:
            self.code = ""
        self.show(ticks)

    def heeded(self, mark: Mark) -> None:
        """A mark has been taken out here; of the white space on both sides of it one is enough."""
        self.has_marks, self._after_mark = True, self.whole[-1:].isspace()
        if mark.kind is Kind.ANSWER:
            self._wrapper = mark.name

    def holds(self, mark: Mark, right: str) -> bool:
        """Whether the mark that comes next, before `right`, is part of what the tutor says."""
        if mark.name == "s":
            return self._is_struck_through(mark)
        if mark.kind is Kind.ANSWER and mark.text[1] == "/":
            return mark.name != self._wrapper
        ends = mark.kind is Kind.THOUGHT_ENDS
        if ends and self._was_no_mention():
            return False
        spoken = speaks_of(self.whole, right, likely=not mark.strict and not ends)
        if spoken and mark.kind is Kind.THOUGHT_BEGINS:
            self._mention = len(self.text), len(self.text + self.space + mark.text)
        return spoken or (ends and self._mention is not None)

    def take_back(self) -> str:
        """Void what was thinking: all of it, or what an opening tag within a sentence began. Returns the void text."""
        kept, void = "", self.text
        if self._mention is not None:
            kept, void = self.text[: self._mention[0]], self.text[self._mention[1] :]
        if void:
            self._output.think(void + self.space)
            self.begin_anew(kept)
        self._mention = None
        return void

    def begin_anew(self, text: str) -> None:
        """Show this instead of all that was shown."""
        self.text, self.space, self.code = text, "", ""
        self._output.restart(text)

    def _was_no_mention(self) -> bool:
        """Whether what seemed to be spoken of was thinking after all: much stands between the two tags."""
        if self._mention is None:
            return False
        between = self.text[self._mention[1] :]
        return len(between.split()) > _WORDS_OF_A_MENTION and not speaks_of("x " + between, " ", likely=False)

    def _is_struck_through(self, mark: Mark) -> bool:
        """<s>…</s> within the text is HTML; <s> before it and </s> after it are a model's."""
        opens = mark.kind is Kind.NOTHING
        prose = bool(self.text) if opens else self._struck_through
        self._struck_through = opens and prose
        return prose
