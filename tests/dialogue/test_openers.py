"""The first words of free talks."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tutor.dialogue import languages
from tutor.dialogue.openers import _of, opener
from tutor.dialogue.prompts import language_name

WRITTEN = {"es", "en", "fr", "de", "it", "pt", "ja", "zh-Hans", "ko", "nl", "sv", "pl", "ru", "uk", "ar"} | {
    "da", "cs", "tr", "el",
}  # fmt: skip
KINDS = {"simple": 3, "fuller": 2, "children": 2, "market": 1, "restaurant": 1, "town": 1}


def test_the_languages() -> None:
    assert set(languages(guided=False)) >= WRITTEN


@pytest.mark.parametrize("language", languages(guided=False))
def test_each_language_has_every_kind_and_each_opener_one_question(language: str) -> None:
    written = _of(language)
    assert {kind: len(written[kind]) for kind in written}.items() >= KINDS.items()
    texts = [text for kind in written.values() for text in kind]
    assert len(set(texts)) == len(texts)
    for text in texts:
        # In Greek a question ends with what elsewhere is a semicolon.
        assert sum(text.count(mark) for mark in "?？؟;") == 1
        assert text == unicodedata.normalize("NFC", text).strip()


def test_the_readme_names_them_all() -> None:
    """In English, and how many there are."""
    readme = Path(__file__).parents[2].joinpath("README.md").read_text()
    names = [language_name(tag).partition(" (")[0] for tag in languages(guided=False)]
    assert f"{len(names)} languages can be studied" in readme
    assert [name for name in names if name not in readme] == []


def test_the_seed_chooses_and_stays() -> None:
    assert opener("es", "patient", "A1", 4) == opener("es", "patient", "A1", 4)
    assert len({opener("es", "patient", "A1", seed) for seed in range(6)}) == 3


def test_level_and_style_matter() -> None:
    assert opener("en", "patient", "A1", 0) != opener("en", "patient", "B2", 0)
    assert "animal" in opener("en", "children", "B2", 0)


@pytest.mark.parametrize(
    ("asked", "like"), [("pt-BR", "pt"), ("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("ES", "es"), ("fi", "en")]
)
def test_the_nearest_language(asked: str, like: str) -> None:
    assert opener(asked, "patient", "A1", 0) == opener(like, "patient", "A1", 0)
