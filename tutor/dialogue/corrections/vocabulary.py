"""What rules name: ``{noun}`` in a pattern is any of these words, ``{2>plural}`` in an answer group 2, changed.

Besides the lists and changes of a language's file there are those that follow from its tables: ``finite``,
``infinitive``, ``participle``, ``gerund`` (words, and changes into them), ``past`` and ``i`` … ``they`` (changes),
``masculine``, ``feminine``, ``neuter``, ``noun``, ``adjective`` and ``plural`` (words; ``plural`` and ``singular`` as
changes).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from tutor.dialogue.corrections.tables import Genders, Verbs

_NAMED: Final = re.compile(r"\{([a-z_]+)\}")
_PERSONS: Final = ("i", "you", "one", "we", "you_all", "they")
_CHANGED: Final = re.compile(r"\{(\d)>([a-z_]+)\}")


class Vocabulary:
    """Named words and changes of one language."""

    def __init__(self, words: Mapping[str, Iterable[str]], changes: Mapping[str, Mapping[str, str]]) -> None:
        self._changes = {name: {old.casefold(): new for old, new in told.items()} for name, told in changes.items()}
        self._words = {**{name: list(told) for name, told in changes.items()}, **{n: list(w) for n, w in words.items()}}

    def pattern(self, text: str) -> str:
        """Return a pattern with its names replaced by their words, the longest first; KeyError for unknown ones."""
        return _NAMED.sub(lambda name: _any_of(self._words[name[1]]), text)

    def answer(self, match: re.Match[str], put: str) -> str | None:
        """Return what a match becomes, or None where a word of it has no such form."""
        changed = [self._changes[name].get(match[int(group)].casefold()) for group, name in _CHANGED.findall(put)]
        if None in changed:
            return None
        words = iter(str(word) for word in changed)
        return match.expand(_CHANGED.sub(lambda _: next(words).replace("\\", ""), put))


def vocabulary(
    words: Mapping[str, frozenset[str]],
    changes: Mapping[str, dict[str, str]],
    verbs: Verbs | None,
    genders: Genders | None,
) -> Vocabulary:
    """Return the names of a language: those of its file, and those that follow from its tables."""
    of_verbs = _of_verbs(verbs) if verbs else ({}, {})
    of_nouns = _of_nouns(genders) if genders else ({}, {})
    return Vocabulary({**of_verbs[0], **of_nouns[0], **words}, {**of_verbs[1], **of_nouns[1], **changes})


_Named = tuple[dict[str, Iterable[str]], dict[str, dict[str, str]]]


def _of_verbs(verbs: Verbs) -> _Named:
    infinitives = dict(verbs.infinitive_of) | {one: one for one in verbs.infinitives}
    finite = [form for form in verbs.analyses if form in verbs.infinitive_of]
    words: dict[str, Iterable[str]] = {
        "finite": finite,
        "infinitive": verbs.infinitives,
        "participle": verbs.participle_of.values(),
        "gerund": verbs.gerund_of.values(),
    }
    into = {"participle": verbs.participle_of, "gerund": verbs.gerund_of}
    changes = {name: {form: of[i] for form, i in infinitives.items() if i in of} for name, of in into.items()}
    past = {i: rows[1][0] for i, rows in zip(verbs.infinitives, verbs.conjugated, strict=True) if len(rows) > 1}
    changes["past"] = {form: past[i] for form, i in infinitives.items() if i in past}
    for person, name in enumerate(_PERSONS):
        present = {i: verbs.conjugated[n][0][person] for n, i in enumerate(verbs.infinitives)}
        changes[name] = {form: present[i] for form, i in infinitives.items() if i in present and present[i] != "_"}
    return words, {"infinitive": infinitives, **changes}


def _of_nouns(genders: Genders) -> _Named:
    nouns = [*genders.masculine, *genders.feminine, *genders.neuter]
    plurals = {noun: genders.plural_of(noun) for noun in nouns if genders.plural_of(noun) != noun}
    words: dict[str, Iterable[str]] = {
        "masculine": genders.masculine,
        "feminine": genders.feminine,
        "neuter": genders.neuter,
        "noun": nouns,
        "adjective": list(genders.adjective_forms),
        "plural": plurals.values(),
    }
    return words, {"plural": plurals, "singular": {many: one for one, many in plurals.items()}}


def _any_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))})"
