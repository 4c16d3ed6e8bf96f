"""What several cards of the talk are made of. Part of the protocol, and as strict."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Finding(_Part):
    """One place of the learner's message: the characters ``start`` to ``end``, as far as the learner may see by now.

    ``sure`` is shown as a correction, ``possible`` as a suggestion, ``place`` as "look here again", without an answer.
    """

    start: int
    end: int
    old: str
    # What stands before and after it in its sentence, a few words of each.
    before: str = ""
    after: str = ""
    certainty: Literal["sure", "possible", "place"]
    rung: Literal["where", "kind", "choices", "answer"]
    # The kind by its name and why, in the learner's own language; empty below that rung.
    name: str = ""
    why: str = ""
    choices: tuple[str, ...] = ()
    # None until it may be seen; "" takes a word away.
    answer: str | None = None
    # Who says so, in the learner's own language.
    witness: str = ""
    disputed: bool = False
    # The learner has the right form elsewhere, or a finger went astray.
    slip: bool = False
    # Whether there is a further hint.
    more: bool = False


class Change(_Part):
    """Something that was written, and what it would be: None where only the place is known, "" takes words away."""

    old: str
    new: str | None
    why: str = ""
    certainty: Literal["sure", "possible", "place"] = "sure"
