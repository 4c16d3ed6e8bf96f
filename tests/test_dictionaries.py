"""Spelling where a dictionary is installed, silence where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from tutor import dictionaries
from tutor.dialogue.corrections import correction_language, findings


@pytest.fixture(autouse=True)
def _fresh() -> None:
    dictionaries._loaded.cache_clear()


@pytest.mark.parametrize("language", sorted(dictionaries.NAMES))
def test_what_ci_installs_is_found(language: str) -> None:
    assert dictionaries.dictionary(language) is not None


def test_a_misspelt_word_is_found_and_a_right_one_is_not() -> None:
    spanish = dictionaries.dictionary("es")
    assert spanish is not None
    assert (spanish.knows("perro"), spanish.knows("perrro")) == (True, False)
    assert "perro" in spanish.suggestions("perrro")


def test_a_sentence_is_looked_at_with_it() -> None:
    known = correction_language("es")
    assert known is not None
    found = findings("Tengo una hermana pequena.", known, speller=dictionaries.dictionary("es"))
    assert [(one.old, one.new, one.certainty) for one in found] == [("pequena", "pequeña", "sure")]


def test_without_a_dictionary_there_is_none(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(dictionaries, "SYSTEM_FOLDERS", ())
    assert dictionaries.dictionary("es") is None
    assert dictionaries.dictionary("ja") is None


def test_own_folder_comes_first(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    own = tmp_path / "dictionaries"
    own.mkdir()
    (own / "es_ES.aff").write_text("SET UTF-8\n")
    (own / "es_ES.dic").write_text("1\nperrro\n")
    assert dictionaries.found_at("es") == ("es_ES", own)
    spanish = dictionaries.dictionary("es")
    assert spanish is not None
    assert spanish.knows("perrro")


def test_a_broken_dictionary_is_none(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    (tmp_path / "dictionaries").mkdir()
    (tmp_path / "dictionaries" / "es_ES.dic").write_text("")
    assert dictionaries.dictionary("es") is None
