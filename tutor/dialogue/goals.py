"""How far a talk has come: which of its scenario's goals are met, and whether it is over. Read from its words alone.

A goal is met by what the learner has said, never by what the tutor has; a denial meets nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from tutor.dialogue import scenario_files
from tutor.dialogue.intents import intent_of
from tutor.dialogue.message_signals import base
from tutor.dialogue.scenario import Goal
from tutor.dialogue.selection import ScenarioProgress
from tutor.dialogue.types import TalkContext

# open: goals are left, or there are none. reached: all are met. over: the tutor has said its last line.
Stage = Literal["open", "reached", "over"]


@dataclass(frozen=True)
class TalkProgress:
    """The goals met, by their ids; `asks_how_it_went`: the latest message asks for the report."""

    met: tuple[str, ...] = ()
    stage: Stage = "open"
    asks_how_it_went: bool = False


NOTHING_YET: Final = TalkProgress()


def goals_of(key: str, version: int, language: str) -> tuple[Goal, ...]:
    """The goals of a scenario that can be heard in a studied language: where it has lines in it, its topics are known.

    None where the scenario has none, or is gone.
    """
    found = scenario_files.version(key, version) or scenario_files.shipped().get(key)
    return found.goals if found is not None and base(language) in found.lines else ()


def talk_progress(talk: TalkContext) -> TalkProgress:
    """How far this talk has come, guided or free."""
    asks = _latest_asks(talk)
    progress = scenario_progress(talk)
    if progress is None:
        return TalkProgress(asks_how_it_went=asks)
    met = progress.goals_met()
    reached: Stage = "reached" if met and len(met) == len(progress.scenario.goals) else "open"
    return TalkProgress(met, "over" if progress.ended() else reached, asks)


def moves_on(talk: TalkContext) -> bool:
    """Whether the latest message may have changed how far this talk has come."""
    return bool(goals_of(talk.style, talk.style_version, talk.language)) or _latest_asks(talk)


def scenario_progress(talk: TalkContext) -> ScenarioProgress | None:
    """The talk read against its scenario; None where that has no goals, or no lines in this language."""
    if not goals_of(talk.style, talk.style_version, talk.language):
        return None
    found = scenario_files.version(talk.style, talk.style_version) or scenario_files.shipped()[talk.style]
    return ScenarioProgress(found, found.lines[base(talk.language)], talk)


def _latest_asks(talk: TalkContext) -> bool:
    said = [one.text for one in talk.utterances if one.speaker == "learner"]
    return bool(said) and intent_of(said[-1], talk.language, talk.own_language).kind == "report"
