"""One-time codes that people read out and type: Crockford's base 32, without the letters that look like others."""

import secrets
import unicodedata

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
GROUP = 4

# What a hand writes for a letter that is not among them.
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """Twelve letters, sixty bits: more than anybody tries out within a day."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def spelled(code: str) -> str:
    """A code as it is shown, in groups of four: ``K7QX-9MTD-2VWA``."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(typed: str) -> str:
    """The code that somebody meant, whatever the capitals, spaces, dashes and widths; what was none stays none."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(letter for letter in plain if letter.isalnum()).translate(_MEANT)
