"""Which model suits this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from tutor.engine.weights.catalogue import Model, models
from tutor.engine.weights.sources import Source, first_answering

CORES_FOR_7B = 8
"""On two cores a 7B writes about 4 tokens/s, slower than a child reads: with fewer it is a choice, not the proposal."""

_LEAST_CORES = {"qwen2.5:7b": CORES_FOR_7B}

_PREFERENCE = ("qwen2.5:7b", "qwen2.5:1.5b", "qwen2.5-coder:1.5b", "qwen2.5-coder:0.5b")
_ASSUMED_BYTES = 4_000_000_000


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


def free_memory_bytes(root: Path = Path("/")) -> int:
    """Memory that could be used now without swapping, within the limit of the container, if there is one.

    Where the system does not say (macOS), half of the whole.
    """
    with suppress(OSError, ValueError, StopIteration):
        lines = (root / "proc/meminfo").read_text(encoding="ascii").splitlines()
        said = next(line for line in lines if line.startswith("MemAvailable:"))
        return min(int(said.split()[1]) * 1024, _container_bytes(root / "sys/fs/cgroup"))
    with suppress(OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return _ASSUMED_BYTES


def _container_bytes(group: Path) -> int:
    try:
        limit = int((group / "memory.max").read_text(encoding="ascii"))
        return max(0, limit - int((group / "memory.current").read_text(encoding="ascii")))
    except (OSError, ValueError):
        return 1 << 62
