"""The prompts: plain text files in folders beside this one, with `$places` for what differs from talk to talk.

A change of any word there is a new version here, so that every stored reply can be traced to its prompt.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template
from typing import Final

FREE_VERSION: Final = 2
GUIDED_VERSION: Final = 3
REPORT_VERSION: Final = 1
HELP_VERSION: Final = 1

_NAMES: Final = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "gl": "Galician", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "lt": "Lithuanian", "lv": "Latvian", "nb": "Norwegian", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_PARTICULAR: Final = {
    "zh-hans": "Chinese (simplified characters)",
    "zh-cn": "Chinese (simplified characters)",
    "zh-hant": "Chinese (traditional characters)",
    "zh-tw": "Chinese (traditional characters)",
    "pt-br": "Brazilian Portuguese",
    "pt-pt": "European Portuguese",
    "en-gb": "British English",
    "en-us": "American English",
}


@cache
def text(name: str) -> str:
    """The words of one prompt file, such as "free/natural", as they stand."""
    return files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8").strip()


def filled(name: str, **places: str) -> str:
    """A prompt file with its places filled; a place without a value is a mistake and raises KeyError."""
    return Template(text(name)).substitute(places)


def language_name(code: str) -> str:
    """The English name of a BCP-47 language, which is what models know best; else the code itself."""
    lowered = code.replace("_", "-").lower()
    return _PARTICULAR.get(lowered) or _NAMES.get(lowered.split("-")[0], code)
