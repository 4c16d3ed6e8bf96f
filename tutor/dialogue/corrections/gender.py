"""Articles and adjectives that do not go with a noun whose gender is not in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tutor.dialogue.corrections.edits import Token
from tutor.dialogue.corrections.findings import Finding
from tutor.dialogue.corrections.language import CorrectionLanguage
from tutor.dialogue.corrections.tables import Genders, Noun

_PREDICATE_WORDS: Final = 4
_BEFORE_MOST: Final = 2
_NEUTER: Final = 2


def disagreements(tokens: Sequence[Token], known: CorrectionLanguage) -> Iterator[Finding]:
    """Yield determiners and adjectives of the other gender before their noun, and adjectives after it."""
    genders = known.genders
    if genders is None:
        return
    small = known.classes.get("preposition", frozenset())
    words = [token.text.casefold() for token in tokens]
    for at, word in enumerate(words):
        of = genders.of.get(word)
        if of is None:
            continue
        for place in () if word in genders.pronouns else _determined(words, at, known, genders):
            if of[0] != _NEUTER and (right := _other(words[place], of[0], genders.determiner_pairs)):
                yield _found(tokens[place], right, "gender", tokens[at].text)
        alone = at > 0 and words[at - 1] in small and words[at - 1] not in genders.determiner_pairs
        for place in () if alone else _adjectives(words, at, of, genders):
            if right := _right(words[place], of, genders):
                kind = "gender" if _other(words[place], of[0], genders.adjective_pairs) else "number"
                yield _found(tokens[place], right, kind, tokens[at].text)


def _found(token: Token, right: str, kind: str, noun: str) -> Finding:
    new = right[:1].upper() + right[1:] if token.text[:1].isupper() else right
    return Finding(token.start, token.end, token.text, new, "sure", kind, ("rule",), reason=noun)


def _other(word: str, gender: int, pairs: dict[str, tuple[int, str]]) -> str | None:
    """Return the word in the noun's gender, if it stands in the other one."""
    found = pairs.get(word)
    return found[1] if found is not None and found[0] != gender else None


def _right(word: str, noun: Noun, genders: Genders) -> str | None:
    """Return an adjective in gender and number of its noun, if it stands in others."""
    forms = genders.adjective_forms.get(word)
    if forms is not None:
        gender = noun[0] if noun[0] != _NEUTER else forms[0].index(word)
        right = forms[noun[1]][gender]
        return right if right != word else None
    return None if noun[0] == _NEUTER else _other(word, noun[0], genders.adjective_pairs)


def _belongs(words: Sequence[str], noun: int, genders: Genders) -> bool:
    """Whether the noun is said of another ("the door of the house"): an adjective may be the other's."""
    return any(word in genders.joining for word in words[max(0, noun - 2) : noun])


def _determined(words: Sequence[str], noun: int, known: CorrectionLanguage, genders: Genders) -> Iterator[int]:
    """Yield where what stands before a noun has a gender: its determiner, behind at most two adjectives."""
    for place in range(noun - 1, max(-1, noun - 2 - _BEFORE_MOST), -1):
        is_adjective = words[place] in genders.adjective_pairs
        if words[place] in genders.determiner_pairs:
            if not _changes_before(words[place], words[place + 1], genders) and not _is_verb(words, noun, place, known):
                yield place
            if not is_adjective:
                return
        elif not is_adjective:
            return


def _is_verb(words: Sequence[str], noun: int, before: int, known: CorrectionLanguage) -> bool:
    """Whether the noun may be a verb with its object before it ("qui le cuisine"), or stands twice ("dia a dia")."""
    if before > 0 and words[before - 1] == words[noun]:
        return True
    is_object = (
        words[before] in known.classes.get("pronoun", frozenset()) and before > 0 and words[before - 1].isalpha()
    )
    return is_object and known.verbs is not None and words[noun] in known.verbs.analyses


def _changes_before(determiner: str, word: str, genders: Genders) -> bool:
    """Whether a determiner has another form before this word (mon école, l'eau)."""
    if not genders.elided_before or word[:1] not in genders.elided_before:
        return False
    return not genders.changing or determiner in genders.changing


def _adjectives(words: Sequence[str], noun: int, of: Noun, genders: Genders) -> Iterator[int]:
    """Yield where adjectives of this noun stand: right after it, or after "is", "is very", "is tall and"."""
    following = noun + 1
    if _belongs(words, noun, genders):
        return
    if following < len(words) and words[following] in genders.copulas:
        if not _is_whole_subject(words, noun, genders):
            return
        for place in range(following + 1, min(len(words), following + 1 + _PREDICATE_WORDS)):
            if words[place] in genders.adjective_pairs or words[place] in genders.adjective_forms:
                yield place
            elif words[place] not in genders.between:
                return
    elif following < len(words) and _is_several(words[following], genders) == of[1]:
        yield following


def _is_several(adjective: str, genders: Genders) -> bool:
    return adjective not in genders.adjective_forms


def _is_whole_subject(words: Sequence[str], noun: int, genders: Genders) -> bool:
    """Whether the noun and its determiner begin the clause: after "of" or "and" it is not the noun that decides,
    and a word of time ("esta mañana estaba cansado") is no subject."""
    if words[noun] in genders.all_times:
        return False
    before = noun - (1 if words[noun] in genders.pronouns else 2)
    while before >= 0 and words[before] in genders.determiner_pairs:
        before -= 1
    return before < 0 or not words[before].isalnum()
