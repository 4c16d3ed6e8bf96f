"""The only module that touches the native library: one model in memory, and one request to it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tutor.engine.fitness import free_memory_bytes
from tutor.engine.slots import Slots

MIB: Final = 1024 * 1024
MOST_STATES_MIB: Final = 1024
STATES_MIB_WHEN_UNKNOWN: Final = 256
# A request can be left only between two batches. On two cores 64 tokens of a 1.5B model take a good second; twice as
# many would save 7 % of the time of reading and make who comes next wait up to five.
BATCH_TOKENS: Final = 64

READ_BYTES: Final = 4 * MIB

Chunk = Mapping[str, Any]


class CannotLoad(Exception):
    """The file is no model that llama.cpp can run, or there is no memory for it."""


@dataclass(frozen=True)
class Capacity:
    """How many conversations at once, tokens for each of them, and threads for all."""

    slots: int
    context: int
    threads: int


class LlamaModel:
    """A model in memory, freed when the last reference goes. `paths` are the file's parts; every call blocks.

    While the library builds the model it holds the interpreter's lock, and the engine answers nobody. The slow half,
    the disk, is therefore waited for beforehand.
    """

    def __init__(self, paths: Sequence[Path], capacity: Capacity) -> None:
        try:
            _read_through(paths)
            self._server = _serve(paths[0], capacity)
        except (OSError, RuntimeError, ValueError, MemoryError) as trouble:
            raise CannotLoad(paths[0].name) from trouble
        self._slots = Slots(capacity.slots)

    def run(self, request: Mapping[str, Any], take: Callable[[Chunk], bool]) -> None:
        """Answer `request`, chunk by chunk, until it is answered or `take` returns True ("stop")."""
        with self._slots.held(request["messages"]) as slot:
            named = {} if slot is None else {"id_slot": slot}
            self._server.handle_chat_completions({**request, **named}, take)


def states_mib(free_bytes: int) -> int:
    """Main memory for the states of conversations that are not in a slot: a quarter of what is free, a GiB at most."""
    if free_bytes <= 0:
        return STATES_MIB_WHEN_UNKNOWN
    return min(MOST_STATES_MIB, free_bytes // 4 // MIB)


def _read_through(paths: Sequence[Path]) -> None:
    """Bring the files into the system's cache, from which the library maps them."""
    for path in paths:
        with path.open("rb", buffering=0) as file:
            while file.read(READ_BYTES):
                pass


def _serve(path: Path, capacity: Capacity) -> Any:
    """A server whose loop runs. One that is freed before its loop has begun misses the word to end and never does,
    with the interpreter's lock in its hand; the answer to a question of no matter comes out of the loop.
    """
    import xllamacpp

    server = xllamacpp.Server(_parameters(xllamacpp, path, capacity))
    server.handle_metrics()
    return server


def _parameters(xllamacpp: Any, path: Path, capacity: Capacity) -> Any:
    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(path)
    wanted.n_parallel = capacity.slots
    wanted.n_ctx = capacity.slots * capacity.context
    wanted.n_batch = wanted.n_ubatch = BATCH_TOKENS
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = capacity.threads
    wanted.cache_prompt = True
    wanted.cache_ram_mib = states_mib(free_memory_bytes())
    wanted.slot_prompt_similarity = 0.0  # `Slots` knows better who holds what
    wanted.fit_params = False
    wanted.verbosity = 0
    _close_the_library_s_own_door(wanted)
    return wanted


def _close_the_library_s_own_door(wanted: Any) -> None:
    """The library listens on a port of its own, which nobody here uses: loopback, nothing to see, and a key unknown."""
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = 0
    wanted.api_keys = [secrets.token_urlsafe(32)]
    wanted.ui = False
    wanted.endpoint_slots = wanted.endpoint_props = False
    wanted.endpoint_metrics = True  # `_serve` asks for them; at the door they need the key
