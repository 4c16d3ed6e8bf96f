"""The word list: what stands in it is found as a learner writes it, and shown so that it can be read."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from tutor.dialogue import glossary
from tutor.dialogue.glossary import senses


@pytest.mark.parametrize(
    ("word", "language", "into", "shown"),
    [
        ("perros", "es", "en", "dog"),
        ("il cane", "it", "es", "perro"),
        ("gatti", "it", "en", "cat"),
        ("cat", "en", "it", "gatto"),
        ("犬", "ja", "en", "dog"),
        ("いぬ", "ja", "en", "dog"),
        ("inu", "ja", "es", "perro"),
        ("たべます", "ja", "en", "to eat"),
        ("onamae", "ja", "en", "name"),
        ("horse", "en", "ja", "馬 (うま, uma)"),
        ("manzana", "es", "ja", "りんご (ringo)"),
        ("zzz", "ja", "en", ""),
        ("maçãs", "pt", "en", "apple"),
        ("cachorro", "pt", "de", "Hund"),
        ("towel", "en", "pt", "toalha"),
    ],
)
def test_a_word_is_found(word: str, language: str, into: str, shown: str) -> None:
    assert " / ".join(senses(word, language, into)) == shown


def test_each_row_has_a_word_in_each_language() -> None:
    with files(glossary).joinpath("words.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [row for row in rows for cell in row.values() if not (cell or "").strip()] == []
