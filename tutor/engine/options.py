"""A request's `options`: checked as Ollama checks them, and said in llama.cpp's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# name: (type as Ollama names it, value when it is left out, llama.cpp's name or None for an option of load time)
OPTIONS: Final[Mapping[str, tuple[str, object, str | None]]] = {
    "temperature": ("float32", 0.8, "temperature"),
    "top_k": ("integer", 40, "top_k"),
    "top_p": ("float32", 0.9, "top_p"),
    "min_p": ("float32", 0.0, "min_p"),
    "typical_p": ("float32", 1.0, "typical_p"),
    "repeat_last_n": ("integer", 64, "repeat_last_n"),
    "repeat_penalty": ("float32", 1.0, "repeat_penalty"),
    "presence_penalty": ("float32", 0.0, "presence_penalty"),
    "frequency_penalty": ("float32", 0.0, "frequency_penalty"),
    "seed": ("integer", -1, "seed"),
    "num_predict": ("integer", -1, "max_tokens"),
    "num_keep": ("integer", 0, None),
    "stop": ("array", (), "stop"),
    "num_ctx": ("integer", 0, None),
    "num_batch": ("integer", 0, None),
    "num_gpu": ("integer", 0, None),
    "main_gpu": ("integer", 0, None),
    "num_thread": ("integer", 0, None),
    "use_mmap": ("boolean", None, None),
    "draft_num_predict": ("integer", 0, None),
}


class BadOption(ValueError):
    """An option of the wrong type; the argument is the text that Ollama answers."""


def checked(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options this engine knows, each of its own type; others are left out, as Ollama does. Raises BadOption."""
    return {name: _checked(name, value) for name, value in options.items() if name in OPTIONS}


def for_llama(options: Mapping[str, Any]) -> dict[str, Any]:
    """Every sampling option under llama.cpp's name, the missing ones as Ollama's server has them by default."""
    sampling: dict[str, Any] = {
        theirs: options.get(name, default) for name, (_, default, theirs) in OPTIONS.items() if theirs is not None
    }
    sampling["stop"] = list(sampling["stop"])
    if sampling["max_tokens"] <= 0:
        sampling["max_tokens"] = -1
    return sampling


def _checked(name: str, value: object) -> object:
    kind = OPTIONS[name][0]
    if kind == "array":
        return _texts(name, value)
    if kind == "boolean":
        if value is None or isinstance(value, bool):
            return value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        return int(value) if kind == "integer" else float(value)
    raise BadOption(f'option "{name}" must be of type {kind}')


def _texts(name: str, value: object) -> list[str]:
    if not isinstance(value, list):
        raise BadOption(f'option "{name}" must be of type array')
    if not all(isinstance(text, str) for text in value):
        raise BadOption(f'option "{name}" must be of an array of strings')
    return [text for text in value if text]
