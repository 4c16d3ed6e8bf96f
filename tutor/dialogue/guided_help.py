"""What help in a guided talk is made from: the question that stands, as people wrote and translated it."""

from __future__ import annotations

from tutor.dialogue.help_cards import Asking, StandingQuestion
from tutor.dialogue.help_cards.sentences import FALLBACK
from tutor.dialogue.message_signals import base
from tutor.dialogue.scenario import Move
from tutor.dialogue.selection import ScenarioProgress


def asking_of(progress: ScenarioProgress) -> Asking:
    """All that a help card may be made from."""
    move, talk = progress.standing_question(), progress.talk
    return Asking(
        progress.intent,
        progress.lines.language,
        talk.own_language,
        _standing(progress, move) if move is not None else None,
        progress.messages,
        progress.told,
        _goals(progress),
    )


def _standing(progress: ScenarioProgress, move: Move) -> StandingQuestion:
    """The question with its meaning: as it is translated, or as the same scenario asks it in the own language; or else
    in English. What is translated says something of its own: "Why are you learning Spanish?"."""
    own, level = base(progress.talk.own_language), progress.talk.level
    for language in (own, FALLBACK):
        if meaning := move.meaning(language):
            return StandingQuestion(move.at(level), meaning, language == own)
    for language in (own, FALLBACK):
        there = progress.scenario.lines.get(language)
        if there is not None and (sibling := there.move(move.id)) is not None:
            return StandingQuestion(move.at(level), sibling.at(level), language == own)
    return StandingQuestion(move.at(level))


def _goals(progress: ScenarioProgress) -> tuple[tuple[str, bool], ...]:
    own, met = base(progress.talk.own_language), progress.goals_met()
    return tuple((goal.title.get(own) or goal.title[FALLBACK], goal.id in met) for goal in progress.scenario.goals)
