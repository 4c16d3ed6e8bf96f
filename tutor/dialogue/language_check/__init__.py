"""Whether a reply is in the language that is learnt: noticed by code, without asking a model."""

from __future__ import annotations

from tutor.dialogue.language_check.detection import base, other_language
from tutor.dialogue.language_check.requests import wants_own_language

__all__ = ["base", "other_language", "wants_own_language"]
