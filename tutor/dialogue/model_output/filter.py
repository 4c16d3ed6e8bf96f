"""The one place between a model's content and the learner: what the model's format machinery says is taken out here.

A small machine reads the content piece by piece, and what it decides depends on the characters alone, never on where
they were split: whatever might still become a mark is held back until it is clear. Thinking goes to thinking. When a
closing tag comes whose opening one stood in the model's template, everything shown before it was thinking as well; then
it is taken back, and the reply begins anew.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from tutor.dialogue.model_output.labels import Label, is_dialogue, label_at
from tutor.dialogue.model_output.marks import Mark, Undecided, is_broken_off, mark_at
from tutor.dialogue.model_output.mentions import needs_more
from tutor.dialogue.model_output.output import Collected
from tutor.dialogue.model_output.spellings import THOUGHT_CLOSINGS, Kind
from tutor.dialogue.model_output.visible import VisibleText
from tutor.dialogue.types import Output

_STOPS: Final = re.compile(r"[<\[◁`\n]")
_MARKS: Final = re.compile(r"[<\[◁]")
_TICKS: Final = re.compile("`+")
_SPACE: Final = re.compile(r"\s*")
_CLOSING: Final = re.compile("|".join(THOUGHT_CLOSINGS), re.IGNORECASE)
_ENDS_OF_THOUGHT: Final = frozenset({Kind.THOUGHT_ENDS, Kind.ANSWER})
_PARTS: Final = frozenset({Kind.TURN_ENDS, Kind.TUTOR, Kind.LEARNER})


class _Mode(Enum):
    SHOWN = auto()
    THINKING = auto()
    TOOL = auto()
    OVER = auto()
    """Another part speaks. As long as nothing is shown, the tutor's next turn is waited for."""


class ModelOutput:
    """Reads one run of a model. `shown` is what a continued reply begins with."""

    def __init__(self, shown: str = "") -> None:
        self._output = Collected()
        self._shown = VisibleText(shown, self._output)
        self._mode = _Mode.SHOWN
        self._pending = ""
        self._line_begins = True
        self._has_thought = False
        self._taken_back = ""
        self._closing: re.Pattern[str] | None = None
        self._tool_ends = ""

    @property
    def text(self) -> str:
        """All that this run shows so far."""
        return self._shown.text

    def feed(self, content: str) -> Output:
        """Take the next piece. Returns what is certain after it."""
        if self._is_plain(content):
            self._shown.show(content)
        else:
            self._pending += content
            self._read(final=False)
        return self._output.taken()

    def finish(self) -> Output:
        """Nothing follows: what was held back is decided now."""
        self._read(final=True)
        if not self._shown and self._taken_back:
            self._shown.begin_anew(self._taken_back)
        if self._shown.has_marks and self.text != self.text.rstrip():
            self._shown.begin_anew(self.text.rstrip())
        return self._output.taken()

    def _is_plain(self, content: str) -> bool:
        """The short way, which almost all content goes."""
        return self._mode is _Mode.SHOWN and not (self._pending or self._line_begins or _STOPS.search(content))

    def _read(self, *, final: bool) -> None:
        steps = {
            _Mode.SHOWN: self._read_shown,
            _Mode.THINKING: self._read_thinking,
            _Mode.TOOL: self._read_tool,
            _Mode.OVER: self._read_over,
        }
        while self._pending and steps[self._mode](final=final):
            pass

    # Each step takes something from what is pending, and returns whether there may be more to take.

    def _read_shown(self, *, final: bool) -> bool:
        if self._line_begins:
            return self._read_label(final=final)
        stop = _STOPS.search(self._pending)
        self._shown.show(self._take(stop.start() if stop else len(self._pending)))
        if not stop:
            return False
        if stop[0] == "\n":
            self._shown.show(self._take(1))
            self._shown.end_line()
            self._line_begins = True
            return True
        return self._read_ticks(final=final) if stop[0] == "`" else self._read_mark(final=final)

    def _read_label(self, *, final: bool) -> bool:
        space = _SPACE.match(self._pending)
        self._shown.show(self._take(space.end() if space else 0))
        if not self._pending:
            return False
        label = None if self._shown.code else label_at(self._pending, first=not self.text, final=final)
        if isinstance(label, Undecided):
            return False
        self._line_begins = False
        if label is not None:
            self._heed_label(label)
        return True

    def _heed_label(self, label: Label) -> None:
        """A label of the tutor's own is left out; one of the learner's begins a turn that is none.

        Where a dialogue is shown, lines of both are meant.
        """
        if self.text and label.kind in _PARTS and is_dialogue(self._shown.whole):
            return
        mark = Mark(label.kind, self._take(label.length))
        if label.kind is Kind.TUTOR:
            self._line_begins = True
        else:
            self._closing = _CLOSING
            self._heed(mark)

    def _read_ticks(self, *, final: bool) -> bool:
        found = _TICKS.match(self._pending)
        length = found.end() if found else 0
        if length == len(self._pending) and not final:
            return False
        self._shown.ticks(self._take(length))
        return True

    def _read_mark(self, *, final: bool) -> bool:
        mark = None if self._shown.code else mark_at(self._pending, final=final)
        if isinstance(mark, Undecided):
            return False
        if mark is None:
            if final and not self._shown.code and is_broken_off(self._pending):
                self._take(len(self._pending))
            self._shown.show(self._take(1))
            return True
        right = self._pending[len(mark.text) :]
        if not final and needs_more(self._shown.whole, right):
            return False
        if self._shown.holds(mark, right):
            self._shown.show(self._take(len(mark.text)))
        else:
            self._take(len(mark.text))
            self._closing = None
            self._heed(mark)
        return True

    def _heed(self, mark: Mark) -> None:
        """Do what a mark says."""
        if mark.kind is Kind.THOUGHT_BEGINS:
            self._mode, self._has_thought = _Mode.THINKING, True
        elif mark.kind is Kind.THOUGHT_ENDS or (mark.kind is Kind.ANSWER and self._mode is _Mode.THINKING):
            self._end_thought()
        elif mark.kind is Kind.TURN_ENDS:
            self._mode = _Mode.OVER if self._shown else _Mode.SHOWN
        elif mark.kind is Kind.TUTOR:
            self._mode = _Mode.OVER if self.text else _Mode.SHOWN
        elif mark.kind is Kind.LEARNER:
            self._mode = _Mode.OVER
        elif mark.kind is Kind.TOOL_BEGINS:
            self._mode, self._tool_ends = _Mode.TOOL, mark.ends
        self._shown.heeded(mark)
        self._line_begins = self._line_begins or not self.text

    def _end_thought(self) -> None:
        """Where no thinking had begun in sight, all that was shown before its end is thinking too."""
        if self._mode is _Mode.SHOWN:
            void = self._shown.take_back()
            self._taken_back = void if self._has_thought else ""
        self._mode, self._has_thought, self._line_begins = _Mode.SHOWN, True, True

    def _read_thinking(self, *, final: bool) -> bool:
        stop = _MARKS.search(self._pending)
        ends = stop.start() if stop else len(self._pending)
        phrase = self._closing.search(self._pending, 0, ends) if self._closing else None
        if phrase:
            self._output.think(self._take(phrase.start()))
            self._heed(Mark(Kind.THOUGHT_ENDS, self._take(len(phrase[0]))))
            return True
        held = _begun_closing(self._pending) if self._closing and not stop and not final else 0
        self._output.think(self._take(ends - held))
        return bool(stop) and self._read_mark_in_thought(final=final)

    def _read_mark_in_thought(self, *, final: bool) -> bool:
        mark = mark_at(self._pending, final=final)
        if isinstance(mark, Undecided):
            return False
        heeded = mark is not None and (mark.kind in _PARTS or mark.kind in _ENDS_OF_THOUGHT)
        if mark is None or not (heeded or mark.strict):
            self._output.think(self._take(1))
            return True
        self._take(len(mark.text))
        if heeded:
            self._heed(mark)
        return True

    def _read_tool(self, *, final: bool) -> bool:
        """A tool's call is dropped, to its own end, or to the end of the turn."""
        mark = self._next_mark(final=final)
        if isinstance(mark, bool):
            return mark
        if mark.kind is Kind.TOOL_ENDS and self._tool_ends in {"", mark.text.lower()}:
            self._mode, self._line_begins = _Mode.SHOWN, True
        elif mark.strict and mark.kind in _PARTS:
            self._heed(mark)
        return True

    def _read_over(self, *, final: bool) -> bool:
        """Nothing of another part is shown. Before the first word the tutor's own turn may still come."""
        if self._shown:
            self._take(len(self._pending))
            return False
        if self._pending[0] == "\n":
            return self._read_tutor_label(final=final)
        mark = self._next_mark(final=final, breaks=True)
        if isinstance(mark, Mark) and mark.kind in {Kind.TUTOR, Kind.THOUGHT_BEGINS}:
            self._heed(mark)
        return bool(mark)

    def _read_tutor_label(self, *, final: bool) -> bool:
        line = self._pending.lstrip()
        label = label_at(line, first=True, final=final) if line else None
        if isinstance(label, Undecided) or (not line and not final):
            return False
        self._take(len(self._pending) - len(line))
        if label and label.kind is Kind.TUTOR:
            self._take(label.length)
            self._mode, self._line_begins = _Mode.SHOWN, True
        return True

    def _next_mark(self, *, final: bool, breaks: bool = False) -> Mark | bool:
        """Drop what stands before the next mark, and take it. True: there is more to read; False: there is not."""
        stop = (_STOPS if breaks else _MARKS).search(self._pending)
        self._take(stop.start() if stop else len(self._pending))
        if not stop or stop[0] == "\n":
            return bool(stop)
        mark = mark_at(self._pending, final=final) if stop[0] != "`" else None
        if isinstance(mark, Undecided):
            return False
        self._take(len(mark.text) if mark else 1)
        return mark or True

    def _take(self, length: int) -> str:
        taken, self._pending = self._pending[:length], self._pending[length:]
        return taken


def _begun_closing(text: str) -> int:
    """How many of the last characters may be the beginning of a phrase that ends thinking."""
    end = text[-32:].lower()
    lengths = range(len(end), 0, -1)
    return next((length for length in lengths if any(one.startswith(end[-length:]) for one in THOUGHT_CLOSINGS)), 0)
