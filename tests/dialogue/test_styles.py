"""What a learner may choose."""

from __future__ import annotations

import pytest

from tutor.dialogue import UnknownStyle, dialogue_for, languages, scenario, styles


def test_free_styles_are_there_for_every_language() -> None:
    for language in ("es", "ja", "fi"):
        offered = styles(guided=False, language=language)
        assert [style.key for style in offered][:2] == ["patient", "children"]
        assert all(style.languages is None and not style.guided for style in offered)
        assert all(not dialogue_for(style.key, guided=False, language=language).guided for style in offered)


@pytest.mark.parametrize("language", languages(guided=True))
def test_guided_styles_are_scenarios_of_the_language(language: str) -> None:
    for style in styles(guided=True, language=language):
        assert style.guided
        assert style.languages == frozenset({language})
        assert dialogue_for(style.key, guided=True, language=language).guided
        assert scenario(style.key, language).version == style.version


def test_a_region_is_no_other_language() -> None:
    assert styles(guided=True, language="es-MX") == styles(guided=True, language="es")
    assert dialogue_for("market", guided=True, language="es-MX").guided


def test_no_scenario_no_guided_talk() -> None:
    assert list(styles(guided=True, language="fi")) == []


@pytest.mark.parametrize(
    ("key", "guided", "language"), [("market", True, "fi"), ("../x", False, "es"), ("patient", True, "es")]
)
def test_unknown_styles_are_refused(key: str, guided: bool, language: str) -> None:
    with pytest.raises(UnknownStyle):
        dialogue_for(key, guided=guided, language=language)
