"""Verbs that do not go with their subject, and verbs of today beside a word of the past: by tables, without a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tutor.dialogue.corrections.edits import Token
from tutor.dialogue.corrections.findings import Finding
from tutor.dialogue.corrections.language import CorrectionLanguage
from tutor.dialogue.corrections.subjects import Subject, Subjects
from tutor.dialogue.corrections.tables import Analysis, Verbs

_BETWEEN_MOST: Final = 3
_PRESENT, _PAST = 0, 1


def disagreements(tokens: Sequence[Token], known: CorrectionLanguage) -> Iterator[Finding]:
    """Yield verbs whose form belongs to another person than the words before them decide."""
    verbs = known.verbs
    if verbs is None:
        return
    words = [token.text.casefold() for token in tokens]
    for subject in Subjects(tokens, verbs, known.genders).found():
        verb = _verb_after(words, subject.end, verbs)
        if verb is None or any(a[2] == subject.person for a in _analyses(verbs, words[verb])):
            continue
        if _is_asked_back(words, verb, verbs) or _is_doubtful(words, subject, verb, known):
            continue
        right = {verbs.conjugated[v][time][subject.person] for v, time, _ in _analyses(verbs, words[verb])}
        right.discard("_")
        if len(right) == 1:
            said = " ".join(token.text for token in tokens[subject.start : subject.end])
            yield _found(tokens[verb], right.pop(), "verb-agreement", said)


def times(tokens: Sequence[Token], known: CorrectionLanguage) -> Iterator[Finding]:
    """Yield a verb of today in a sentence that begins or ends with a word of the past ("yesterday")."""
    verbs = known.verbs
    if verbs is None or not verbs.past_words:
        return
    spoken = [token for token in tokens if token.text[0].isalnum()]
    words = [token.text.casefold() for token in spoken]
    said = next((past for past in verbs.past_words if _frames(words, past.split())), None)
    verb = _only_verb(words, known, verbs) if said is not None else None
    if said is None or verb is None or _is_cut(tokens, said):
        return
    token, found = spoken[verb], _analyses(verbs, words[verb])
    if verbs.compound_past:
        yield Finding(token.start, token.end, token.text, "", "place", "tense", ("rule",), reason=said)
        return
    right = {verbs.conjugated[v][_PAST][person] for v, _, person in found if len(verbs.conjugated[v]) > _PAST}
    if len(right) == 1:
        yield _found(token, right.pop(), "tense", said)


def _is_cut(tokens: Sequence[Token], said: str) -> bool:
    """Whether a comma stands anywhere but behind an opening word of time: another clause may follow."""
    return any(token.text == "," and at != len(said.split()) for at, token in enumerate(tokens))


def _only_verb(words: Sequence[str], known: CorrectionLanguage, verbs: Verbs) -> int | None:
    """Where the only verb stands, if it is one of today, no auxiliary, and nothing joins another clause."""
    finite = [at for at, word in enumerate(words) if _analyses(verbs, word) and not _is_noun(words, at, known)]
    others = set(words) - {words[at] for at in finite}
    if len(finite) != 1 or others & _stops(known):
        return None
    found = _analyses(verbs, words[finite[0]])
    if any(time != _PRESENT for _, time, _ in found) or _is_auxiliary(found, verbs):
        return None
    return finite[0]


def _is_auxiliary(found: Sequence[Analysis], verbs: Verbs) -> bool:
    return any(verbs.infinitives[verb] in verbs.auxiliaries for verb, _, _ in found)


def _is_noun(words: Sequence[str], at: int, known: CorrectionLanguage) -> bool:
    """Whether a word that could be a verb stands after an article or a preposition."""
    before = words[at - 1] if at else ""
    return any(before in known.classes.get(name, frozenset()) for name in ("article", "determiner", "preposition"))


def _found(token: Token, right: str, kind: str, because: str) -> Finding:
    new = right[:1].upper() + right[1:] if token.text[:1].isupper() else right
    return Finding(token.start, token.end, token.text, new, "sure", kind, ("rule",), reason=because)


def _frames(words: Sequence[str], past: Sequence[str]) -> bool:
    return list(words[: len(past)]) == list(past) or list(words[-len(past) :]) == list(past)


def _stops(known: CorrectionLanguage) -> frozenset[str]:
    return known.classes.get("conjunction", frozenset()) | known.classes.get("auxiliary", frozenset())


def _verb_after(words: Sequence[str], follows: int, verbs: Verbs) -> int | None:
    for at in range(follows, min(len(words), follows + _BETWEEN_MOST)):
        if _analyses(verbs, words[at]) and words[at] not in verbs.between:
            return at
        if words[at] not in verbs.between:
            return None
    return None


def _is_doubtful(words: Sequence[str], subject: Subject, verb: int, known: CorrectionLanguage) -> bool:
    """Whether a noun may be the object said first ("el café lo hago yo"), or the verb a noun ("the bus stop is …")."""
    objects = known.verbs.subjects.get("objects", frozenset()) if known.verbs else frozenset()
    copulas = known.genders.copulas if known.genders else frozenset()
    is_object = subject.end > subject.start + 1 and not objects.isdisjoint(words[subject.end : verb])
    after = words[verb + 1] if verb + 1 < len(words) else ""
    return is_object or after in copulas


def _is_asked_back(words: Sequence[str], verb: int, verbs: Verbs) -> bool:
    """Whether the subject stands after the verb ("Meine Schwester besuche ich"): what was before it is none."""
    after = words[verb + 1] if verb + 1 < len(words) else ""
    if after in verbs.subjects.get("turned", frozenset()):
        return True
    persons = {person for _, _, person in _analyses(verbs, words[verb])}
    return any(
        name.isdigit() and after in members and int(name) - 1 in persons for name, members in verbs.subjects.items()
    )


def _analyses(verbs: Verbs, word: str) -> tuple[Analysis, ...]:
    return verbs.analyses.get(word, ())
