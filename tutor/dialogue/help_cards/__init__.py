"""Help in the middle of a talk, made by code from what people wrote: the question translated and said simpler, three
answers to choose from, a word looked up in the word list, or an honest "I can't". The tutor's question stands again.

The sentences around it are in the learner's own language, one file each; where nobody wrote one, in English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from tutor.dialogue import glossary
from tutor.dialogue.corrections import (
    Finding,
    by_rule,
    correction_language,
    explained_languages,
    explanation,
    sentences_of,
    with_neighbours,
)
from tutor.dialogue.intents import Kind
from tutor.dialogue.message_signals import base
from tutor.dialogue.scenario import Move
from tutor.dialogue.selection import STUCK, ScenarioProgress

_FALLBACK: Final = "en"
# How far back "correct my mistakes" looks, and how much of that is told at once.
CHECKED_MESSAGES: Final = 3
CHECKED_FINDINGS: Final = 3


@dataclass(frozen=True)
class HelpCard:
    """What a learner asked for, in the own language: `notes`, answers to choose from, and the question once more."""

    kind: Kind
    notes: tuple[str, ...]
    answers_title: str = ""
    answers: tuple[str, ...] = ()
    question: str = ""

    def as_message(self) -> str:
        """The card as the tutor's own message, for as long as a turn has no cards."""
        examples = [f"{number}. {text}" for number, text in enumerate(self.answers, 1)]
        listed = ["\n".join([self.answers_title, "", *examples])] if examples else []
        parts = ["\n\n".join(self.notes), *listed, self.question]
        return "\n\n".join(part for part in parts if part)


def help_card(progress: ScenarioProgress) -> HelpCard | None:
    """The help that the learner's latest message calls for, if it calls for any."""
    intent, question = progress.intent, _question(progress)
    if intent.kind == "distress":
        return HelpCard("distress", (_say(progress, "distress"),))
    if intent.kind in STUCK and not progress.is_question:
        return _stuck(progress, question)
    if intent.kind == "report":
        return HelpCard("report", _report(progress), question=_again(progress, question))
    if intent.about_language:
        return HelpCard(intent.kind, _about_language(progress), question=_again(progress, question))
    return None


def _question(progress: ScenarioProgress) -> Move | None:
    """The question that stands: the current one, or after two tries at it another."""
    again = progress.intent.kind == "stuck" and progress.is_stuck_again()
    return (progress.next_question() if again else None) or progress.current


def _stuck(progress: ScenarioProgress, question: Move | None) -> HelpCard:
    opening = _say(progress, "own_language" if progress.intent.kind == "own_language" else "no_problem")
    if question is None:
        return HelpCard(progress.intent.kind, (opening,))
    level, notes = progress.talk.level, [opening]
    if meaning := _meaning(progress, question):
        notes.append(_say(progress, "means", meaning=meaning))
    if level != "A1" and question.at(level) != question.at("A1"):
        notes.append(_say(progress, "simpler", line=question.at("A1")))
    answers = tuple(answer.replace("___", "…") for answer in question.answers)
    return HelpCard(progress.intent.kind, tuple(notes), _say(progress, "answers"), answers, question.at(level))


def _again(progress: ScenarioProgress, question: Move | None) -> str:
    return f"{_say(progress, 'again')} {question.at(progress.talk.level)}" if question is not None else ""


def _about_language(progress: ScenarioProgress) -> tuple[str, ...]:
    kind, word = progress.intent.kind, progress.intent.about
    if kind in {"was_that_right", "correct_me"}:
        return _checked(progress)
    if kind not in {"meaning", "how_to_say"}:
        return (_say(progress, "grammar_unknown"),)
    studied, own = progress.lines.language, base(progress.talk.own_language)
    into = own if glossary.knows(own) else _FALLBACK
    if meaning := glossary.translated(word, studied, into):
        return (_say(progress, "word_means", word=word, meaning=meaning),)
    if translation := glossary.translated(word, into, studied) or glossary.translated(word, _FALLBACK, studied):
        return (_say(progress, "word_is", word=word, translation=translation),)
    notes = [_say(progress, "word_unknown", word=word)]
    current = progress.current
    if kind == "meaning" and current is not None and (meaning := _meaning(progress, current)):
        notes.append(_say(progress, "means", meaning=meaning))
    return tuple(notes)


def _checked(progress: ScenarioProgress) -> tuple[str, ...]:
    """What rules find in the learner's latest messages; a dictionary and the model look at them beside the talk."""
    known = correction_language(progress.lines.language)
    if known is None:
        return (_say(progress, "check_unknown"),)
    latest = progress.messages[-CHECKED_MESSAGES - 1 :]
    sentences = [sentence.text for text in latest for sentence in sentences_of(text)]
    found = [with_neighbours(text, one) for text in sentences for one in by_rule(text, known)]
    if not found:
        return (_say(progress, "check_nothing"),)
    return tuple(_mended(progress, one) for one in found[-CHECKED_FINDINGS:])


def _mended(progress: ScenarioProgress, finding: Finding) -> str:
    own = base(progress.talk.own_language)
    why = explanation(finding.kind, own) if own in explained_languages() else None
    change = _say(progress, "check_found", old=finding.old, new=finding.new or "–")
    return f"{change} {why.why}" if why is not None else change


def _meaning(progress: ScenarioProgress, question: Move) -> str:
    """The question in the own language: as it is translated, or as the same scenario asks it there; or else in English.

    What is translated says something of its own: "Why are you learning Spanish?" is not what is asked in English.
    """
    own, level = base(progress.talk.own_language), progress.talk.level
    if translated := question.meaning(own) or question.meaning(_FALLBACK):
        return translated
    there = progress.scenario.lines.get(own) or progress.scenario.lines.get(_FALLBACK)
    sibling = there.move(question.id) if there is not None else None
    return sibling.at(level) if sibling is not None else ""


def _report(progress: ScenarioProgress) -> tuple[str, ...]:
    own, met = base(progress.talk.own_language), progress.goals_met()
    goals = [(goal.title.get(own) or goal.title[_FALLBACK], goal.id in met) for goal in progress.scenario.goals]
    done, left = ([title for title, is_met in goals if is_met is wanted] for wanted in (True, False))
    notes = [_say(progress, "report_free", count=str(len(progress.messages) - 1))]
    notes += [_say(progress, "report_done", goals="; ".join(done))] if done else []
    notes += [_say(progress, "report_open", goals="; ".join(left))] if left else []
    return tuple(notes)


def _say(progress: ScenarioProgress, name: str, **places: str) -> str:
    return sentence(name, progress.talk.own_language).format(**places)


def sentence(name: str, own_language: str) -> str:
    """One of the sentences around the help, in the own language or else in English."""
    return (_sentences(base(own_language)) or _sentences(_FALLBACK))[name]


@cache
def _sentences(language: str) -> Mapping[str, str]:
    file = files(__package__).joinpath(f"{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
