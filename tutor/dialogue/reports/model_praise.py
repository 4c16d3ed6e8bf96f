"""What a bigger model finds well done, where code has found less than there is room for. Its quotes are looked for in
the learner's own messages; what is not found there word for word is dropped, and so is praise that names nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from tutor.dialogue import prompts
from tutor.dialogue.phrases import words
from tutor.dialogue.reports.body import MOST, Praise, ReportBody
from tutor.dialogue.reports.quotes import find_quote
from tutor.dialogue.reports.record import TalkRecord
from tutor.dialogue.types import ModelRequest

OPTIONS: Final = {"temperature": 0.0, "repeat_penalty": 1.0, "num_predict": 320}
# The latest messages, as much as fits into every context.
_CHARACTERS: Final = 3_000
_LONGEST_WHY: Final = 160
_LEAST_WORDS: Final = 2
_EARNEST: Final = frozenset({"answer", "question"})


class _Passage(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    quote: str
    why: str


class _Answer(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    well: tuple[_Passage, ...]


SCHEMA: Final[Mapping[str, Any]] = {
    "type": "object",
    "properties": {
        "well": {
            "type": "array",
            "maxItems": MOST,
            "items": {
                "type": "object",
                "properties": {"quote": {"type": "string"}, "why": {"type": "string"}},
                "required": ["quote", "why"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["well"],
    "additionalProperties": False,
}


def praise_request(record: TalkRecord, options: Mapping[str, Any], prompt_version: str) -> ModelRequest:
    """The question to the model: the learner's messages, and what may be said of them."""
    talk = record.talk
    language, own = prompts.language_name(talk.language), prompts.language_name(talk.own_language)
    system = prompts.filled("report/praise", language=language, level=talk.level, own_language=own)
    messages = [{"role": "system", "content": system}, {"role": "user", "content": _numbered(record)}]
    return ModelRequest(messages, SCHEMA, {**options, **OPTIONS}, prompt_version)


def with_praise(body: ReportBody, content: str, record: TalkRecord) -> ReportBody:
    """The report with what the model has added that holds; unchanged where nothing does."""
    try:
        answer = _Answer.model_validate_json(content)
    except ValidationError:
        return body
    found = list(body.praise)
    for one in answer.well:
        praise = _checked(one, record)
        if praise is not None and not any(_overlap(praise, known) for known in found):
            found.append(praise)
    return body.model_copy(update={"praise": tuple(found[:MOST])})


def _checked(one: _Passage, record: TalkRecord) -> Praise | None:
    """A passage that the learner has written, in earnest and without a correction in it, with a reason that names one
    of its words."""
    place = find_quote(one.quote, record.said)
    why = " ".join(one.why.split())
    if place is None or not 0 < len(why) <= _LONGEST_WHY or len(words(place.text)) < _LEAST_WORDS:
        return None
    named = {word.folded for word in words(why)} & {word.folded for word in words(place.text)}
    around = [
        known
        for known in record.sentences
        if known.turn == place.turn
        and known.sentence.start < place.end
        and place.start < known.sentence.start + len(known.sentence.text)
    ]
    earnest = record.kinds.get(place.turn) in _EARNEST
    holds = bool(named) and earnest and bool(around) and all(known.clean for known in around)
    return Praise(merit="model", quote=place, about=why) if holds else None


def _overlap(one: Praise, other: Praise) -> bool:
    a, b = one.quote, other.quote
    return a.turn == b.turn and a.start < b.end and b.start < a.end


def _numbered(record: TalkRecord) -> str:
    """The latest messages that fit, in their order. One in distress is not handed to a model for this."""
    earnest = [turn for turn in record.messages if record.kinds[turn.ordinal] in _EARNEST]
    lines = [f"{number}. {turn.text}" for number, turn in enumerate(earnest, 1)]
    kept: list[str] = []
    for line in reversed(lines):
        if sum(map(len, kept)) + len(line) > _CHARACTERS:
            break
        kept.insert(0, line)
    return "\n".join(kept)
