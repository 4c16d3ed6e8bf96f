"""The scenarios that a learner may choose from, as the page shows them; those that cannot be begun now, with why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tutor.classrooms.models import Study
from tutor.dialogue import Offer, Scenario, UnknownScenario, offers, scenario

_OBSTACLES: Final[dict[str, str | Promise]] = {
    "bigger_model": _("Needs a bigger model: the one at hand leads only talks whose lines were written beforehand."),
    "no_lines": _("Nobody has written the lines of this talk in this language yet."),
}


@dataclass(frozen=True)
class ScenarioCard:
    """A scenario in the language of the interface. `obstacle`: in words, why it cannot be begun now."""

    key: str
    title: str
    sentence: str
    own_title: str = ""
    guided: bool = False
    obstacle: str = ""
    lines_up_to: str = ""


def scenario_cards(study: Study, *, guided_only: bool) -> list[ScenarioCard]:
    """Those that can be begun stand first."""
    cards = [_card(one, study.language) for one in offers(study.language, study.level, guided_only=guided_only)]
    return sorted(cards, key=lambda card: bool(card.obstacle))


def scenario_card(key: str) -> ScenarioCard:
    """The scenario of a conversation; one that is gone keeps its key as a title."""
    try:
        return _named(scenario(key))
    except UnknownScenario:
        return ScenarioCard(key, key, "")


def _card(offer: Offer, studied: str) -> ScenarioCard:
    named = _named(offer.scenario)
    lines = offer.scenario.lines.get(studied.split("-", maxsplit=1)[0])
    return ScenarioCard(
        key=named.key,
        title=named.title,
        sentence=named.sentence,
        own_title=lines.title if lines is not None else "",
        guided=offer.mode == "guided",
        obstacle=str(_OBSTACLES.get(offer.obstacle, "")),
        lines_up_to=offer.lines_up_to,
    )


def _named(one: Scenario) -> ScenarioCard:
    interface = (get_language() or "en").split("-")[0]
    return ScenarioCard(one.key, one.named(interface), one.described(interface))
