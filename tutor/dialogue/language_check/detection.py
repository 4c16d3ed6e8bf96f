"""Tells whether a text is clearly in another language than it should be.

No language is named for certain; what is asked is only whether a reply can be the studied one. Another script decides
by itself, and between languages of one script small words are counted. Words that are quoted, in brackets or in code
are left out, because a tutor may quote and translate.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from tutor.dialogue.language_check.scripts import SPOKEN_IN, counted, scripts_of

_QUOTED: Final = re.compile(
    r"```.*?(?:```|$)|`[^`\n]*`|\"[^\"\n]{1,200}\"|“[^”\n]{1,200}”|«[^»\n]{1,200}»|„[^“”\n]{1,200}[“”]|「[^」\n]{1,200}」"
    r"|『[^』\n]{1,200}』|\([^)\n]{1,200}\)|（[^）\n]{1,200}）|\*{1,2}[^*\n]{1,80}\*{1,2}|(?<!\w)['‘][^'’\n]{1,120}['’](?!\w)",
    re.DOTALL,
)
_WORD: Final = re.compile(r"(?<!\w)[^\W\d_]+(?:['’-][^\W\d_]+)*(?!\w)")
_LEAST_LETTERS: Final = 16
_LEAST_WIDE_LETTERS: Final = 6
_WIDE: Final = frozenset({"han", "kana", "hangul"})
_IDEOGRAPHS_WITHOUT_KANA: Final = 10
_ENOUGH_OWN_WORDS: Final = 4
_OWN_SHARE: Final = 0.35
_KANA_SHARE: Final = 0.12


@dataclass(frozen=True)
class _Profile:
    """What a language is known by: small words, and letters that few languages have."""

    words: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()

    def has(self, word: str) -> bool:
        return word in self.words or not self.letters.isdisjoint(word)


_UNKNOWN: Final = _Profile()


def other_language(text: str, language: str, *, allowed: AbstractSet[str] = frozenset(), whole: bool = True) -> str:
    """The language that `text` is in instead of `language` (BCP-47, base codes count), or "" if it may well be right.

    `allowed` holds base codes that are right as well. A text that is not `whole` has to be clearer.
    """
    studied = base(language)
    said = _QUOTED.sub(" ", text)
    found = _by_script(said, studied) or _by_words(said, studied, whole=whole)
    return "" if found in allowed or found == studied else found


def base(language: str) -> str:
    """The base code of a BCP-47 language; both written norms of Norwegian are one here."""
    code = language.replace("_", "-").split("-")[0].lower()
    return "nb" if code in {"no", "nn"} else code


def _by_script(text: str, studied: str) -> str:
    letters, scripts = counted(text), scripts_of(studied)
    most = letters.most_common(1)
    least = _LEAST_WIDE_LETTERS if most and most[0][0] in _WIDE else _LEAST_LETTERS
    if letters.total() < least:
        return ""
    if sum(letters[script] for script in scripts) >= _OWN_SHARE * letters.total():
        return _among_ideographs(letters, studied)
    others = Counter({script: count for script, count in letters.items() if script not in scripts})
    script = others.most_common(1)[0][0]
    return _by_words(text, studied, whole=True) if script == "latin" else SPOKEN_IN.get(script, "")


def _among_ideographs(letters: Counter[str], studied: str) -> str:
    """Japanese is told from Chinese by its kana."""
    share = letters["kana"] / max(1, letters["kana"] + letters["han"])
    if studied == "ja" and share == 0 and letters["han"] >= _IDEOGRAPHS_WITHOUT_KANA:
        return "zh"
    return "ja" if studied == "zh" and share > _KANA_SHARE else ""


def _by_words(text: str, studied: str, *, whole: bool) -> str:
    spoken = [word.replace("’", "'") for word in _WORD.findall(text.lower())]
    words = set(spoken)
    own = _profiles().get(studied)
    if own is None and scripts_of(studied) == {"latin"}:
        return ""
    if not whole and own and sum(map(own.has, words)) >= _ENOUGH_OWN_WORDS:
        return ""
    scores = {code: _score(words, theirs, own or _UNKNOWN) for code, theirs in _profiles().items() if code != studied}
    code, (foreign, ours) = max(scores.items(), key=lambda item: item[1][0] - item[1][1])
    return code if _is_clear(foreign, ours, len(spoken), whole=whole) else ""


def _score(words: AbstractSet[str], theirs: _Profile, own: _Profile) -> tuple[int, int]:
    """How many different words are theirs alone, and how many are of the studied language alone."""
    return sum(theirs.has(word) and not own.has(word) for word in words), sum(
        own.has(word) and not theirs.has(word) for word in words
    )


def _is_clear(foreign: int, ours: int, words: int, *, whole: bool) -> bool:
    if not whole:
        return words >= 8 and foreign >= 4 and ours == 0
    if words < 8:
        return words >= 3 and foreign >= 2 and ours == 0
    return foreign >= 3 and foreign > 3 * ours and foreign >= min(8, words // 8)


@cache
def _profiles() -> dict[str, _Profile]:
    read = tomllib.loads(files(__package__).joinpath("function_words.toml").read_text(encoding="utf-8"))
    letters = read.pop("letters")
    return {code: _Profile(frozenset(words.split()), frozenset(letters.get(code, ""))) for code, words in read.items()}
