"""Help in the middle of a talk, made by code from what people wrote: the meaning of a word or of the question, a
mistake mended, or an honest "I can't". The tutor's question stands again, in the tutor's own words.

The sentences are in the learner's own language, one file each; where nobody wrote one, in English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from tutor.dialogue import grammar
from tutor.dialogue.help_cards.card import (
    HELPED,
    Asking,
    Change,
    HelpCard,
    Source,
    StandingQuestion,
    Wanted,
    read_card,
)
from tutor.dialogue.help_cards.checked import checked, messages_back, with_changes
from tutor.dialogue.help_cards.sentences import sentence
from tutor.dialogue.help_cards.words import how_to_say, meaning
from tutor.dialogue.intents import intent_of
from tutor.dialogue.intents.kinds import Kind
from tutor.dialogue.types import TalkContext

__all__ = [
    "HELPED",
    "Asking",
    "Change",
    "HelpCard",
    "Source",
    "StandingQuestion",
    "Wanted",
    "asks_for_help",
    "help_card",
    "messages_back",
    "read_card",
    "sentence",
    "with_changes",
]


def help_card(asking: Asking) -> HelpCard | None:
    """The help that the learner's latest message calls for, if it calls for any."""
    answer = _ANSWERS.get(asking.intent.kind)
    if answer is None:
        return None
    return replace(answer(asking), question=asking.question.text if asking.question is not None else "")


def asks_for_help(talk: TalkContext) -> bool:
    """Whether a help card answers the newest message."""
    message = next((one.text for one in reversed(talk.utterances) if one.speaker == "learner"), "")
    return bool(message) and intent_of(message, talk.language, talk.own_language).kind in HELPED


def _stuck(asking: Asking) -> HelpCard:
    own, question, kind = asking.own_language, asking.question, asking.intent.kind
    notes = [sentence("own_language" if kind == "own_language" else "no_problem", own)]
    if question is not None and question.meaning:
        notes.append(sentence("means", own, meaning=question.meaning))
    wanted: Wanted = "message" if kind == "own_language" else "question"
    settled = kind == "stuck" and (question is None or (bool(question.meaning) and question.is_own))
    return HelpCard(kind, notes=tuple(notes), wanted="" if settled else wanted)


def _explained(asking: Asking) -> HelpCard:
    """What people wrote about the point of grammar that is asked about, or an honest "I can't"."""
    about, own = asking.intent.about, asking.own_language
    last = asking.messages[-1] if asking.messages else ""
    point = grammar.point_of(about.split(" / "), asking.language) or grammar.topic_of(about or last, asking.language)
    if point is not None:
        return HelpCard(asking.intent.kind, word=about if point.sides else "", notes=(point.explained(own),))
    notes = (sentence("grammar_unknown", asking.own_language),)
    return HelpCard(asking.intent.kind, word=asking.intent.about, notes=notes, wanted="explanation")


def _report(asking: Asking) -> HelpCard:
    own = asking.own_language
    done, left = ([title for title, is_met in asking.goals if is_met is wanted] for wanted in (True, False))
    notes = [sentence("report_free", own, count=str(max(0, len(asking.messages) - 1)))]
    notes += [sentence("report_done", own, goals="; ".join(done))] if done else []
    notes += [sentence("report_open", own, goals="; ".join(left))] if left else []
    return HelpCard("report", notes=tuple(notes))


_ANSWERS: Final[Mapping[Kind, Callable[[Asking], HelpCard]]] = {
    "stuck": _stuck,
    "own_language": _stuck,
    "report": _report,
    "meaning": meaning,
    "how_to_say": how_to_say,
    "difference": _explained,
    "grammar": _explained,
    "was_that_right": checked,
    "correct_me": checked,
}
