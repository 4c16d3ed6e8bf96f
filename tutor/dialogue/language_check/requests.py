"""Hears whether a learner wants something said in their own language: then a tutor may do so."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from tutor.dialogue.language_check.detection import base

_REMEMBERED_MESSAGES: Final = 2


def wants_own_language(messages: Sequence[str], own_language: str) -> bool:
    """Whether one of the learner's last two messages asks for help, a translation, or the own language by its name."""
    asks = _asking(base(own_language))
    return any(asks.search(one) for one in messages[-_REMEMBERED_MESSAGES:])


@cache
def _asking(language: str) -> re.Pattern[str]:
    known = tomllib.loads(files(__package__).joinpath("requests.toml").read_text(encoding="utf-8"))
    name = known["names"].get(language)
    return re.compile("|".join([*known["help"], *([name] if name else [])]), re.IGNORECASE)
