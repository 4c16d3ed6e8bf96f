"""What a report says, as it is stored: codes and quotes, no sentences of ours. Pages put them into words."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from tutor.dialogue.reports.quotes import Quote

MOST: Final = 3
MOST_WORDS: Final = 6
# What was done well; "model" is what a model says of a quote, in its own words.
Merit = Literal["repaired", "asked_word", "reason", "question", "first_words", "polite", "goal", "longest", "model"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Praise(_Part):
    """Something that was done well. `about`: the goal, the words or the number that it is about; of "model", why."""

    merit: Merit
    quote: Quote
    about: str = ""


class ToWorkOn(_Part):
    """A sentence of the learner's in which a correction stands: the one at `index` of its turn's card.

    `start` and `end` are places in the message. `times`: how often something of this kind was found in the talk.
    """

    quote: Quote
    index: int
    start: int
    end: int
    old: str
    new: str
    certainty: Literal["sure", "possible"]
    kind: str
    times: int = 1


class KeptWord(_Part):
    """A word to keep, what it means in the learner's own language, and where it stood."""

    word: str
    meaning: str
    quote: Quote


class ReportBody(_Part):
    """A report of a talk."""

    met: tuple[str, ...] = ()
    praise: tuple[Praise, ...] = ()
    to_work_on: tuple[ToWorkOn, ...] = ()
    words: tuple[KeptWord, ...] = ()
    messages: int = 0
    minutes: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell: the learner has said nothing yet."""
        return self.messages == 0
