"""The `options` of a request. The server ignores names it does not know, silently; this does not."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from pydantic import ConfigDict

from tutor.ollama.types import Subscriptable


class Options(Subscriptable):
    """Options by name; what is None stays the server's business. Warns about a name that no server knows."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

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

    # Known to older servers only.
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
        for name in self.model_extra or ():
            warnings.warn(f"Ollama has no option {name!r} and would ignore it", UserWarning, stacklevel=3)
