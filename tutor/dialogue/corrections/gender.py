"""Articles and adjectives that do not go with a noun whose gender is not in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tutor.dialogue.corrections.edits import Token
from tutor.dialogue.corrections.findings import Finding
from tutor.dialogue.corrections.language import CorrectionLanguage, Genders

_MASCULINE, _FEMININE = 0, 1
_PREDICATE_WORDS: Final = 4


def disagreements(tokens: Sequence[Token], known: CorrectionLanguage) -> Iterator[Finding]:
    """Yield a determiner of the other gender before its noun, and an adjective of the other gender after it."""
    genders = known.genders
    if genders is None:
        return
    words = [token.text.casefold() for token in tokens]
    for at, word in enumerate(words):
        gender = _gender(word, genders)
        if gender is None:
            continue
        changes = word[:1] in genders.elided_before if genders.elided_before else False
        if at and not changes and (right := _other(words[at - 1], gender, _pairs(genders))):
            yield _found(tokens[at - 1], right, tokens[at].text)
        for place in _adjectives(words, at, genders):
            if right := _other(words[place], gender, _adjective_pairs(genders)):
                yield _found(tokens[place], right, tokens[at].text)


def _found(token: Token, right: str, noun: str) -> Finding:
    new = right[:1].upper() + right[1:] if token.text[:1].isupper() else right
    return Finding(token.start, token.end, token.text, new, "sure", "gender", ("rule",), reason=noun)


def _gender(word: str, genders: Genders) -> int | None:
    for gender, nouns in ((_MASCULINE, genders.masculine), (_FEMININE, genders.feminine)):
        if any(form in nouns for form in (word, word.removesuffix("s"), word.removesuffix("es"))):
            return gender
    return None


def _other(word: str, gender: int, pairs: Mapping[str, tuple[int, str]]) -> str | None:
    """Return the word in the noun's gender, if it stands in the other one."""
    found = pairs.get(word)
    return found[1] if found is not None and found[0] != gender else None


def _pairs(genders: Genders) -> dict[str, tuple[int, str]]:
    return {m: (_MASCULINE, f) for m, f in genders.pairs} | {f: (_FEMININE, m) for m, f in genders.pairs}


def _adjective_pairs(genders: Genders) -> dict[str, tuple[int, str]]:
    singular = genders.adjectives
    plural = tuple((m if m.endswith(("s", "x")) else f"{m}s", f"{f}s") for m, f in singular)
    both = singular + plural
    return {m: (_MASCULINE, f) for m, f in both if m != f} | {f: (_FEMININE, m) for m, f in both if m != f}


def _adjectives(words: Sequence[str], noun: int, genders: Genders) -> Iterator[int]:
    """Yield where adjectives of this noun stand: right after it, or after "is", "is very", "is tall and"."""
    following = noun + 1
    if following < len(words) and words[following] in genders.copulas:
        if not _is_whole_subject(words, noun):
            return
        for place in range(following + 1, min(len(words), following + 1 + _PREDICATE_WORDS)):
            if words[place] in _adjective_pairs(genders):
                if words[place].endswith(("s", "x")) == words[noun].endswith("s"):
                    yield place
            elif words[place] not in genders.between:
                return
    elif following < len(words) and words[following].endswith("s") == words[noun].endswith("s"):
        yield following


def _is_whole_subject(words: Sequence[str], noun: int) -> bool:
    """Whether the noun and its determiner begin the clause: after "of" or "and" it is not the noun that decides."""
    before = noun - 2
    return before < 0 or not words[before].isalnum()
