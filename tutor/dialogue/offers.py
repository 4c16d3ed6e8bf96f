"""What a learner may begin, in which way, and what stands in the way of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tutor.dialogue import openers, scenario_files
from tutor.dialogue.free import FreeDialogue
from tutor.dialogue.guided import GuidedDialogue
from tutor.dialogue.message_signals import base
from tutor.dialogue.scenario import SPOKEN_LEVELS, Mode, Scenario
from tutor.dialogue.types import Dialogue, UnknownScenario

Obstacle = Literal["", "bigger_model", "no_lines"]


@dataclass(frozen=True)
class Offer:
    """A scenario, and how it would be held now: `mode` None where it cannot be, for the reason in `obstacle`.

    `lines_up_to`: the highest level that its lines are written for, where the learner's own is above it.
    """

    scenario: Scenario
    mode: Mode | None
    obstacle: Obstacle = ""
    lines_up_to: str = ""


def offers(language: str, level: str, *, guided_only: bool) -> Sequence[Offer]:
    """Every scenario for a studied language. `guided_only`: the model at hand is too small for free talk."""
    return [_offer(one, base(language), level, guided_only=guided_only) for one in scenario_files.shipped().values()]


def _offer(one: Scenario, language: str, level: str, *, guided_only: bool) -> Offer:
    if one.free and not guided_only:
        return Offer(one, "free")
    if one.held("guided", language):
        return Offer(one, "guided", lines_up_to="" if level in SPOKEN_LEVELS else SPOKEN_LEVELS[-1])
    return Offer(one, None, "bigger_model" if one.free else "no_lines")


def scenario(key: str, version: int | None = None) -> Scenario:
    """A scenario in the version a conversation began with, or where nobody keeps that, as it is now.
    Raises UnknownScenario."""
    older = scenario_files.version(key, version) if version is not None else None
    found = older or scenario_files.shipped().get(key)
    if found is None:
        raise UnknownScenario(key)
    return found


def scenario_title(key: str, studied: str, interface: str) -> str:
    """What a conversation is called: in the studied language where the scenario has lines, else in that of the
    interface. A scenario that is gone keeps its key."""
    found = scenario_files.shipped().get(key)
    if found is None:
        return key
    lines = found.lines.get(base(studied))
    return lines.title if lines is not None else found.named(interface)


def dialogue_for(key: str, *, guided: bool, language: str, version: int | None = None) -> Dialogue:
    """How a scenario is held. Raises UnknownScenario where it cannot be held like that."""
    found, spoken = scenario(key, version), base(language)
    if not found.held("guided" if guided else "free", spoken):
        raise UnknownScenario(f"{spoken}/{key}")
    return GuidedDialogue(found, spoken) if guided else FreeDialogue(key)


def languages(*, guided: bool) -> Sequence[str]:
    """The studied languages on offer, as BCP-47 codes: where there is a scenario, or an opener."""
    if guided:
        return sorted({language for one in scenario_files.shipped().values() for language in one.lines})
    return openers.languages()
