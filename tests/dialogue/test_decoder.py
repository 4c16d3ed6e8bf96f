"""Words come out of a growing JSON object, however it is cut into pieces."""

from __future__ import annotations

import json
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.dialogue.decoder import Decoder

ASTRAL = "😀 ¿Qué tal? 你好"


def fed(*chunks: str) -> str:
    decoder = Decoder()
    return "".join([decoder.feed(chunk) for chunk in chunks])


def shown(*fields: str) -> str:
    def readable(text: str) -> str:
        kept = (c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
        return "".join(kept).strip(" \n\t")

    return " ".join(text for text in map(readable, fields) if text)


@st.composite
def objects(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    """The JSON, what it should show, and the JSON in pieces."""
    reaction, question = draw(st.text()), draw(st.text())
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\n ", " :\t")]))
    written = json.dumps(
        {"reaction": reaction, "question": question},
        ensure_ascii=draw(st.booleans()),
        separators=separators,
    )
    cuts = sorted(draw(st.lists(st.integers(0, len(written)), max_size=8)))
    edges = [0, *cuts, len(written)]
    return written, shown(reaction, question), [written[a:b] for a, b in pairwise(edges)]


@given(objects())
def test_any_split_gives_the_same_words(case: tuple[str, str, list[str]]) -> None:
    written, text, pieces = case
    assert fed(*pieces) == text
    assert fed(*written) == text


@given(objects(), st.integers(0, 400))
def test_a_cut_object_keeps_its_words(case: tuple[str, str, list[str]], cut: int) -> None:
    written, text, _ = case
    assert text.startswith(fed(written[:cut]))


@given(st.text())
def test_nothing_but_strings_of_an_object_is_ever_shown(noise: str) -> None:
    assert fed(noise.replace("{", "")) == ""


def test_text_appears_while_it_is_written() -> None:
    decoder = Decoder()
    deltas = [decoder.feed(c) for c in ('{"reaction":"Cl', "aro.", ' ","ques', 'tion":"¿Q', 'ué?"}')]
    assert deltas == ["Cl", "aro.", "", " ¿Q", "ué?"]


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_surrogate_pair_in_two_pieces(cut: int) -> None:
    pair = "\\uD83D\\uDE00"
    assert fed('{"reaction":"' + pair[:cut], pair[cut:] + '!"}') == "😀!"


def test_a_raw_surrogate_pair_in_two_pieces() -> None:
    assert fed('{"reaction":"a\ud83d', '\ude00b"}') == "a😀b"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("\\uD83D", "\ufffd"),
        ("\\uDE00", "\ufffd"),
        ("\\uD83Dx", "\ufffdx"),
        ("\\uD83D\\uD83D\\uDE00", "\ufffd😀"),
        ("\\u12zz", "\ufffdzz"),
        ("a\\u0000b", "ab"),
        ("\\q\\/\\\\", "q/\\"),
    ],
)
def test_broken_characters_are_replaced(inside: str, text: str) -> None:
    shown_text = fed('{"reaction":"' + inside + '"}')
    assert shown_text == text
    shown_text.encode("utf-8")


@pytest.mark.parametrize(
    "written",
    [
        '{"kind":"x","reaction":"Sí.","note":{"reaction":"no"},"question":"¿Y tú?"}',
        '{"n":[1,{"a":"}"}],"reaction":"Sí.","question":"¿Y tú?"} and {"reaction":"more"}',
        '```json\n{"reaction":"Sí.","reaction":"twice","question":"¿Y tú?"}\n```',
        '{"reaction":" Sí. ","x":null,"question":"\\n¿Y tú? "}',
    ],
)
def test_only_the_named_fields_of_the_object_itself(written: str) -> None:
    assert fed(*written) == "Sí. ¿Y tú?"
    assert "twice" not in fed(written)


def test_a_joint_of_ones_own() -> None:
    decoder = Decoder(joint="")
    assert decoder.feed('{"reaction":"はい。","question":"何ですか？"}') == "はい。何ですか？"


def test_astral_and_wide_characters() -> None:
    assert fed(*json.dumps({"question": ASTRAL})) == ASTRAL
