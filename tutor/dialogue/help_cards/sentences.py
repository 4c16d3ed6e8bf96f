"""The sentences of help cards, in the languages that people wrote them in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from tutor.dialogue.message_signals import base

FALLBACK: Final = "en"


def sentence(name: str, own_language: str, **places: str) -> str:
    """One of them with its places filled, in the own language or else in English."""
    text = (_sentences(base(own_language)) or _sentences(FALLBACK))[name]
    return text.format(**places) if places else text


@cache
def _sentences(language: str) -> Mapping[str, str]:
    file = files(__package__).joinpath(f"{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
