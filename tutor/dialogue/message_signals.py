"""What code can tell about a learner's message without asking a model: is it words, and in whose language.

Rules of thumb, made to err on the side of going on with the lesson.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_NOISE_RUNS: Final = re.compile(
    r"asdf|sdfg|dfgh|fghj|ghjk|hjkl|jkl[ñöm;]|qwer|qwert|wert[yz]|zxcv|yxcv|xcvb|cvbn|uiop|fdsa|lkjh|poiu|rewq|(.)\1{4,}"
)
_VOWELS: Final = frozenset("aeiouyàáâäæãåèéêëìíîïòóôöøõœùúûüÿ")

# Small words that are frequent and, as far as possible, belong to one of these languages alone.
_SMALL_WORDS: Final = {
    "en": "the a an i i'm you he she it is are was were and but with my your his her to of in on for "
    "don't do not what how this that there have has had want like can could would very because yes know say",
    "es": "el la los las un una yo tú es está estoy son soy era fue y pero con mi mis tu su de en para por "
    "no qué que cómo esto eso hay tengo tiene quiero me te se puedo muy porque sí sé gusta al del también",
    "fr": "le la les un une je j'ai tu il elle est suis es sont était et mais avec mon ma mes ton de dans en pour "
    "ne pas c'est que quoi comment ce ça il y a ai as veux peux très parce oui sais aime au du des aussi",
    "de": "der die das ein eine ich du er sie es ist bin bist sind war und aber mit mein meine dein von in "
    "für nicht kein was wie dass hat habe haben möchte will kann sehr weil ja weiß mag zu im am auch den dem",
    "it": "il lo gli le un una io tu è sono sei era e ma con mio mia miei tuo suo di in per non che cosa come questo "
    "quello c'è ho ha hai voglio mi ti si posso molto perché sì so mi piace al del della anche nel alla",
    "pt": "o os as um uma eu você tu é está estou sou são era foi e mas com meu minha seu sua de em para por "
    "não que como isso isto tem tenho quero me te se posso muito porque sim sei gosto ao do da também no na",
    "ja": "wa ga wo desu masu watashi kara made ka ne to de no o me",  # as beginners type it
}
_WORDS: Final = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# What patterns look at is bounded, because the time that some of them take grows with the square of it.
_MARKS: Final = re.compile(r"(\W{4})\W+(\W{4})")
_HEARD_CHARACTERS: Final = 1_000


def folded(message: str) -> str:
    """A message as patterns expect it: NFC, single spaces, the plain apostrophe, at most eight marks in a row.

    Of a message of more than 1,000 characters the first and the last 500.
    """
    spaced = " ".join(unicodedata.normalize("NFC", message).replace("\u2019", "'").split())
    plain, half = _MARKS.sub(r"\1\2", spaced), _HEARD_CHARACTERS // 2
    return plain if len(plain) <= 2 * half else f"{plain[:half]} … {plain[-half:]}"


def is_noise(message: str) -> bool:
    """No word and no number in it, or nothing but keys hit at random."""
    if not any(character.isalnum() for character in message):
        return True
    words = _WORD.findall(message.lower())
    return bool(words) and not any(map(str.isdigit, message)) and all(map(_is_random, words))


def _is_random(word: str) -> bool:
    if _NOISE_RUNS.search(word):
        return True
    latin = all(ord(character) < 0x250 for character in word)
    return latin and len(word) >= 5 and not _VOWELS.intersection(word)


def is_foreign(message: str, language: str, own_language: str) -> bool:
    """Whether the learner writes in the own language, or in English, instead of the studied one.

    Another script decides at once; between languages of one script, small words are counted, and it
    takes two that belong to the other language alone and clearly more of them than of the studied one.
    """
    if base(language) in _WORDS.keys() - {"ja"} and _mostly_other_script(message):
        return True
    words = _WORD.findall(message.lower())
    studied = base(language)
    others = {base(own_language), "en"} - {studied}
    return any(_outweighs(words, other, studied) for other in others)


def speaks(message: str, language: str) -> bool:
    """Whether a message has a small word of this language in it, or is in its script where that is another one."""
    small = _WORDS.get(base(language))
    if small is None:
        return _mostly_other_script(message)
    return any(word in small for word in _WORD.findall(message.lower()))


def _outweighs(words: Sequence[str], other: str, studied: str) -> bool:
    theirs, ours = _WORDS.get(other, frozenset()), _WORDS.get(studied, frozenset())
    foreign = sum(word in theirs and word not in ours for word in words)
    at_home = sum(word in ours and word not in theirs for word in words)
    return foreign >= 2 and foreign > 2 * at_home


def _mostly_other_script(message: str) -> bool:
    letters = [character for character in message if character.isalpha()]
    other = sum(ord(character) >= 0x370 for character in letters)
    return 2 * other > len(letters)


def base(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()
