"""What kind of mistake a change mends, by code: closed classes, accents, how alike two words are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from tutor.dialogue.corrections.edits import Edit
from tutor.dialogue.corrections.forced_copy import Deviation
from tutor.dialogue.corrections.language import CorrectionLanguage

KINDS: Final = frozenset((
    "verb-agreement", "tense", "verb-form", "mood", "gender", "number", "article", "preposition", "pronoun",
    "conjunction", "case", "word-order", "spelling", "accent", "form", "word-choice", "missing-word", "extra-word",
))  # fmt: skip
# As people choose among them: whoever wants to hear of verbs only hears of these.
GROUPS: Final = {
    "verbs": frozenset(("verb-agreement", "tense", "verb-form", "mood")),
    "agreement": frozenset(("gender", "number", "case", "form")),
    "small-words": frozenset(("article", "preposition", "pronoun", "conjunction")),
    "order": frozenset(("word-order", "missing-word", "extra-word")),
    "words": frozenset(("word-choice",)),
    "spelling": frozenset(("spelling", "accent")),
}
_ALIKE: Final = 0.5
_CONTRACTED: Final = re.compile(r"^['’]\w{0,2}$|n['’]t$", re.IGNORECASE)


def kind_of(edit: Edit, known: CorrectionLanguage) -> str:
    """Return a code of the kinds that reasons exist for; ``word-choice`` where nothing more can be said."""
    old, new = edit.old.casefold().split(), edit.new.casefold().split()
    if sorted(old) == sorted(new):
        return "word-order"
    only_old, only_new = [w for w in old if w not in new], [w for w in new if w not in old]
    for name in ("article", "preposition", "pronoun", "conjunction"):
        members = known.classes.get(name, frozenset())
        if all(word in members for word in only_old + only_new):
            return name
    if len(only_old) == len(only_new) == 1:
        return _kind_of_word(only_old[0], only_new[0], known)
    return "missing-word" if not only_old else "extra-word" if not only_new else "word-choice"


def _kind_of_word(old: str, new: str, known: CorrectionLanguage) -> str:
    if without_accents(old) == without_accents(new):
        return "accent"
    verbs = known.verbs
    if verbs and old in verbs.analyses and new in verbs.analyses:
        times = {time for _, time, _ in verbs.analyses[old]} & {time for _, time, _ in verbs.analyses[new]}
        return "verb-agreement" if times else "tense"
    if old + "s" == new or new + "s" == old:
        return "number"
    if _alike(old, new) >= _ALIKE:
        return "form"
    return "word-choice"


def is_wanted(kind: str, groups: Collection[str]) -> bool:
    """Whether a finding of this kind is to be told to who wants to hear of these groups only; no groups are all."""
    return not groups or any(kind in GROUPS.get(group, ()) for group in groups)


def without_accents(word: str) -> str:
    """Return the word in small letters without its accents."""
    return "".join(s for s in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(s))


def _alike(old: str, new: str) -> float:
    shared = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return shared / max(len(old), len(new), 1)


def is_variant(sentence: str, deviation: Deviation, known: CorrectionLanguage) -> bool:
    """Whether the model only wanted another way to write the same: a contraction, another apostrophe, a short form."""
    wanted = deviation.wanted.strip()
    rest = sentence[deviation.start :].lstrip()
    if not wanted or not any(map(str.isalnum, wanted)) or _CONTRACTED.search(wanted):
        return True
    return any(re.match(pattern, f"{wanted} > {rest}", re.IGNORECASE) for pattern in known.contractions)


def is_style(edit: Edit) -> bool:
    """Whether only marks or capitals change, or half of a sentence is said in other words."""
    old, new = _letters(edit.old), _letters(edit.new)
    return old == new or new.isdigit() != old.isdigit() or len(edit.old.split()) > 3 or len(edit.new.split()) > 4


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
