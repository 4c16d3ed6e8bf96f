"""Whatever is quoted stands in the talk, sign for sign: in every script, with every mark, wherever it is cut."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.dialogue.reports.quotes import LONGEST_QUOTE, Quote, Said, find_quote, quote

PIECES = (
    "manzana", "café", "cafe\u0301", "niño", "Straße", "İstanbul", "s’il", "l'eau", "¿Qué", "¡Hola!",
    "مرحبا", "כלב", "犬が好き", "👩‍👩‍👧", "🇪🇸🇫🇷", "👍🏽", "e\u0301\u0323", "\u200f", "\u2067", "\u200b", "\x00",
    " ", "\n", "\t", "\u00a0", ".", "?", "…", "-", "'",
)  # fmt: skip
messages = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8), st.just(" ")), max_size=60).map("".join)


def said(*texts: str) -> Said:
    return {("learner", number): text for number, text in enumerate(texts)}


talks = st.lists(messages, min_size=1, max_size=4).map(lambda texts: said(*texts))


@given(messages, st.integers(0, 700), st.integers(0, 700))
def test_what_is_cut_out_of_a_message_resolves_in_it(message: str, start: int, end: int) -> None:
    found = quote("learner", 0, message, min(start, len(message)), min(end, len(message)))
    if found is not None:
        assert found.resolves(said(message))
        assert len(found.text) <= LONGEST_QUOTE
        assert found.text == found.text.strip()


@given(talks, st.data())
def test_words_of_the_talk_are_found_and_shown_as_they_stand(talk: Said, data: st.DataObject) -> None:
    message = data.draw(st.sampled_from(list(talk.values())))
    start = data.draw(st.integers(0, len(message)))
    end = data.draw(st.integers(start, len(message)))
    found = find_quote(message[start:end], talk)
    if found is not None:
        assert found.resolves(talk)


@given(talks, st.text(max_size=30))
def test_what_was_not_said_is_never_shown(talk: Said, words: str) -> None:
    found = find_quote(words, talk)
    assert found is None or found.resolves(talk)
    if found is not None and not found.cut:
        assert plain(found.text) == plain(words)


def plain(text: str) -> str:
    seen = "".join(one for one in text if unicodedata.category(one) not in {"Cf", "Cc"} or one.isspace())
    return " ".join(unicodedata.normalize("NFC", seen.casefold()).split())


@given(talks, st.data())
def test_nothing_is_left_of_what_was_erased(talk: Said, data: st.DataObject) -> None:
    number, message = data.draw(st.sampled_from([(turn, text) for (_, turn), text in talk.items()]))
    found = quote("learner", number, message, 0, len(message))
    if found is not None:
        assert not found.resolves({})
        assert not found.resolves({("learner", number): ""})
        assert not found.resolves({("tutor", number): message})


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("CAFÉ CON leche", "cafe\u0301 con\n leche"),
        ("s'il vous", "s’il vous"),
        ("quiero", "Quiero"),
        ("“quiero", None),
        ("leche 👩‍👩‍👧", "leche 👩‍👩‍👧"),
        ("leche 👩", None),
        ("cafe", None),
        ("quier", None),
        ("il vous", None),
        ("كلب", "كلب"),
        ("!", None),
        ("", None),
        ("té", None),
    ],
)
def test_whole_words_and_whole_signs(words: str, shown: str | None) -> None:
    found = find_quote(words, said("Quiero un cafe\u0301 con\n leche 👩‍👩‍👧 s’il vous plaît. عندي كلب"))
    assert (found.text if found else None) == shown


def test_the_tutors_words_are_no_quote_of_the_learner() -> None:
    assert find_quote("muy bien", {("tutor", 0): "Muy bien", ("learner", 1): "Hola"}) is None


def test_a_long_sentence_is_cut_between_words_and_says_so() -> None:
    message = "y después fuimos al mercado " * 20
    found = quote("learner", 3, message, 0, len(message))
    assert isinstance(found, Quote)
    assert found.cut
    assert found.text.endswith(("mercado", "al", "fuimos", "después", "y"))
    assert found.resolves({("learner", 3): message})
