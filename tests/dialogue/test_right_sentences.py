"""Sentences that are right, and in which a rule might see a mistake: no rule touches one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.dialogue.corrections import by_rule, correction_language

FOLDER = Path(__file__).parent / "right"


@pytest.mark.parametrize("language", sorted(file.stem for file in FOLDER.iterdir()))
def test_what_is_right_is_left_alone(language: str) -> None:
    known = correction_language(language)
    assert known is not None
    sentences = (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    touched = {one: [f"{it.old} → {it.new}" for it in found] for one in sentences if (found := by_rule(one, known))}
    assert touched == {}
