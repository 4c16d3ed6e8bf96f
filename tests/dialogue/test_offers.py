"""What a learner may begin, with a big model and with a small one."""

from __future__ import annotations

import pytest

from tutor.dialogue import UnknownScenario, dialogue_for, languages, offers, scenario, scenario_title
from tutor.dialogue.offers import Offer


def by_key(language: str, level: str = "A2", *, guided_only: bool) -> dict[str, Offer]:
    return {one.scenario.key: one for one in offers(language, level, guided_only=guided_only)}


def test_a_big_model_talks_freely_where_a_prompt_says_how_and_leads_the_rest() -> None:
    found = by_key("es", guided_only=False)
    assert {key for key, one in found.items() if one.mode == "free"} == {
        "market", "patient", "children", "restaurant", "town", "free"
    }  # fmt: skip
    assert {key for key, one in found.items() if one.mode == "guided"} == {
        "acquaintance", "home", "day", "weekend", "travel"
    }  # fmt: skip


def test_a_small_model_leads_what_has_lines_and_says_why_not_the_rest() -> None:
    found = by_key("es", guided_only=True)
    assert {key for key, one in found.items() if one.mode == "guided"} == {
        "acquaintance", "home", "day", "weekend", "market", "restaurant", "town", "travel"
    }  # fmt: skip
    assert found["patient"].obstacle == "bigger_model"
    assert found["patient"].mode is None


def test_a_language_without_lines_has_none_to_lead() -> None:
    assert all(one.mode is None for one in by_key("fi", guided_only=True).values())
    assert by_key("fi", guided_only=True)["weekend"].obstacle == "no_lines"
    assert by_key("fi", guided_only=False)["weekend"].obstacle == "no_lines"
    assert by_key("fi", guided_only=False)["patient"].mode == "free"


@pytest.mark.parametrize(("level", "said"), [("A1", ""), ("B1", ""), ("B2", "B1"), ("C1", "B1")])
def test_a_level_without_lines_of_its_own_is_said(level: str, said: str) -> None:
    assert by_key("fr", level, guided_only=True)["weekend"].lines_up_to == said
    assert by_key("fr", level, guided_only=False)["patient"].lines_up_to == ""


def test_a_region_is_no_other_language() -> None:
    assert by_key("es-MX", guided_only=True) == by_key("es", guided_only=True)
    assert dialogue_for("market", guided=True, language="es-MX").guided


def test_what_is_on_offer_can_be_held() -> None:
    for language in languages(guided=True):
        for guided_only in (True, False):
            for one in by_key(language, guided_only=guided_only).values():
                if one.mode is not None:
                    guided = one.mode == "guided"
                    assert dialogue_for(one.scenario.key, guided=guided, language=language).guided is guided


@pytest.mark.parametrize(
    ("key", "guided", "language"), [("market", True, "fi"), ("../x", False, "es"), ("patient", True, "es")]
)
def test_what_cannot_be_held_is_refused(key: str, guided: bool, language: str) -> None:
    with pytest.raises(UnknownScenario):
        dialogue_for(key, guided=guided, language=language)


def test_a_talk_begun_in_a_version_that_nobody_keeps_goes_on_in_the_present_one() -> None:
    assert scenario("market", 1) == scenario("market", 3) == scenario("market")


def test_a_title_is_in_the_studied_language_or_that_of_the_interface() -> None:
    assert scenario_title("market", "fr", "es") == "Au marché"
    assert scenario_title("market", "fi", "es") == "En el mercado"
    assert scenario_title("patient", "es", "de") == "Patient language tutor"
    assert scenario_title("gone", "es", "en") == "gone"
