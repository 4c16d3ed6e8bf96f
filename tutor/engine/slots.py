"""Which slot holds which talk, so that a turn finds what was read for the one before it.

Left alone, the library puts a prompt into the slot that shares most with it, and drops what that slot held, without
keeping it, when more than half is shared. Guided talks share their long system prompt: taking turns, they would read
all of their words again each time. Here a slot is named when it holds the talk's own words. Without a name the library
takes the slot unused for the longest time, keeps what it holds, and looks among all that it has kept.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

# A talk may take the place of one that would lose no more than this: an opener that nobody has answered yet.
SMALL_LOSS_CHARACTERS: Final = 120

Messages = Sequence[Mapping[str, object]]


class Slots:
    """What was last asked of each slot. Used by many threads.

    Whose slot the library takes by itself is worked out here by its own rule, not learnt from it. When that goes wrong,
    which takes two requests at the same moment, a talk is read again; nothing else happens.
    """

    def __init__(self, count: int) -> None:
        self._asked: list[Messages] = [()] * count
        self._used_at = [-1] * count
        self._idle = set(range(count))
        self._clock = itertools.count()
        self._lock = threading.Lock()

    @contextmanager
    def held(self, messages: Messages) -> Iterator[int | None]:
        """A slot for as long as the block runs; its number, or None when the library should choose."""
        with self._lock:
            own = self._holding(messages)
            taken = self._oldest() if own is None else own
            self._idle.discard(taken)
            self._asked[taken] = messages
        try:
            yield own
        finally:
            with self._lock:
                self._used_at[taken] = next(self._clock)
                self._idle.add(taken)

    def _holding(self, messages: Messages) -> int | None:
        """The idle slot that has read most of these messages and would lose next to nothing by reading the rest."""
        shared = {slot: _shared(self._asked[slot], messages) for slot in self._idle}
        fitting = [
            slot
            for slot, count in shared.items()
            if count and _length(self._asked[slot][count:]) <= SMALL_LOSS_CHARACTERS
        ]
        return max(fitting, key=lambda slot: shared[slot], default=None)

    def _oldest(self) -> int:
        """As the library has it: of two that were never used, the later one."""
        return min(self._idle or range(len(self._asked)), key=lambda slot: (self._used_at[slot], -slot))


def _shared(known: Messages, messages: Messages) -> int:
    """How many messages at the beginning are the same."""
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(known, messages, strict=False))
    return sum(1 for _ in same)


def _length(messages: Messages) -> int:
    return sum(len(str(message.get("content", ""))) for message in messages)
