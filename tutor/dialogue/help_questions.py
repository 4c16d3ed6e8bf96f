"""What a model is asked for where nobody wrote an answer: it fills what a help card lacks, or suggests three answers.

One short question each, under a schema; what comes back is looked at by code, and shown as a model's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tutor.dialogue import prompts
from tutor.dialogue.help_cards import HelpCard
from tutor.dialogue.help_cards.sentences import sentence
from tutor.dialogue.language_check import other_language
from tutor.dialogue.model_output import cleaned
from tutor.dialogue.types import ModelRequest, TalkContext, Unreadable

PROMPT_VERSION: Final = f"help-{prompts.HELP_VERSION}"
GAP: Final = "___"
_OPTIONS: Final = {"temperature": 0.0, "repeat_penalty": 1.0, "num_predict": 200}
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {"question": ("text", "simpler"), "answers": ("easy", "middle", "gap")}
_TOLD_CHARACTERS: Final = 600
_TEXT_CHARACTERS: Final = {"explanation": 600}
_MOST_CHARACTERS: Final = 200


@dataclass(frozen=True)
class HelpQuestion:
    """What is asked for (`HelpCard.wanted`, or "answers"), about which word and which standing question."""

    wanted: str
    word: str = ""
    question: str = ""

    def request(self, talk: TalkContext, options: Mapping[str, Any]) -> ModelRequest:
        """The tutor's and the learner's last words and nothing else of the talk: it is short, and read quickly."""
        own_language, language = prompts.language_name(talk.own_language), prompts.language_name(talk.language)
        places = {"language": language, "own_language": own_language, "level": talk.level}
        told, message = (_last(talk, speaker) for speaker in ("tutor", "learner"))
        said = {"told": told, "message": message, "word": self.word, "question": self.question}
        messages = [
            {"role": "system", "content": prompts.filled("help/system", **places)},
            {"role": "user", "content": prompts.filled(f"help/{self.wanted}", **places, **said)},
        ]
        return ModelRequest(messages, self.schema(), {**options, **_OPTIONS}, PROMPT_VERSION)

    def schema(self) -> dict[str, Any]:
        fields = _FIELDS.get(self.wanted, ("text",))
        return {
            "type": "object",
            "properties": {name: {"type": "string"} for name in fields},
            "required": list(fields),
            "additionalProperties": False,
        }

    def read(self, content: str) -> dict[str, str]:
        """The texts that came. Raises Unreadable where one is missing, empty or too long."""
        try:
            found = json.loads(content)
        except ValueError as fault:
            raise Unreadable("no JSON") from fault
        most = _TEXT_CHARACTERS.get(self.wanted, _MOST_CHARACTERS)
        texts = (
            {name: _tidied(found.get(name)) for name in self.schema()["required"]} if isinstance(found, dict) else {}
        )
        if not texts or not all(0 < len(text) <= most for text in texts.values()):
            raise Unreadable("not the texts that were asked for")
        return texts


def completed(card: HelpCard, texts: Mapping[str, str], talk: TalkContext) -> HelpCard:
    """The card with what the model has written. Raises Unreadable where that is in no language it should be in."""
    text, made = texts["text"], replace(card, source="model", wanted="")
    match card.wanted:
        case "meaning":
            return replace(made, meaning=text, notes=())
        case "translation":
            return replace(made, word=_studied(text, talk), meaning=card.word, notes=())
        case "question":
            simpler = _studied(texts["simpler"], talk)
            means = sentence("means", talk.own_language, meaning=text)
            return replace(made, notes=(card.notes[0], means, sentence("simpler", talk.own_language, line=simpler)))
        case "message":
            could = sentence("could_say", talk.own_language, line=_studied(text, talk))
            return replace(made, notes=(*card.notes[:1], could))
        case _:
            return replace(made, notes=(text,))


def suggested(texts: Mapping[str, str], talk: TalkContext) -> tuple[str, str, str]:
    """Three answers, rising, the last with a gap: where the model left none, the last word but one becomes it."""
    easy, middle, gap = (_studied(texts[name].replace("__", GAP), talk) for name in ("easy", "middle", "gap"))
    easy, middle = (one.replace(GAP, "…") for one in (easy, middle))
    answers = (easy, middle, _with_gap(gap))
    if len(set(answers)) < len(answers):
        raise Unreadable("the same answer twice")
    return answers


def _with_gap(text: str) -> str:
    if "_" in text:
        before, _, after = text.partition("_")
        return f"{before}{GAP}{after.lstrip('_')}"
    words = text.rstrip(".!?。！？").split(" ")
    if len(words) < 3:
        raise Unreadable("no room for a gap")
    return f"{' '.join(words[:-1])} {GAP}{text[-1] if not text[-1].isalnum() else ''}"


def _studied(text: str, talk: TalkContext) -> str:
    if other_language(text, talk.language, whole=True):
        raise Unreadable("not in the studied language")
    return text


def _tidied(text: object) -> str:
    return " ".join(cleaned(text).split()).strip(' "“”«»') if isinstance(text, str) else ""


def _last(talk: TalkContext, speaker: str) -> str:
    said = [one.text for one in talk.utterances if one.speaker == speaker]
    text = (cleaned(said[-1]) if speaker == "tutor" else said[-1]) if said else ""
    return " ".join(text.split())[-_TOLD_CHARACTERS:]
