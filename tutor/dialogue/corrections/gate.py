"""From what rules, a dictionary and a model said about a sentence to what a learner is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tutor.dialogue.corrections import agreement, gender, kinds, patterns
from tutor.dialogue.corrections.edits import Edit, edits_between, tokens
from tutor.dialogue.corrections.findings import Certainty, Finding
from tutor.dialogue.corrections.forced_copy import Deviation
from tutor.dialogue.corrections.language import CorrectionLanguage, Margins
from tutor.dialogue.corrections.spelling import Speller, only_meant, unknown_words


def findings(
    sentence: str,
    known: CorrectionLanguage,
    *,
    speller: Speller | None = None,
    model: str = "default",
    deviations: Sequence[Deviation] = (),
    generated: str | None = None,
) -> list[Finding]:
    """Return what is to be shown of a sentence, in its order; where two speak of one place, the surer one.

    Without ``deviations`` only rules and dictionary speak; ``generated`` counts only where a deviation agrees.
    """
    margins = known.margins_of(model)
    changes = edits_between(sentence, generated) if generated else []
    candidates = [
        *by_rule(sentence, known),
        *_misspelt(sentence, known, speller, changes),
        *_deviating(sentence, known, margins, deviations, changes),
    ]
    return _without_overlaps(candidates)


def by_rule(sentence: str, known: CorrectionLanguage) -> list[Finding]:
    """Return what the rules and tables of the language find. No model is asked."""
    words = tokens(sentence)
    found = [
        *patterns.broken_rules(sentence, known),
        *agreement.disagreements(words, known),
        *gender.disagreements(words, known),
        *agreement.times(words, known),
    ]
    return _without_overlaps(found)


def _misspelt(
    sentence: str, known: CorrectionLanguage, speller: Speller | None, changes: Sequence[Edit]
) -> Iterator[Finding]:
    """Yield unknown words: sure where the model writes the same, or only one word can be meant; else a place.

    Who writes all in small letters writes names so too: nothing is sure then, and what has no answer is left alone.
    """
    if speller is None:
        return
    is_small = sentence == sentence.lower()
    for word in unknown_words(sentence, speller):
        is_name = (is_small or not known.capital_nouns) and speller.knows(word.text.capitalize())
        if is_name or word.text.casefold() in known.also_right:
            continue
        near = list(speller.suggestions(word.text))
        meant = next((one.new for one in changes if (one.start, one.end) == (word.start, word.end)), "")
        agreed = meant and speller.knows(meant) and meant in near
        answer = meant if agreed else only_meant(word.text, near)
        certainty: Certainty = "place" if not answer else "possible" if is_small else "sure"
        if answer or not is_small:
            yield Finding(word.start, word.end, word.text, answer, certainty, "spelling", ("dictionary",))


def _deviating(
    sentence: str,
    known: CorrectionLanguage,
    margins: Margins,
    deviations: Sequence[Deviation],
    changes: Sequence[Edit],
) -> Iterator[Finding]:
    for one in deviations:
        if one.gap < margins.place or kinds.is_variant(sentence, one, known):
            continue
        start, end = _word_at(sentence, one.start)
        change = next((edit for edit in changes if _meets(edit, start, end) and _agrees(sentence, edit, one)), None)
        answered = change is not None and one.gap >= margins.possible and one.rival >= margins.rival
        if answered and change is not None and not kinds.is_style(change):
            certainty: Certainty = "sure" if one.gap >= margins.sure else "possible"
            kind = kinds.kind_of(change, known)
            yield Finding(
                change.start,
                change.end,
                change.old,
                change.new,
                certainty,
                kind,
                ("probability", "generation"),
                one.gap,
            )
        else:
            yield Finding(start, end, sentence[start:end], "", "place", "", ("probability",), one.gap)


def _meets(edit: Edit, start: int, end: int) -> bool:
    return edit.start <= end and start <= max(edit.end, edit.start)


def _agrees(sentence: str, edit: Edit, deviation: Deviation) -> bool:
    """Whether the change begins with what the model wanted at this place, after what it had already copied."""
    copied = sentence[edit.start : deviation.start] if deviation.start > edit.start else ""
    wanted = (copied + deviation.wanted).strip().casefold()
    new = edit.new.casefold()
    return not edit.new or new.startswith(wanted) or wanted.startswith(new)


def _word_at(sentence: str, place: int) -> tuple[int, int]:
    """Return the word in which this place lies, or the one that follows."""
    words = tokens(sentence)
    found = next((word for word in words if word.end > place), words[-1] if words else None)
    return (found.start, found.end) if found else (place, place)


_ORDER = {"sure": 0, "possible": 1, "place": 2}


def _without_overlaps(candidates: Sequence[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    for one in sorted(candidates, key=lambda found: (_ORDER[found.certainty], -found.margin)):
        if not any(other.overlaps(one.start, one.end) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda found: found.start)
