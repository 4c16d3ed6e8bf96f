"""Which topics a message names: how a topic is heard stands once a language, in one file that a teacher can read.

"a/b" is one word or the other, "(a)" may be missing, "apple*" is a beginning, "I do." is all that is said between two
marks. `pet.dog` is a topic within `pet`: who names the first has named the second. A topic is affirmed where the words
stand outside a denial ("I have a dog"), else denied ("I have no dog").
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from tutor.dialogue import phrases
from tutor.dialogue.message_signals import folded
from tutor.dialogue.negation import affirmed
from tutor.dialogue.phrases import Clause, Phrase


@dataclass(frozen=True)
class Topics:
    """What a message is about, and what it says is not so."""

    affirmed: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()

    def meet(self, condition: str) -> bool:
        """Whether "a + b", "no a" or just "a" holds."""
        return all(self._meets(part) for part in condition.split(" + "))

    def _meets(self, part: str) -> bool:
        topic = part.removeprefix("no ")
        return topic in (self.affirmed if topic == part else self.denied)

    def __or__(self, other: Topics) -> Topics:
        return Topics(self.affirmed | other.affirmed, (self.denied | other.denied) - self.affirmed - other.affirmed)


@dataclass(frozen=True)
class _Phrases:
    """How one topic is heard: `within` a clause, or where nothing else stands in it."""

    within: tuple[Phrase, ...]
    alone: tuple[Phrase, ...]

    def stand_in(self, clause: Clause) -> bool:
        return bool(phrases.anywhere(self.within, clause) or phrases.whole(self.alone, clause))


@lru_cache(maxsize=2048)
def topics_in(message: str, language: str, yes: str = "") -> Topics:
    """The topics of a message; none in a language whose topics nobody wrote down.

    `yes`: what else is a "yes" here, in answer to the question that stands ("Is it good?" "Very!").
    """
    text = folded(message)
    not_denied = affirmed(text, language)
    everything = _named(text, language, yes)
    said = everything if not_denied == text else _named(not_denied, language, yes)
    return Topics(frozenset(said), frozenset(everything - said))


def says_more_than(topics: Collection[str], message: str, language: str) -> bool:
    """Whether a message affirms anything besides these topics: "No" and "Hello!" alone tell nothing else."""
    heard = [how for topic, how in _file(language).items() if topic in topics]
    plain = [phrase for how in heard for phrase in how.within + how.alone]
    said = phrases.clauses(affirmed(folded(message), language))
    return any(len(clause) and not phrases.whole(plain, clause) for clause in said)


def _named(text: str, language: str, yes: str) -> set[str]:
    heard = phrases.clauses(text)
    found = {topic for topic, how in _file(language).items() if any(map(how.stand_in, heard))}
    if yes and any(map(_phrases(yes).stand_in, heard)):
        found.add("yes")
    return found | {within for topic in found for within in _within(topic)}


def _within(topic: str) -> Iterator[str]:
    while "." in topic:
        topic = topic.rpartition(".")[0]
        yield topic


@cache
def _file(language: str) -> Mapping[str, _Phrases]:
    file = files(__package__).joinpath(f"{language}.toml")
    if not file.is_file():
        return {}
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return {topic: _phrases(how) for topic, how in table.items()}


@cache
def _phrases(how: str) -> _Phrases:
    parts = [part.strip() for part in how.split(",")]
    within = tuple(phrases.phrase(part) for part in parts if not part.endswith("."))
    return _Phrases(within, tuple(phrases.phrase(part.rstrip(".")) for part in parts if part.endswith(".")))


def known(language: str) -> frozenset[str]:
    """Every topic that can be heard in a language."""
    topics = _file(language)
    return frozenset(topics) | {within for topic in topics for within in _within(topic)}
