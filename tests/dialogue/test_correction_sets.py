"""The sentences that corrections are measured with: enough of them, held out where they say so; how they are scored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench.correcting import page
from tests.bench.correcting.scores import RULES_ALONE, Score, chosen, score, score_generated
from tests.bench.correcting.sets import Sentence, authored, essays, some
from tutor.dialogue.corrections import Deviation, correction_language, correction_languages
from tutor.dialogue.corrections.language import CorrectionLanguage

LANGUAGES = correction_languages()


def spanish() -> CorrectionLanguage:
    found = correction_language("es")
    assert found is not None
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hundred_wrong_and_a_hundred_clean_sentences_a_language(language: str) -> None:
    sentences = [*authored("a", language), *authored("b", language)]
    wrong = [one for one in sentences if one.right]
    assert len(wrong) >= 100
    assert len(sentences) - len(wrong) >= 100
    assert [one.text for one in wrong if one.text in one.right] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_held_out_is_in_no_example_and_in_no_other_half(language: str) -> None:
    known = correction_language(language)
    assert known is not None
    chosen_with = [one.text for one in authored("a", language)]
    held_out = [one.text for one in authored("b", language)]
    shown = {wrong for wrong, _ in known.examples}
    assert len(set(chosen_with + held_out)) == len(chosen_with) + len(held_out)
    assert shown & {*chosen_with, *held_out} == set()


def test_an_answer_is_right_on_the_way_to_a_reference_and_a_clean_sentence_counts_what_it_was_shown() -> None:
    found = score(
        spanish(),
        None,
        [
            Sentence("Me gusta los gatos y soy hambre.", ("Me gustan los gatos y tengo hambre.",)),
            Sentence("Me gusta los perros.", ("Me encanta los perros.",)),
            Sentence("La agua es buena.", ()),
            Sentence("El agua es buena.", ()),
        ],
        RULES_ALONE,
    )
    assert (found.wrong, found.located, found.clean, found.clean_sure, found.clean_any) == (2, 2, 2, 1, 1)
    assert (found.sure, found.sure_right) == (4, 2)
    assert (found.gold, found.recovered) == (3, 2)


def test_margins_leave_clean_sentences_alone_and_what_was_written_freely_is_scored_beside() -> None:
    half = [
        Sentence("Yo comi pan ayer.", ("Yo comí pan ayer.",)).answered(
            [Deviation(3, 4.0, "comí", 5.0)], "Yo comí pan ayer."
        ),
        Sentence("El tren llega tarde.", ()).answered([Deviation(3, 2.0, "bus", 5.0)], "El bus llega tarde."),
    ]
    margins = chosen(spanish(), None, half)
    assert 2.0 < margins.place <= 4.0
    assert score(spanish(), None, half, margins).clean_any == 0
    free = score_generated(half)
    assert (free.located, free.clean_any, free.shown, free.shown_right) == (1, 1, 2, 1)


def test_essays_are_read_from_a_folder_and_some_are_taken_evenly(tmp_path: Path) -> None:
    rows = [{"src": f"Frase {n}.", "refs": [f"La frase {n}."], "clean": n % 2 == 0} for n in range(10)]
    (tmp_path / "es.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "xx.jsonl").write_text("")
    read = essays(tmp_path)
    assert list(read) == ["es"]
    assert [one.text for one in some(read["es"], 2)] == ["Frase 1.", "Frase 5.", "Frase 0.", "Frase 4."]
    assert [bool(one.right) for one in some(read["es"], None)].count(True) == 5


def test_a_row_measured_again_takes_the_place_of_its_older_self(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "corrections.md"
    kept.write_text("# Page\n<!-- es -->\n<!-- end of es -->\nmore\n")
    monkeypatch.setattr(page, "PAGE", kept)
    page.keep("es", [page.row("half b", "a model, margins 1 / 1 / 2", Score(wrong=2, located=1))])
    page.keep("es", [page.row("half b", "a model, margins 3 / 3 / 4", Score(wrong=2, located=2))])
    page.keep("es", [page.row("half b", "rules", Score())])
    rows = [line for line in kept.read_text().splitlines() if line.startswith("| half")]
    assert len(rows) == 2
    assert "| a model, margins 3 / 3 / 4 | 2 | 0 | 1.00 | – |" in rows[0]
    assert kept.read_text().endswith("more\n")
