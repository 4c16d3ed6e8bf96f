"""Which model suits this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tutor.engine.fitness import free_memory_bytes as machine_free_bytes
from tutor.engine.weights.catalogue import Model, models
from tutor.engine.weights.sources import Source, first_answering

CORES_FOR_7B = 8
"""On two cores a 7B writes about 4 tokens/s, slower than a child reads: with fewer it is a choice, not the proposal."""

_LEAST_CORES = {"qwen2.5:7b": CORES_FOR_7B}

_PREFERENCE = ("qwen2.5:7b", "qwen2.5:1.5b", "qwen2.5-coder:1.5b", "qwen2.5-coder:0.5b")


def fitting(free_memory_bytes: int, candidates: Iterable[Model] | None = None) -> list[Model]:
    """The models that run in so much memory, best first, whatever the number of cores."""
    found = [model for model in candidates or models() if model.memory_bytes <= free_memory_bytes]
    return sorted(found, key=_rank)


def _rank(model: Model) -> int:
    return _PREFERENCE.index(model.name) if model.name in _PREFERENCE else len(_PREFERENCE)


def best_fit(free_memory_bytes: int, reachable: Callable[[Model], bool], *, cores: int | None = None) -> Model | None:
    """The best model that fits and that `reachable` can get; None where nothing does.

    From 4 GB free the 1.5B (the instruct one before the coder's), from 1.5 GB the 0.5B; the 7B only with
    8 GB and `CORES_FOR_7B` cores. `reachable` is asked in that order and no further than needed.
    """
    cores = cores if cores is not None else os.cpu_count() or 1
    for model in fitting(free_memory_bytes):
        quick_enough = cores >= _LEAST_CORES.get(model.name, 1)
        if quick_enough and reachable(model):
            return model
    return None


def survey(wanted: Sequence[Model], sources: Sequence[Source]) -> dict[str, str | None]:
    """Ask about all models at once: model name to the code of the first source that answers, or None."""
    with ThreadPoolExecutor(max_workers=max(1, len(wanted))) as pool:
        answers = pool.map(lambda model: first_answering(model.files, sources), wanted)
        return {model.name: code for model, code in zip(wanted, answers, strict=True)}


def free_memory_bytes(group: Path = Path("/sys/fs/cgroup")) -> int:
    """Memory that a new process could have, within the limit of the container, if there is one; 0 if unknown."""
    return min(machine_free_bytes(), _container_free_bytes(group))


def _container_free_bytes(group: Path) -> int:
    try:
        limit = int((group / "memory.max").read_text(encoding="ascii"))
        return max(0, limit - int((group / "memory.current").read_text(encoding="ascii")))
    except (OSError, ValueError):  # no container, or no limit ("max")
        return sys.maxsize
