"""The `options` of a request. The server ignores names it does not know, silently; this does not."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from types import FrameType
from typing import Any

from pydantic import BaseModel

from tutor.ollama.errors import RequestError
from tutor.ollama.types import Subscriptable

OptionsLike = Mapping[str, Any] | BaseModel

# Frames between the line that names an option and the warning.
_MACHINERY = (f"{__package__}.", "pydantic.", "asyncio.")


class Options(Subscriptable):
    """Options by name; what is None stays the server's business. Warns about a name that no server of today knows."""

    # Changing one of these between requests makes the server load the model anew.
    num_ctx: int | None = None
    num_batch: int | None = None
    num_gpu: int | None = None
    main_gpu: int | None = None
    use_mmap: bool | None = None
    num_thread: int | None = None
    draft_num_predict: int | None = None

    num_keep: int | None = None
    seed: int | None = None
    num_predict: int | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    typical_p: float | None = None
    repeat_last_n: int | None = None
    temperature: float | None = None
    repeat_penalty: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    stop: Sequence[str] | None = None

    # Known to older servers only: `FORMER`.
    numa: bool | None = None
    low_vram: bool | None = None
    f16_kv: bool | None = None
    logits_all: bool | None = None
    vocab_only: bool | None = None
    use_mlock: bool | None = None
    embedding_only: bool | None = None
    tfs_z: float | None = None
    mirostat: int | None = None
    mirostat_tau: float | None = None
    mirostat_eta: float | None = None
    penalize_newline: bool | None = None

    def model_post_init(self, _context: Any) -> None:
        """Warn of the names that a server would not heed."""
        _warn_of_unheeded([*self.model_dump(include=FORMER, exclude_none=True), *(self.model_extra or ())])


FORMER = {
    *("numa", "low_vram", "f16_kv", "logits_all", "vocab_only", "use_mlock", "embedding_only"),
    *("tfs_z", "mirostat", "mirostat_tau", "mirostat_eta", "penalize_newline"),
}
"""Options that servers once knew, and ignore today."""


def options_body(options: OptionsLike | None) -> dict[str, Any] | None:
    """Options as they are sent: a mapping unchanged, of a model what is not None.

    Warns (`UserWarning`) of names in a mapping that no server of today knows; `Options` has warned when it was made.
    Raises `RequestError` for anything else.
    """
    if options is None:
        return None
    if isinstance(options, BaseModel):
        return options.model_dump(exclude_none=True)
    if not isinstance(options, Mapping):
        raise RequestError("options are a mapping or Options")
    _warn_of_unheeded(name for name in options if name in FORMER or name not in Options.model_fields)
    return dict(options)


def _warn_of_unheeded(names: Iterable[str]) -> None:
    for name in names:
        near = () if name in FORMER else get_close_matches(str(name), Options.model_fields, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        _warn_where_it_was_written(f"Ollama has no option {name!r} and would ignore it{hint}")


def _warn_where_it_was_written(text: str) -> None:
    """At the nearest line outside this library. It need not be `stacklevel` frames away: calls may be awaited."""
    frame: FrameType = sys._getframe(1)  # noqa: SLF001
    while frame.f_back is not None and f"{frame.f_globals.get('__name__')}.".startswith(_MACHINERY):
        frame = frame.f_back
    place = frame.f_globals
    registry = place.setdefault("__warningregistry__", {})
    warnings.warn_explicit(text, UserWarning, frame.f_code.co_filename, frame.f_lineno, place.get("__name__"), registry)
