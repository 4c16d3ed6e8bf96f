"""Which model suits this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tutor.engine.weights.catalogue import Model, models
from tutor.engine.weights.sources import Source, first_answering

TAKEN_FOR_UNKNOWN_BYTES = 4_000_000_000
"""Where the system does not tell its free memory, what is proposed is small."""


def fits(model: Model, free_memory_bytes: int) -> bool:
    """Whether the model runs in so much memory, whatever the number of cores; nothing is too big for 0, "unknown"."""
    return not free_memory_bytes or model.memory_bytes <= free_memory_bytes


def fitting(free_memory_bytes: int) -> list[Model]:
    """The models that run in so much memory, best first, whatever the number of cores."""
    return [model for model in models() if fits(model, free_memory_bytes)]


def best_fit(free_memory_bytes: int, reachable: Callable[[Model], bool], *, cores: int | None = None) -> Model | None:
    """The best model that fits and that `reachable` can get; None where nothing does.

    From 4 GB free the 1.5B (the instruct one before the coder's), from 1.5 GB the 0.5B; the 7B only with
    8 GB and eight cores; the 1.5B where the memory is unknown (0). `reachable` is asked in the catalogue's order
    and no further than needed.
    """
    cores = cores if cores is not None else os.cpu_count() or 1
    for model in fitting(free_memory_bytes or TAKEN_FOR_UNKNOWN_BYTES):
        if cores >= model.proposed_from_cores and reachable(model):
            return model
    return None


def survey(wanted: Sequence[Model], sources: Sequence[Source]) -> dict[str, str | None]:
    """Ask about all models at once: model name to the code of the first source that answers, or None."""
    with ThreadPoolExecutor(max_workers=max(1, len(wanted))) as pool:
        answers = pool.map(lambda model: first_answering(model.files, sources), wanted)
        return {model.name: code for model, code in zip(wanted, answers, strict=True)}
