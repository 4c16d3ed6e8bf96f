"""When three answers are offered unasked: to who is stuck, and to who says one word, and one word again."""

from __future__ import annotations

from typing import Final

from tutor.dialogue import phrases
from tutor.dialogue.intents import Kind, intent_of
from tutor.dialogue.types import TalkContext

_STUCK: Final[frozenset[Kind]] = frozenset({"stuck", "own_language"})
_BRIEF: Final[frozenset[Kind]] = frozenset({"answer", "noise"})


def are_wanted(talk: TalkContext) -> bool:
    """Whether the learner's newest message calls for suggestions. One word is an answer; every second one is offered
    help, so that nobody is urged on with every word."""
    messages = [one.text for one in talk.utterances if one.speaker == "learner"]
    if not messages:
        return False
    if intent_of(messages[-1], talk.language, talk.own_language).kind in _STUCK:
        return True
    brief = _brief_at_the_end(messages, talk)
    return brief > 0 and brief % 2 == 0


def _brief_at_the_end(messages: list[str], talk: TalkContext) -> int:
    return next((n for n, text in enumerate(reversed(messages)) if not _is_brief(text, talk)), len(messages))


def _is_brief(text: str, talk: TalkContext) -> bool:
    one_word = len(phrases.words(text)) <= 1 and len(text.strip()) <= 16
    return one_word and intent_of(text, talk.language, talk.own_language).kind in _BRIEF
