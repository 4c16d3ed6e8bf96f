"""Verbs that do not go with their subject, and verbs of today beside a word of the past: by tables, without a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tutor.dialogue.corrections.edits import Token
from tutor.dialogue.corrections.findings import Finding
from tutor.dialogue.corrections.language import Analysis, CorrectionLanguage, Verbs

_BETWEEN_MOST: Final = 3
_PRESENT, _PAST = 0, 1


def disagreements(tokens: Sequence[Token], known: CorrectionLanguage) -> Iterator[Finding]:
    """Yield verbs whose form belongs to another person than the word before them decides."""
    verbs = known.verbs
    if verbs is None:
        return
    words = [token.text.casefold() for token in tokens]
    for at, person, follows in _subjects(words, verbs):
        verb = _verb_after(words, follows, verbs)
        if verb is None or any(a[2] == person for a in _analyses(verbs, words[verb])):
            continue
        right = {verbs.conjugated[v][time][person] for v, time, _ in _analyses(verbs, words[verb])}
        if len(right) == 1:
            subject = " ".join(token.text for token in tokens[at:follows])
            yield _found(tokens[verb], right.pop(), "verb-agreement", subject)


def times(tokens: Sequence[Token], known: CorrectionLanguage) -> Iterator[Finding]:
    """Yield a verb of today in a sentence that begins or ends with a word of the past ("yesterday")."""
    verbs = known.verbs
    if verbs is None or not verbs.past_words:
        return
    words = [token.text.casefold() for token in tokens if token.text[0].isalnum()]
    said = next((past for past in verbs.past_words if _frames(words, past.split("_"))), None)
    if said is None or set(words) & _stops(known):
        return
    forms = [(token, _analyses(verbs, token.text.casefold())) for token in tokens]
    finite = [(token, found) for token, found in forms if found]
    if len(finite) != 1 or any(time == _PAST for _, time, _ in finite[0][1]):
        return
    token, found = finite[0]
    right = {verbs.conjugated[v][_PAST][person] for v, _, person in found if len(verbs.conjugated[v]) > _PAST}
    if len(right) == 1:
        yield _found(token, right.pop(), "tense", said.replace("_", " "))


def _found(token: Token, right: str, kind: str, because: str) -> Finding:
    new = right[:1].upper() + right[1:] if token.text[:1].isupper() else right
    return Finding(token.start, token.end, token.text, new, "sure", kind, ("rule",), reason=because)


def _frames(words: Sequence[str], past: Sequence[str]) -> bool:
    return list(words[: len(past)]) == list(past) or list(words[-len(past) :]) == list(past)


def _stops(known: CorrectionLanguage) -> frozenset[str]:
    return known.classes.get("conjunction", frozenset())


def _subjects(words: Sequence[str], verbs: Verbs) -> Iterator[tuple[int, int, int]]:
    """Yield (where it begins, person from 0, where it ends) of the subjects that nothing makes doubtful.

    A possessive and its noun count where a clause begins, and so does a pronoun that may be an object as well ("Paul
    vous aime"); a pronoun that follows "and" or a preposition is no subject.
    """
    joining = verbs.subjects.get("joining", frozenset())
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        if before in joining:
            continue
        for name, members in verbs.subjects.items():
            if name.isdigit() and word in members and not (word in verbs.between and _mid_clause(before)):
                yield at, int(name) - 1, at + 1
            elif name.startswith("noun") and word in members and at + 1 < len(words) and not _mid_clause(before):
                yield at, int(name[-1]) - 1, at + 2


def _mid_clause(before: str) -> bool:
    return before.isalnum()


def _verb_after(words: Sequence[str], follows: int, verbs: Verbs) -> int | None:
    for at in range(follows, min(len(words), follows + _BETWEEN_MOST)):
        if _analyses(verbs, words[at]) and words[at] not in verbs.between:
            return at
        if words[at] not in verbs.between:
            return None
    return None


def _analyses(verbs: Verbs, word: str) -> tuple[Analysis, ...]:
    return verbs.analyses.get(word, ())
