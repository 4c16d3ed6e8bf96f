"""Who does what a verb says: the subjects that open a clause, and of which person they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tutor.dialogue.corrections.edits import Token
from tutor.dialogue.corrections.tables import Genders, Verbs

_I, _YOU, _ONE, _WE, _YOU_ALL, _MANY = range(6)
_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """Of which person (0 to 5) the words ``start:end`` are."""

    start: int
    end: int
    person: int


class Subjects:
    """Finds the subjects of one sentence that nothing makes doubtful."""

    def __init__(self, tokens: Sequence[Token], verbs: Verbs, nouns: Genders | None) -> None:
        self._tokens, self._verbs, self._nouns = tokens, verbs, nouns
        self._words = [token.text.casefold() for token in tokens]

    def found(self) -> Iterator[Subject]:
        """Yield them in order: pronouns, a determiner and its noun, two that are joined ("Ana y yo")."""
        for at, _ in enumerate(self._words):
            if self._before(at) in self._named("joining") and self._words[at] not in self._named("always"):
                continue
            one = self._one(at)
            if self._may_be_object(at):
                continue
            two = self._joined(at, one) if self._opens(at) else None
            if two is not None:
                yield two
            elif one is not None and (self._is_plain_pronoun(one) or self._opens(at)) and not self._goes_on(one.end):
                yield one

    def _joined(self, at: int, one: Subject | None) -> Subject | None:
        """Two subjects with an "and" between them."""
        first = one or self._name(at)
        if first is None or not self._goes_on(first.end):
            return None
        second = self._one(first.end + 1) or self._name(first.end + 1)
        if second is None or self._goes_on(second.end):
            return None
        persons = {first.person, second.person}
        if persons & {_YOU, _YOU_ALL}:
            return None
        return Subject(at, second.end, _WE if persons & {_I, _WE} else _MANY)

    def _one(self, at: int) -> Subject | None:
        word = self._words[at] if at < len(self._words) else ""
        for name, members in self._verbs.subjects.items():
            if name.isdigit() and word in members:
                return Subject(at, at + 1, int(name) - 1)
        if at + 1 >= len(self._words):
            return None
        return self._noun(at, word)

    def _noun(self, at: int, word: str) -> Subject | None:
        """A determiner and its noun: one or several as the tables say, else as the determiner does."""
        noun = self._words[at + 1]
        decided = next((int(n[-1]) - 1 for n in ("noun3", "noun6") if word in self._named(n)), None)
        if decided is None and word not in self._named("known"):
            return None
        if self._nouns is not None and (noun in self._nouns.all_times or noun in self._nouns.unchanging):
            return None
        of = self._nouns.of.get(noun) if self._nouns else None
        if of is not None:
            return Subject(at, at + 2, _MANY if of[1] else _ONE)
        return Subject(at, at + 2, decided) if decided is not None else None

    def _name(self, at: int) -> Subject | None:
        """A word with a capital that is no pronoun, no determiner and no word of time."""
        if at >= len(self._tokens) or not self._tokens[at].text[:1].isupper():
            return None
        word = self._words[at]
        if any(word in members for members in self._verbs.subjects.values()) or word in self._verbs.past_words:
            return None
        return Subject(at, at + 1, _ONE)

    def _is_plain_pronoun(self, one: Subject) -> bool:
        """Whether it is a pronoun that can be no object ("Paul vous aime")."""
        return one.end == one.start + 1 and self._words[one.start] not in self._verbs.between

    def _may_be_object(self, at: int) -> bool:
        """Whether a word stands within a clause that may be its object as well ("Paul vous aime")."""
        return self._words[at] in self._verbs.between and self._before(at)[:1].isalnum()

    def _goes_on(self, at: int) -> bool:
        return at < len(self._words) and self._words[at] in self._named("and")

    def _opens(self, at: int) -> bool:
        before = self._before(at)
        if before in self._named("and"):
            return not self._is_thing(at - 2)
        return not before[:1].isalnum() or before in self._named("opening")

    def _is_thing(self, at: int) -> bool:
        """Whether somebody or something is named here: with an "and" behind it, what follows is not alone."""
        if at < 0:
            return False
        is_name = self._tokens[at].text[:1].isupper()
        is_pronoun = any(name.isdigit() and self._words[at] in them for name, them in self._verbs.subjects.items())
        return is_name or is_pronoun or (self._nouns is not None and self._words[at] in self._nouns.of)

    def _before(self, at: int) -> str:
        return self._words[at - 1] if at else ""

    def _named(self, name: str) -> frozenset[str]:
        return self._verbs.subjects.get(name, _NOTHING)
