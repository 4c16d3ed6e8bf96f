"""The ways of talking that a learner may choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tutor.dialogue import openers
from tutor.dialogue.free import FreeDialogue
from tutor.dialogue.guided import GuidedDialogue
from tutor.dialogue.scenario import Scenario, shipped
from tutor.dialogue.types import Dialogue, Style, UnknownStyle

_FREE: Final = tuple(
    Style(key=key, version=1, guided=False, languages=None)
    for key in ("patient", "children", "market", "restaurant", "town", "free")
)


def styles(*, guided: bool, language: str) -> Sequence[Style]:
    """What may be chosen for a language; for guided talk none where no scenario is written in it."""
    if not guided:
        return _FREE
    return [_style(one) for (written_in, _), one in shipped().items() if written_in == _base(language)]


def dialogue_for(style_key: str, *, guided: bool, language: str) -> Dialogue:
    """The dialogue behind a style. Raises UnknownStyle."""
    if guided:
        return GuidedDialogue(scenario(style_key, language))
    if style_key not in {style.key for style in _FREE}:
        raise UnknownStyle(style_key)
    return FreeDialogue(style_key)


def scenario(style_key: str, language: str) -> Scenario:
    """The authored scenario of a guided style, with its title and goals. Raises UnknownStyle."""
    found = shipped().get((_base(language), style_key))
    if found is None:
        raise UnknownStyle(f"{language}/{style_key}")
    return found


def languages(*, guided: bool) -> Sequence[str]:
    """The studied languages on offer, as BCP-47 codes: where there is a scenario, or an opener."""
    if guided:
        return sorted({language for language, _ in shipped()})
    return openers.languages()


def _style(one: Scenario) -> Style:
    return Style(key=one.key, version=one.version, guided=True, languages=frozenset({one.language}))


def _base(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()
