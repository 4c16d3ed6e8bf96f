"""What is heard in free talk before the model: who asks about the language, is stuck, rude, in distress or leaves is
answered in the same way as in a guided talk, and everything else by the model."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, Literal

from tutor.dialogue.help_cards import HELPED, Asking, StandingQuestion, sentence
from tutor.dialogue.intents import Intent, Kind, intent_of
from tutor.dialogue.message_signals import base
from tutor.dialogue.model_output import cleaned
from tutor.dialogue.shared_lines import SharedLines, shared_lines, spoken
from tutor.dialogue.types import TalkContext

# Where a sentence begins: what opens a question in Spanish belongs to it.
_SENTENCE: Final = re.compile(r"[^.!?。！？؟…\n]+[.!?。！？؟…]*[\"'”’»)*_]*")
_QUESTION: Final = re.compile(r"[?？؟][\"'”’»)*_]*\s*$")
_HEARD_TWICE: Final[frozenset[Kind]] = frozenset({"stuck", "noise"})


def settled_reply(talk: TalkContext) -> str:
    """What the tutor says without the model; "" where the model answers."""
    intent, question = _intent(talk), standing_question(talk)
    if intent.kind == "distress":
        return talk.distress or sentence("distress", talk.own_language)
    if intent.kind == "goodbye" and not _says_more(talk) and (shared := _shared(base(talk.language))):
        return _one_of(shared.goodbye, talk)
    if not question or _is_left_to_the_model(intent, talk):
        return ""
    if intent.kind in {"rude", "noise"}:
        return f"{_line('calm' if intent.kind == 'rude' else 'unclear', talk)} {question}"
    return question if intent.kind in HELPED else ""


def _is_left_to_the_model(intent: Intent, talk: TalkContext) -> bool:
    """Who answers as well is answered; who writes in the own language is understood; who does not understand the same
    question twice is asked another by the model."""
    again = intent.kind in _HEARD_TWICE and _intent_of(_messages(talk)[-2:-1], talk).kind == intent.kind
    return bool(intent.answer) or intent.kind == "own_language" or again


def asking_of(talk: TalkContext) -> Asking:
    """All that a help card may be made from."""
    question = standing_question(talk)
    told = tuple(cleaned(one.text) for one in talk.utterances if one.speaker == "tutor")
    standing = StandingQuestion(question) if question else None
    return Asking(_intent(talk), talk.language, talk.own_language, standing, _messages(talk), told)


def standing_question(talk: TalkContext) -> str:
    """The last question in the tutor's last words, or where there is none their last sentence."""
    distress = talk.distress or sentence("distress", talk.own_language)
    told = [one.text for one in talk.utterances if one.speaker == "tutor" and one.text.strip() not in {"", distress}]
    sentences = _sentences(told[-1]) if told else []
    asked = [one for one in sentences if _QUESTION.search(one)]
    return (asked or sentences or [""])[-1]


def _sentences(text: str) -> list[str]:
    parts: list[str] = _SENTENCE.findall(cleaned(text))
    return [part.strip() for part in parts if any(map(str.isalpha, part))]


def _messages(talk: TalkContext) -> tuple[str, ...]:
    return tuple(one.text for one in talk.utterances if one.speaker == "learner")


def _intent(talk: TalkContext) -> Intent:
    return _intent_of(_messages(talk)[-1:], talk)


def _intent_of(messages: tuple[str, ...], talk: TalkContext) -> Intent:
    return intent_of(messages[0], talk.language, talk.own_language) if messages else Intent("answer")


def _says_more(talk: TalkContext) -> bool:
    """Whether a goodbye stands behind something that deserves an answer."""
    others = _sentences(_messages(talk)[-1])[:-1]
    return any(intent_of(one, talk.language, talk.own_language).kind in {"answer", "question"} for one in others)


def _line(name: Literal["calm", "unclear"], talk: TalkContext) -> str:
    """One of the tutor's lines in the studied language, or where nobody wrote any a sentence in the own language."""
    shared = _shared(base(talk.language))
    if shared is None:
        return sentence(name, talk.own_language)
    return _one_of(shared.calm if name == "calm" else shared.unclear, talk)


def _one_of(lines: tuple[str, ...], talk: TalkContext) -> str:
    return lines[len(talk.utterances) % len(lines)]


@cache
def _shared(language: str) -> SharedLines | None:
    return shared_lines(language) if language in spoken() else None
