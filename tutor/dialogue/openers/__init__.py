"""The first words of a free talk: authored, per language, by level and style."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

_SUFFIX: Final = ".toml"
_SIMPLE_LEVELS: Final = ("A1", "A2")
_OWN_OPENERS: Final = ("children", "market", "restaurant", "town")
_FALLBACK: Final = "en"
_ALIASES: Final = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans"}


def opener(language: str, style: str, level: str, seed: int) -> str:
    """One greeting with one easy question; the same seed gives the same one.

    A language without openers of its own borrows those of its base language ("pt-BR" takes "pt"), or
    at last the English ones.
    """
    variants = _of(_nearest(language))[_kind(style, level)]
    return variants[seed % len(variants)]


@cache
def languages() -> tuple[str, ...]:
    """The languages that have openers, in alphabetical order."""
    names = (entry.name for entry in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


def _kind(style: str, level: str) -> str:
    if style in _OWN_OPENERS:
        return style
    return "simple" if level in _SIMPLE_LEVELS else "fuller"


def _nearest(language: str) -> str:
    known = {code.lower(): code for code in languages()} | _ALIASES
    lowered = language.replace("_", "-").lower()
    return known.get(lowered) or known.get(lowered.split("-")[0], _FALLBACK)


@cache
def _of(language: str) -> Mapping[str, Sequence[str]]:
    return tomllib.loads(files(__package__).joinpath(language + _SUFFIX).read_text(encoding="utf-8"))
