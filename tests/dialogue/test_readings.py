"""How Japanese lines are read: one notation in the files, plain words everywhere else."""

from __future__ import annotations

import re

import pytest

from tutor.dialogue import spoken_lines
from tutor.dialogue.readings import Piece, plain, romaji, spoken
from tutor.dialogue.scenario_files import shipped, written_lines
from tutor.dialogue.shared_lines import shared_lines

WITHOUT_READING = re.compile(r"[\u3400-\u9fff々](?![\u3400-\u9fff々]*\[)")
# Two fields of a file are no lines that the tutor says: how a "yes" is heard, and who the tutor is.
SAID = {
    text
    for one in shipped().values()
    if "ja" in one.lines
    for text in (*one.lines["ja"].texts(), one.lines["ja"].title)
}


def test_what_is_said_has_no_brackets_and_no_spaces() -> None:
    assert plain("今日[きょう] は どう です か？") == "今日はどうですか？"
    assert plain("Is it [really] so?") == "Is it [really] so?"
    assert all(not set("[] ").intersection(text) for text in SAID)
    assert "[" not in "".join(shared_lines("ja").neutral + shared_lines("ja").goodbye)


def test_each_character_that_does_not_say_it_has_a_reading() -> None:
    lines = written_lines("ja")
    assert lines.keys() >= SAID
    assert [line for text, line in lines.items() if text in SAID and WITHOUT_READING.search(line)] == []


def test_the_words_of_a_line_in_their_pieces() -> None:
    words = spoken("お名前[なまえ] は 食[た]べ物[もの] です か？")
    assert words[0].pieces == (Piece("お"), Piece("名前", "なまえ"))
    assert words[2].pieces == (Piece("食", "た"), Piece("べ"), Piece("物", "もの"))
    assert [word.romaji for word in words] == ["onamae", "wa", "tabemono", "desu", "ka?"]


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("きょう", "kyou"), ("がっこう", "gakkou"), ("マッチ", "matchi"), ("コーヒー", "koohii"), ("ほんや", "hon'ya"),
        ("ちょっと", "chotto"), ("じゅうえん", "juuen"), ("ふくろ", "fukuro"), ("パーティー", "paatii"),
        ("しゃしん", "shashin"),
    ],
)  # fmt: skip
def test_kana_in_latin_letters(kana: str, latin: str) -> None:
    assert romaji(kana) == latin


def test_particles_as_they_are_said() -> None:
    assert [word.romaji for word in spoken("わたし は 海[うみ] へ 行[い]って、本[ほん] を 読[よ]みます。")] == [
        "watashi", "wa", "umi", "e", "itte,", "hon", "o", "yomimasu."
    ]  # fmt: skip


def test_a_message_is_read_line_by_line() -> None:
    lines = spoken_lines("よろしくお願いします。 お国はどこですか？", "ja-JP")
    assert [" ".join(word.romaji for word in line) for line in lines] == [
        "yoroshiku onegaishimasu.", "okuni wa doko desu ka?"
    ]  # fmt: skip
    assert spoken_lines("¿De dónde eres?", "es") == ()
    assert spoken_lines("なにかほかのこと。", "ja") == ()


def test_help_is_read_too() -> None:
    """An answer to choose from has dots where its gap is."""
    assert spoken_lines("Puedes decir:\n\n1. アナです。\n2. わたしの名前は…です。", "ja")[1][-1].romaji == "desu."
