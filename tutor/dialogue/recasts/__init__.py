"""Saying a learner's own sentence back with the right form, as a friendly listener does: "Ah, fuiste al cine."

Only where code is sure of every word: what rules have mended, in words that the house itself uses, and turned from "I"
to "you" by tables. Anything else is left alone; so are questions, and what is said to the tutor or of "us".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict

from tutor.dialogue.corrections import applied, by_rule, correction_language, sentences_of, within_budget
from tutor.dialogue.corrections.edits import Edit
from tutor.dialogue.corrections.language import CorrectionLanguage
from tutor.dialogue.corrections.tables import Verbs
from tutor.dialogue.scenario import ScenarioLines

# From B1 on the learner is to find the form first: see the hints of corrections.
LEVELS: Final = frozenset({"A1", "A2"})
_LONGEST: Final = 7
_FIRST: Final = 0
_TOKEN: Final = re.compile(r"\w+['’](?=\w)|[\w-]+|[^\w\s]")
_ENGLISH: Final = re.compile(r"[\w'’-]+|[^\w\s]")


def _words(text: object) -> object:
    return frozenset(text.split()) if isinstance(text, str) else text


Words = Annotated[frozenset[str], BeforeValidator(_words)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class _You(_Part):
    """One way to say "you": the words that a scenario's role has for it, its verbs' person, and what words become.

    `itself`: what they become where "I" does something to itself: "ich kaufe mir", "Sie kaufen sich".
    """

    role: str
    person: int
    swap: dict[str, str]
    itself: dict[str, str] = {}


class _Recasts(_Part):
    echo: str
    stops: Words
    prepositions: Words
    # Words that speak of others than the learner alone.
    others: Words
    # Where the language needs one, the word for "I".
    subject: Words = frozenset()
    you: dict[str, _You]

    def for_role(self, role: str) -> _You | None:
        return next((one for one in self.you.values() if one.role in role), None)


@dataclass(frozen=True)
class _Mended:
    """A sentence in which rules have mended everything, and the words of the mend that counts most, new and old."""

    words: tuple[str, ...]
    mended: frozenset[str]
    wrong: frozenset[str]


def recast(message: str, lines: ScenarioLines, level: str) -> str:
    """Return a sentence that uses the right form of what is wrong in a message; "" where none is surely right."""
    known, recasts = correction_language(lines.language), _read(lines.language)
    if known is None or recasts is None or level not in LEVELS:
        return ""
    heard = _vocabulary(lines)
    said = (_said_back(one, known, recasts, lines.role, heard) for one in _mended(message, known, level))
    return next((text for text in said if text), "")


def _mended(message: str, known: CorrectionLanguage, level: str) -> Iterator[_Mended]:
    """Yield the statements of a message in which something was wrong that rules could mend."""
    for sentence in sentences_of(message):
        found = by_rule(sentence.text, known)
        if not found or "?" in sentence.text:
            continue
        right = applied(sentence.text, [Edit(one.start, one.end, one.old, one.new) for one in found])
        shown = within_budget(found, level)[0]
        if not by_rule(right, known):
            new, old = (frozenset(_tokens(words.casefold(), known)) for words in (shown.new, shown.old))
            yield _Mended(_tokens(right, known), new, old - new)


def _said_back(one: _Mended, known: CorrectionLanguage, recasts: _Recasts, role: str, heard: Collection[str]) -> str:
    clause = _clause(one, recasts)
    you = recasts.for_role(role)
    words = _turned(clause, known.verbs, recasts, you) if clause else None
    if words is None:
        clause = words = _noun_phrase(one, known)
    if not words or not clause or not _is_known(words, heard):
        return ""
    if one.wrong & {word.casefold() for word in words}:
        return ""  # "je vas" would be answered by "tu vas", as if it had been right
    text = recasts.echo.format(words=_joined(words))
    return "" if by_rule(text, known) else text


def _clause(one: _Mended, recasts: _Recasts) -> list[str]:
    """Return the part of the sentence in which the mended words stand, cut to what is easily said back."""
    clause: list[str] = []
    for word in [*one.words, "."]:
        if word.casefold() in recasts.stops or not word[0].isalnum():
            if one.mended & {said.casefold() for said in clause}:
                break
            clause = []
        else:
            clause.append(word)
    return _cut(clause, one.mended, recasts)


def _cut(clause: list[str], mended: frozenset[str], recasts: _Recasts) -> list[str]:
    """Leave out what follows the last small word before a limit; "" where the mend would go with it."""
    if len(clause) <= _LONGEST:
        return clause
    ends = [at for at in range(2, _LONGEST + 1) if clause[at].casefold() in recasts.prepositions]
    short = clause[: ends[-1]] if ends else []
    return short if mended & {said.casefold() for said in short} else []


def _turned(clause: list[str], verbs: Verbs | None, recasts: _Recasts, you: _You | None) -> list[str] | None:
    """Return the clause as it is said to the learner; None where somebody else is spoken of, or no verb is known."""
    small = [word.casefold() for word in clause]
    if verbs is None or recasts.others & set(small) or any(_is_plural(word, verbs) for word in small):
        return None
    about_me = bool(set(small) & (recasts.subject | set(you.swap if you else ())))
    verb = next((at for at, word in enumerate(small) if verbs.analyses.get(word)), None)
    if verb is None:
        return None
    if _person_of(small, verb, verbs, recasts) == _FIRST or about_me:
        return _to_you(clause, small, verb, verbs, recasts, you)
    return clause


def _to_you(
    clause: list[str], small: list[str], verb: int, verbs: Verbs, recasts: _Recasts, you: _You | None
) -> list[str] | None:
    if you is None:
        return None
    is_first = _person_of(small, verb, verbs, recasts) == _FIRST
    swap = you.swap | you.itself if is_first else you.swap
    turned = [swap.get(word, clause[at]) for at, word in enumerate(small)]
    if is_first:
        forms = {
            verbs.conjugated[v][t][you.person - 1] for v, t, person in verbs.analyses[small[verb]] if person == _FIRST
        }
        if len(forms) != 1:
            return None
        turned[verb] = forms.pop()
    return [word for word in turned if word]


def _person_of(small: Sequence[str], verb: int, verbs: Verbs, recasts: _Recasts) -> int:
    """Return the person of a verb: the first where its form can be, and "I" stands there or needs not be said."""
    persons = {person for _, _, person in verbs.analyses[small[verb]]}
    said = bool(recasts.subject & set(small)) if recasts.subject else True
    return _FIRST if _FIRST in persons and said else min(persons - {_FIRST}, default=_FIRST)


def _is_plural(word: str, verbs: Verbs) -> bool:
    """Whether a form can only be of "we" or of "you"."""
    persons = {person for _, _, person in verbs.analyses.get(word, ())}
    return bool(persons) and not persons & {0, 2, 5}


def _noun_phrase(one: _Mended, known: CorrectionLanguage) -> list[str]:
    """Return a mended article with its noun, where the noun is one whose gender is known."""
    genders = known.genders
    nouns = genders.masculine | genders.feminine if genders else frozenset()
    articles = known.classes.get("article", frozenset())
    small = [word.casefold() for word in one.words]
    for at, word in enumerate(small[:-1]):
        if word in one.mended & articles and small[at + 1] in nouns:
            return [word, one.words[at + 1]]
    return []


def _is_known(words: Sequence[str], heard: Collection[str]) -> bool:
    """Whether the house uses each of these words itself; a name, which begins large, is the learner's own."""
    return all(word.casefold() in heard or (at and word[0].isupper()) for at, word in enumerate(words))


def _joined(words: Sequence[str]) -> str:
    first = words[0] if words[0][:1].isupper() and words[0] in _ALWAYS_LARGE else _small(words[0])
    text = " ".join([first, *words[1:]])
    return re.sub(r"(['’]) ", r"\1", text)


_ALWAYS_LARGE: Final = frozenset({"Sie"})


def _small(word: str) -> str:
    return word[:1].lower() + word[1:]


def _tokens(text: str, known: CorrectionLanguage) -> tuple[str, ...]:
    pattern = _TOKEN if "'" in "".join(known.classes.get("pronoun", ())) else _ENGLISH
    return tuple(pattern.findall(text.replace("’", "'")))


@cache
def _vocabulary_of(language: str, texts: frozenset[str]) -> frozenset[str]:
    known = correction_language(language)
    found = {word.casefold() for text in texts for word in re.findall(r"\w+['’](?=\w)|[\w'’-]+", text)}
    if known is None:
        return frozenset(found)
    right = " ".join([*(right for _, right in known.examples), *(rule.right for rule in known.rules)])
    found |= {word.casefold() for word in re.findall(r"\w+['’](?=\w)|[\w'’-]+", right)}
    found |= {word for members in known.classes.values() for word in members}
    found |= set(known.verbs.analyses) if known.verbs else set()
    return frozenset(found | (known.genders.masculine | known.genders.feminine if known.genders else set()))


def _vocabulary(lines: ScenarioLines) -> frozenset[str]:
    """The words that the scenario and the rules of its language use themselves."""
    said = [*lines.greeting.say, *lines.endings, *(text for one in lines.reactions for text in one.say)]
    said += [text for move in lines.moves for text in (*move.say, *move.answers, move.me)]
    return _vocabulary_of(lines.language, frozenset(said))


@cache
def _read(language: str) -> _Recasts | None:
    file = files(__package__).joinpath(f"{language}.toml")
    return _Recasts.model_validate(tomllib.loads(file.read_text("utf-8"))) if file.is_file() else None
