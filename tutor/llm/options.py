"""What a preset may say: the options an administrator sets, their ranges, and how long a model stays in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tutor.llm.builtin import CONTEXT_TOKENS

LEAST_HISTORY_TOKENS = 768
"""The instructions of a tutor and the last message need about so much beside the reply."""


@dataclass(frozen=True, slots=True)
class Range:
    """From ``least`` to ``most``; whole numbers where both are."""

    least: float
    most: float

    @property
    def whole(self) -> bool:
        return isinstance(self.least, int)


RANGES: Mapping[str, Range] = {
    "temperature": Range(0.0, 2.0),
    "num_predict": Range(32, 4096),
    "top_p": Range(0.05, 1.0),
    "repeat_penalty": Range(0.5, 2.0),
    "num_ctx": Range(2048, 131072),
}

RELOADING = frozenset({"main_gpu", "num_batch", "num_ctx", "num_gpu", "num_thread", "use_mmap"})
"""Options that an engine loads a model with: a request that differs in one of them makes it load the model anew."""

KEEP_ALIVE = {
    "5m": _("5 minutes"),
    "30m": _("30 minutes"),
    "2h": _("2 hours"),
    "24h": _("a day"),
    "-1m": _("always"),
    "0s": _("not at all"),
}


def problems(options: Mapping[str, float], *, builtin: bool) -> dict[str, object]:
    """What does not go together, by the option it is said at. ``builtin``: the built-in engine may answer."""
    found: dict[str, object] = {}
    num_ctx, num_predict = options.get("num_ctx", CONTEXT_TOKENS), options.get("num_predict", 0)
    if builtin and num_ctx > CONTEXT_TOKENS:
        words = _("The built-in engine has %(most)s tokens of context. Choose a model of Ollama for more.")
        found["num_ctx"] = words % {"most": CONTEXT_TOKENS}
    elif num_predict + LEAST_HISTORY_TOKENS > num_ctx:
        words = _("Too long for this context: with %(context)s tokens a reply may have %(most)s.")
        found["num_predict"] = words % {"context": int(num_ctx), "most": int(num_ctx - LEAST_HISTORY_TOKENS)}
    return found


def loaded_with(options: Mapping[str, Any], loaded: Mapping[str, Any]) -> dict[str, Any]:
    """The options, with those of ``loaded`` that the model is loaded with instead of their own. The reply leaves the
    prompt its room in the context that is now theirs."""
    kept = {name: value for name, value in options.items() if name not in RELOADING} | loading(loaded)
    if {"num_ctx", "num_predict"} <= kept.keys():
        kept["num_predict"] = min(kept["num_predict"], kept["num_ctx"] - LEAST_HISTORY_TOKENS)
    return kept


def loading(options: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the options that the model is loaded with."""
    return {name: value for name, value in options.items() if name in RELOADING}
