"""Forced copy: where would the model write something else?

The model is asked to correct a sentence, and a schema with one value lets it only copy. The log-probabilities are those
before the schema, so at each token the gap between what it wanted to write and what it had to write says where it would
change something, how much, and into what. One call through the ordinary API.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from tutor.dialogue.corrections.language import CorrectionLanguage
from tutor.dialogue.prompts import language_name
from tutor.dialogue.types import Message

_VERSION: Final = 1
TOP: Final = 8
_ASK: Final = (
    "You correct {language} sentences of beginners. Make the smallest possible change; do not rephrase. "
    "If the sentence is correct, repeat it unchanged."
)


class Token(Protocol):
    """A token as Ollama reports it: its text, its log-probability, and the likeliest at its place."""

    @property
    def token(self) -> str: ...
    @property
    def logprob(self) -> float: ...
    @property
    def top_logprobs(self) -> Sequence[Any] | None: ...


@dataclass(frozen=True, slots=True)
class Deviation:
    """At ``start`` of the sentence (code points) the model wanted ``wanted``, by ``gap`` nats over what stands there.

    ``rival`` is the lead of the wanted one over the next that isn't what stands there either.
    """

    start: int
    gap: float
    wanted: str
    rival: float


def messages_for(language: str, known: CorrectionLanguage, sentence: str) -> list[Message]:
    """Return the conversation that asks for a correction; all but its last message is the same for every sentence."""
    asked: list[Message] = [{"role": "system", "content": _ASK.format(language=language_name(language))}]
    for wrong, right in known.examples:
        asked += [{"role": "user", "content": wrong}, {"role": "assistant", "content": _as_json(right)}]
    return [*asked, {"role": "user", "content": plain(sentence)}]


def prompt_version(language: str) -> str:
    """Return what names the instruction and the examples of a language."""
    return f"correction-{_VERSION} {language}"


def copy_request(sentence: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Return the schema whose one solution is the sentence, and the options under which it is copied."""
    text = plain(sentence)
    schema = {
        "type": "object",
        "properties": {"corrected": {"type": "string", "enum": [text]}},
        "required": ["corrected"],
        "additionalProperties": False,
    }
    return schema, {"temperature": 0.0, "repeat_penalty": 1.0, "num_predict": 2 * len(text) + 32}


def plain(sentence: str) -> str:
    """Return the sentence without signs that JSON would escape, replaced one by one: every place stays its place."""
    return sentence.replace('"', "'").replace("\\", "/").replace("\n", " ").replace("\t", " ")


def _as_json(sentence: str) -> str:
    return json.dumps({"corrected": sentence}, ensure_ascii=False, separators=(",", ":"))


def deviations(sentence: str, tokens: Sequence[Token]) -> list[Deviation]:
    """Return where the model would have written something else, by what came with the forced copy.

    Tokens of the JSON around the sentence do not count, nor does what is only another punctuation or capital.
    """
    text = plain(sentence)
    content = "".join(token.token for token in tokens)
    begin = content.find(text)
    if begin < 0:
        return []
    found: list[Deviation] = []
    place = -begin
    for token in tokens:
        if 0 <= place < len(text):
            deviation = _deviation(text, place, token)
            found += [deviation] if deviation else []
        place += len(token.token)
    return found


def _deviation(text: str, place: int, token: Token) -> Deviation | None:
    others = [
        other
        for other in token.top_logprobs or ()
        if other.token != token.token and not _same(text[place:], other.token)
    ]
    if not others:
        return None
    best = max(others, key=lambda other: float(other.logprob))
    following = [float(other.logprob) for other in others if other is not best]
    gap = float(best.logprob) - token.logprob
    if gap <= 0:
        return None
    return Deviation(place, gap, best.token, float(best.logprob) - max(following, default=-99.0))


def _same(rest: str, wanted: str) -> bool:
    """Whether this is what stands there but for capitals, marks and the way it was cut into tokens."""
    meant = _folded(wanted)
    return not meant.strip() or _folded(rest).startswith(meant)


def _folded(text: str) -> str:
    kept = (sign for sign in unicodedata.normalize("NFC", text).casefold() if unicodedata.category(sign)[0] not in "PS")
    return "".join(kept)
