"""Grammalecte as a witness for French: its flag counts, its suggestion never alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.checkers import grammalecte, witnessed
from tutor.dialogue.corrections import Finding

SENTENCE = "Les enfants mange une pomme."
ANSWER = '{"data": [{"iParagraph": 1, "lGrammarErrors": [{"nStart": 12, "nEnd": 17, "aSuggestions": ["mangerons"]}]}]}'


@pytest.fixture(autouse=True)
def looked_for_anew() -> Iterator[None]:
    grammalecte.program.cache_clear()
    yield
    grammalecte.program.cache_clear()


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program of that name that answers so: it is told a file and options, as the real one is."""
    program = folder / grammalecte.PROGRAM
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def found(new: str = "mangent") -> Finding:
    return Finding(12, 17, "mange", new, "possible", "verb-agreement", ("probability", "generation"), 2.0)


def test_its_flag_seconds_what_mends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, f"grep -q 'enfants mange ' \"$3\" && echo '{ANSWER}' || echo '{{\"data\": []}}'")
    assert witnessed("fr", SENTENCE, [found()])[0].witnesses[-1] == "checker"
    (alone,) = witnessed("fr", SENTENCE, [])
    assert (alone.certainty, alone.new) == ("place", "")
    assert witnessed("es", SENTENCE, [found()]) == [found()]


@pytest.mark.parametrize("script", ["exit 3", "echo no", "echo '{}'"])
def test_odd_answers_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    install(tmp_path, monkeypatch, script)
    assert witnessed("fr", SENTENCE, [found()]) == [found()]


def test_where_it_is_not_installed_nobody_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert grammalecte.objections("fr", SENTENCE) == []


def test_the_real_one_leaves_a_right_sentence_alone() -> None:
    assert [SENTENCE[one.start : one.end] for one in grammalecte.objections("fr", SENTENCE)] == ["mange"]
    for right in ("J'ai mangé une pomme, et toi ?", "C'est l'été , il fait 30 degrés", "je m'appelle Xenogenesis"):
        assert grammalecte.objections("fr", right) == []
