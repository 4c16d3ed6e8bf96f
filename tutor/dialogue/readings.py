"""How the words of authored lines are read, where their script does not say it: Japanese.

In the files, spaces stand between the words, and a reading in brackets behind the characters that it is for:
`今日[きょう] は どう です か？`. Everywhere else stand the plain words,
`今日はどうですか？`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

WITH_READINGS: Final = frozenset({"ja"})
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_READING: Final = re.compile(r"\[[^\]]*\]")
_PIECE: Final = re.compile(
    r"([\u3400-\u9fff々〇0-9０-９]+)\[([^\]]+)\]|([^\[\]]+?(?=[\u3400-\u9fff々〇0-9０-９]+\[)|[^\[\]]+)"
)
_BETWEEN_WORDS: Final = re.compile(r" +|(?<=[。、？！：])(?=[^ ])")
_MARKS: Final = {"。": ".", "、": ",", "？": "?", "！": "!", "「": "“", "」": "”", "・": " ", "：": ":"}
_PARTICLES: Final = {"は": "wa", "へ": "e", "を": "o", "では": "dewa", "には": "niwa", "とは": "towa"}


@dataclass(frozen=True)
class Piece:
    """Some characters and, where they do not say it themselves, how they are read."""

    base: str
    kana: str = ""


@dataclass(frozen=True)
class SpokenWord:
    """One word in its pieces, and in Latin letters (Hepburn, long vowels as they are typed)."""

    pieces: tuple[Piece, ...]
    romaji: str


def plain(written: str) -> str:
    """What is said: without readings and, where there are kana, without spaces between words."""
    return _READING.sub("", written).replace(" ", "") if _KANA.search(written) else written


def plain_table(table: Any) -> Any:
    """The same for every text in what a file holds."""
    if isinstance(table, str):
        return plain(table)
    if isinstance(table, list):
        return [plain_table(one) for one in table]
    return {key: plain_table(one) for key, one in table.items()} if isinstance(table, dict) else table


def written_in(table: Any) -> Iterable[str]:
    """Every text in what a file holds that has words in kana."""
    if isinstance(table, str):
        yield from (table,) if _KANA.search(table) else ()
    elif isinstance(table, list | dict):
        for one in table.values() if isinstance(table, dict) else table:
            yield from written_in(one)


def spoken(written: str) -> tuple[SpokenWord, ...]:
    """A line of a file, word by word."""
    return tuple(_word(one) for one in _BETWEEN_WORDS.split(written))


def readings_of(text: str, lines: Mapping[str, str]) -> tuple[tuple[SpokenWord, ...], ...]:
    """How the lines of a message are read, as far as they are known; () where none is.

    `lines`: how each plain line stands in its file. Plain lines hold no space, so that spaces stand between them.
    """
    return tuple(spoken(lines[part]) for part in text.split() if part in lines)


def _word(written: str) -> SpokenWord:
    pieces = tuple(Piece(base or other, kana) for base, kana, other in _PIECE.findall(written))
    kana = "".join(piece.kana or piece.base for piece in pieces)
    bare = kana.rstrip("".join(_MARKS))
    return SpokenWord(pieces, (_PARTICLES.get(bare) or romaji(bare)) + romaji(kana[len(bare) :]))


def romaji(kana: str) -> str:
    """Kana in Latin letters; what is no kana stays."""
    said, place = "", 0
    hiragana = "".join(chr(ord(one) - 0x60) if "ァ" <= one <= "ヶ" else one for one in kana)
    while place < len(hiragana):
        two, one = hiragana[place : place + 2], hiragana[place]
        if two in _ROMAJI:
            said, place = said + _ROMAJI[two], place + 2
            continue
        said, place = _joined(said, one, hiragana[place + 1 : place + 3]), place + 1
    return said


def _joined(said: str, one: str, following: str) -> str:
    if one == "っ":
        begins = _ROMAJI.get(following, _ROMAJI.get(following[:1], ""))[:1]
        return said + ("t" if begins == "c" else begins)
    if one == "ー":
        return said + said[-1:]
    if one == "ん" and _ROMAJI.get(following[:1], "")[:1] in set("aiueoy") - {""}:
        return f"{said}n'"
    return said + _ROMAJI.get(one, _MARKS.get(one, one))


def _table() -> dict[str, str]:
    rows = {
        "": "あいうえお", "k": "かきくけこ", "g": "がぎぐげご", "s": "さしすせそ", "z": "ざじずぜぞ", "t": "たちつてと",
        "d": "だぢづでど", "n": "なにぬねの", "h": "はひふへほ", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
        "m": "まみむめも", "r": "らりるれろ",
    }  # fmt: skip
    found = {kana: f"{sound}{vowel}" for sound, row in rows.items() for kana, vowel in zip(row, "aiueo", strict=True)}
    found |= {
        "や": "ya",
        "ゆ": "yu",
        "よ": "yo",
        "わ": "wa",
        "を": "o",
        "ん": "n",
        "し": "shi",
        "ち": "chi",
        "つ": "tsu",
    }
    found |= {"ふ": "fu", "じ": "ji", "ぢ": "ji", "づ": "zu", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
    for sound in "きぎにひびぴみりしちじ":
        begins = found[sound][:-1] + ("" if sound in "しちじ" else "y")
        found |= {f"{sound}{small}": f"{begins}{vowel}" for small, vowel in zip("ゃゅょ", "auo", strict=True)}
    foreign = {"ふぁ": "fa", "ふぃ": "fi", "ふぇ": "fe", "ふぉ": "fo", "てぃ": "ti", "でぃ": "di", "うぃ": "wi"}
    return found | foreign | {"しぇ": "she", "ちぇ": "che", "じぇ": "je"}


_ROMAJI: Final = _table()
