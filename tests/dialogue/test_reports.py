"""The report that code makes of a talk: particular, true, and each claim with its quote."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.dialogue.talks import PRESET
from tutor.dialogue.corrections import by_rule, correction_language, sentences_of
from tutor.dialogue.reports import (
    Noted,
    ReportBody,
    SaidTurn,
    TalkRecord,
    praise_request,
    report_of,
    resolved,
    utterances_of,
    with_praise,
)
from tutor.dialogue.types import TalkContext

OPENER = ("", "¡Hola! Soy Carmen. ¿Qué quiere?")


def record(*turns: tuple[str, str], style: str = "market", language: str = "es", **more: Any) -> TalkRecord:
    """A talk, with what rules find in it on the cards of its turns."""
    said = [SaidTurn(number, text, reply, noted(text, language)) for number, (text, reply) in enumerate(turns)]
    own = more.pop("own", "en")
    return TalkRecord(TalkContext(language, own, "A2", style, 3, 0, utterances_of(said)), said, **more)


def noted(text: str, language: str) -> tuple[Noted, ...]:
    known = correction_language(language)
    found = [(one.start, finding) for one in sentences_of(text) if known for finding in by_rule(one.text, known)]
    placed = (replace(one, start=one.start + start, end=one.end + start) for start, one in found)
    return tuple(Noted(index, one) for index, one in enumerate(placed))


def merits(body: ReportBody) -> dict[str, tuple[str, str]]:
    return {one.merit: (one.quote.text, one.about) for one in body.praise}


def test_a_whole_talk() -> None:
    talk = record(
        OPENER,
        ("Buenos días. Quiero dos kilos de tomates, por favor.", "Muy bien. ¿Quiere también queso?"),
        ("La pan es bueno?", "Está muy bueno hoy. ¿Quiere queso?"),
        ("Quiero queso porque es muy rico.", "Aquí tiene. ¿Algo más?"),
        ("¿Cómo se dice bag?", "«bag» es «bolsa». ¿Algo más?"),
        ("¿Cuánto cuesta todo?", "Son diez euros. ¿Tarjeta o efectivo?"),
        ("Pago con tarjeta.", "Aquí lo tiene todo. ¡Muchas gracias y hasta pronto!"),
    )
    body = report_of(talk)
    assert body.met == ("ask_for", "quantity", "price", "pay")
    assert merits(body) == {
        "asked_word": ("¿Cómo se dice bag?", ""),
        "reason": ("Quiero queso porque es muy rico.", "porque"),
        "question": ("¿Cuánto cuesta todo?", ""),
    }
    (work,) = body.to_work_on
    assert (work.quote.text, work.old, work.new, work.certainty) == ("La pan es bueno?", "La", "El", "sure")
    assert [(one.word, one.meaning) for one in body.words][:2] == [("bolsa", "bag"), ("efectivo", "cash")]
    assert resolved(body, talk) == body
    assert ReportBody.model_validate(json.loads(body.model_dump_json())) == body


def test_what_was_corrected_and_is_right_later_is_told_and_no_more_to_work_on() -> None:
    talk = record(OPENER, ("La pan es bueno?", "Sí."), ("Sí, el pan es muy bueno.", "Vale."))
    body = report_of(talk)
    assert merits(body)["repaired"] == ("Sí, el pan es muy bueno.", "El pan")
    assert body.to_work_on == ()


def test_one_word_alone_proves_nothing_of_an_article() -> None:
    body = report_of(record(OPENER, ("La pan es bueno?", "Sí."), ("El queso es bueno.", "Vale.")))
    assert "repaired" not in merits(body)
    assert len(body.to_work_on) == 1


def test_a_sentence_with_a_mistake_in_it_is_not_praised() -> None:
    body = report_of(record(OPENER, ("Quiero la pan porque yo tiene hambre, por favor.", "Vale.")))
    assert body.praise == ()
    assert body.to_work_on


def test_what_the_learner_disputes_is_left_out_at_once() -> None:
    talk = record(OPENER, ("La pan es bueno?", "Sí."))
    body = report_of(talk)
    turn = talk.turns[1]
    disputed = replace(turn, notes=tuple(replace(note, disputed=True) for note in turn.notes))
    later = replace(talk, turns=[talk.turns[0], disputed])
    assert body.to_work_on
    assert resolved(body, later).to_work_on == report_of(later).to_work_on == ()


def test_a_slip_is_nothing_to_work_on() -> None:
    talk = record(OPENER, ("La pan es bueno.", "Sí. ¿Algo más?"))
    opener, wrong = talk.turns
    slips = tuple(replace(note, finding=replace(note.finding, slip=True)) for note in wrong.notes)
    assert report_of(talk).to_work_on
    assert not report_of(replace(talk, turns=[opener, replace(wrong, notes=slips)])).to_work_on


def test_what_cannot_be_read_is_not_quoted() -> None:
    talk = record(
        OPENER, ("Quiero queso porque es rico. La pan es bueno.", "Vale. ¿Tarjeta o efectivo?"), ("Sí.", "Vale.")
    )
    body = report_of(talk)
    assert body.praise
    assert body.to_work_on
    assert body.words
    rest = resolved(body, replace(talk, turns=[talk.turns[0], talk.turns[2]]))
    assert (rest.praise, rest.to_work_on, rest.words) == ((), (), ())


@pytest.mark.parametrize("words", ["", "jkljklj", "no entiendo nada", "f*** you stupid robot", "quiero morir", "ok"])
def test_where_there_is_nothing_to_praise_nothing_is(words: str) -> None:
    assert report_of(record(OPENER, (words, "Vale."))).praise == ()


def test_words_are_new_only_where_earlier_talks_are_known() -> None:
    turns = (OPENER, ("Quiero manzanas y naranjas.", "Vale."))
    assert "first_words" not in merits(report_of(record(*turns)))
    told = merits(report_of(record(*turns, earlier_words=frozenset({"quiero", "manzanas"}))))
    assert told["first_words"] == ("Quiero manzanas y naranjas.", "naranjas")


@pytest.mark.parametrize(
    ("language", "words", "merit", "about"),
    [
        ("fr", "Je voudrais du pain.", "polite", "je voudrais"),
        ("fr", "J'aime le cinéma parce qu'il fait froid.", "reason", "parce que"),
        ("de", "Ich lerne Deutsch, weil es schön ist.", "reason", "weil"),
        ("en", "I would like a coffee.", "polite", "i would like"),
        ("it", "Vorrei un caffè.", "polite", "vorrei"),
        ("pt", "Gosto do mar porque é azul.", "reason", "porque"),
    ],
)
def test_signs_in_other_languages(language: str, words: str, merit: str, about: str) -> None:
    told = merits(report_of(record(("", "…"), (words, "…"), style="free", language=language, own="es")))
    assert told[merit] == (words, about)


def test_a_question_in_the_own_language_is_none_in_the_language_studied() -> None:
    told = merits(report_of(record(OPENER, ("what does queso mean?", "cheese"), ("how much is it?", "Dos euros."))))
    assert told == {}


def test_three_kinds_at_most_the_sure_and_the_frequent_first() -> None:
    turns = [
        OPENER,
        ("La pan es bueno.", "x"),
        ("Yo tiene hambre.", "x"),
        ("Yo tiene sed.", "x"),
        ("El agua está fría.", "x"),
    ]
    work = report_of(record(*turns)).to_work_on
    assert [(one.kind, one.times) for one in work] == [("verb-agreement", 2), ("gender", 1)]


# What a bigger model adds -----------------------------------------------------------------------------------------

TALK = record(
    OPENER,
    ("Busco unas manzanas rojas y dulces.", "Muy bien."),
    ("La pan es bueno.", "Sí."),
    ("Mi mother murió y quiero morir.", "…"),
    style="free",
)


def added(*passages: tuple[str, str]) -> list[tuple[str, str]]:
    body = report_of(TALK).model_copy(update={"praise": ()})
    content = json.dumps({"well": [{"quote": quote, "why": why} for quote, why in passages]})
    return [(one.quote.text, one.about) for one in with_praise(body, content, TALK).praise]


def test_a_models_praise_stands_on_a_quote_that_is_found() -> None:
    why = "“Rojas” agrees with “manzanas”."
    assert added(("unas  manzanas ROJAS", why)) == [("unas manzanas rojas", why)]


@pytest.mark.parametrize(
    ("quote", "why"),
    [
        ("unas peras verdes", "“Peras” is a good word."),
        ("Muy bien", "“Bien” is good."),
        ("manzanas rojas", "Great job, keep it up!"),
        ("manzanas rojas", ""),
        ("manzanas rojas", "manzanas " * 40),
        ("La pan es bueno", "“Pan” is a good word."),
        ("quiero morir", "“Quiero” is the right form."),
        ("manz", "“manz” is good."),
    ],
)
def test_what_does_not_hold_is_dropped(quote: str, why: str) -> None:
    assert added((quote, why)) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"well": 3}', '{"well": [{"quote": 1, "why": null}]}', "👍"])
def test_an_answer_that_is_none_changes_nothing(content: str) -> None:
    body = report_of(TALK)
    assert with_praise(body, content, TALK) == body


def test_what_the_model_is_asked() -> None:
    request = praise_request(TALK, PRESET, "report-1")
    asked = request.messages[1]["content"]
    assert asked == "1. Busco unas manzanas rojas y dulces.\n2. La pan es bueno."
    assert "Spanish at level A2" in request.messages[0]["content"]
    assert request.format is not None
    assert request.options["num_ctx"] == PRESET["num_ctx"]
