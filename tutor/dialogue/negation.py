"""What a learner says is not so. No line about apples answers "I don't want any apples".

Rules of thumb, made to err on the side of an ordinary line.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

# A clause that holds one of these denies all that it says. A bare "no" is an answer and denies nothing.
_DENIALS: Final = {
    "en": r"no(?= \w)(?! (?:thanks?|i|i'\w+|im|we|he|she|it|they|you|my|the|only)\b)|not(?! only\b)|never|nobody"
    r"|nothing|none|neither|nor|cannot|(?:do|does|did|ca|could|wo|would|is|are|was|were|have|has|had|should)n'?t",
    "es": r"n[oó](?= \w)(?! (?:s[oó]lo|solamente|gracias|muchas gracias)\b)"
    r"|nunca|jam[aá]s|nadie|ning[uú]n\w*|tampoco|ni|nada de|(?<!\w )nada(?! \w)",
    "fr": r"ne|n'(?!est[- ]ce pas)\w+|(?<!est.ce )pas(?! seulement\b)|jamais|rien|aucune?|ni|guère",
    "it": r"non(?! solo\b)|mai|nessun\w*|niente|nulla|neanche|nemmeno|né|no(?= (?:mi|ho|voglio|c'è)\b)",
    "de": r"nicht(?! nur\b)|nichts|nix|nie|niemals|niemand\w*|kein\w*|weder",
    "ja": r"\w*(?:(?<!すみ)(?<!すい)ません(?!か)|(?<![少危])(?<!つまら)な(?:い(?!で(?!す))|かった))\w*"
    r"|\w*(?:masen|janai|nakatta)(?! ka\b)|nai",
    "pt": r"n[aã]o(?= \w)(?! (?:s[oó]|somente|obrigad[oa]|muito obrigad[oa])\b)"
    r"|nunca|jamais|ningu[eé]m|nenhum\w*|tampouco|nem|nada de",
}
# It takes back only what follows it.
_WITHOUT: Final = {
    "en": "without", "es": "sin", "fr": "sans", "it": "senza", "de": "ohne", "ja": "nashi", "pt": "sem"
}  # fmt: skip
_JOINTS: Final = {
    "en": r"(?:but|because|although|however|so)\b|(?:what|how) about|and (?=(?:i|i'\w+|my|we|you|no|not|never)\b)",
    "es": r"(?:pero|sino|aunque|porque|as[ií] que)\b|y (?=(?:t[uú]|usted|yo|vos|mi|mis|no|nunca|tampoco)\b)",
    "fr": r"(?:mais|car|donc)\b|parce qu[e']|et (?=(?:toi|vous|moi|je|mon|ma|mes|ne|pas)\b|[jn]')",
    "it": r"(?:ma|però|perché|perche|invece|quindi)\b|e (?=(?:tu|lei|io|mio|mia|miei|mie|non|mai)\b)",
    "ja": r"\b(?:demo|kedo)\b|けれど|けど|(?<=[すた])が",
    "de": r"(?:aber|sondern|weil|denn|jedoch)\b|und (?=(?:ich|du|dir|sie|ihnen|wir|mein\w*|kein\w*|nicht|nie)\b)",
    "pt": r"(?:mas|por[eé]m|porque|embora|ent[aã]o)\b|e (?=(?:voc[eê]|tu|eu|meus?|minhas?|n[aã]o|nunca)\b)",
}
_WITHOUT_SPACES: Final = frozenset({"ja"})
_MARKS: Final = r"[,.;:!?¿¡()–—、。！？]+"


def affirmed(message: str, language: str) -> str:
    """A folded message without the clauses that deny something; marks stay, and so does a language unknown here.

    "I don't like tea, but I like milk?" leaves ", but I like milk?".
    """
    if language not in _DENIALS:
        return message
    joints, denials, without = _patterns(language)
    parts = joints.split(message)
    parts[::2] = ("" if denials.search(clause) else without.sub("", clause) for clause in parts[::2])
    return "".join(parts)


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    wholes = (rf"\b(?:{_DENIALS[language]})(?!\w)", rf"\b{_WITHOUT[language]}\b.*")
    denials, without = (re.compile(words, re.IGNORECASE) for words in wholes)
    edge = "" if language in _WITHOUT_SPACES else r"\b"
    return re.compile(rf"({_MARKS}|{edge}(?:{_JOINTS[language]}))", re.IGNORECASE), denials, without
