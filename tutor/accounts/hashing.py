"""Password hashing in a queue: one or two at a time, so that a class at the door leaves a core to growing replies.

A hash is slow on purpose and lets other threads run meanwhile. Thirty at once would hold each other up and all the
rest too, and nobody would come in before the last. Never hash within a transaction: it would hold the database.
"""

import os
import threading
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

AT_ONCE = 2 if (os.cpu_count() or 1) > 3 else 1
# A hash takes a quarter to half a second: who comes last waits half a minute, and that from one address only.
MOST_WAITING = 240
MOST_FROM_ONE_ADDRESS = 60


class TooManyAtOnce(ValidationError):
    """The queue is full. Raised while a form is cleaned, it stands on the form, and what was typed stays."""

    def __init__(self) -> None:
        super().__init__(_("Too many people are coming in at this moment. Wait half a minute, then try again."))


class HashQueue:
    """Slots for ``at_once`` threads. Who waits comes in turn: address by address, and of one address first come first.

    So a stranger who sends many wrong passwords holds up their own address, and a class behind one address comes in
    in the order it asked.
    """

    def __init__(self, at_once: int, most_waiting: int, most_from_one_address: int) -> None:
        self._at_once = at_once
        self._most_waiting = most_waiting
        self._most_from_one_address = most_from_one_address
        self._lock = threading.Lock()
        self._running = 0
        # Nobody waits while a slot is free: whoever leaves hands theirs over.
        self._waiting: OrderedDict[str, deque[threading.Event]] = OrderedDict()

    @contextmanager
    def slot(self, address: str) -> Iterator[None]:
        """Wait for a slot and hold it. Raises :class:`TooManyAtOnce` at once where too many wait."""
        turn = self._enter(address)
        if turn is not None:
            turn.wait()
        try:
            yield
        finally:
            self._leave()

    @property
    def waiting(self) -> int:
        return sum(map(len, self._waiting.values()))

    def _enter(self, address: str) -> threading.Event | None:
        with self._lock:
            if self._running < self._at_once:
                self._running += 1
                return None
            before = self._waiting.get(address, deque())
            if len(before) >= self._most_from_one_address or self.waiting >= self._most_waiting:
                raise TooManyAtOnce
            turn = threading.Event()
            self._waiting.setdefault(address, before).append(turn)
            return turn

    def _leave(self) -> None:
        with self._lock:
            if not self._waiting:
                self._running -= 1
                return
            address, turns = self._waiting.popitem(last=False)
            turns.popleft().set()
            if turns:
                self._waiting[address] = turns


_queue = HashQueue(AT_ONCE, MOST_WAITING, MOST_FROM_ONE_ADDRESS)


class QueuedHasher(PBKDF2PasswordHasher):
    """Django's hash; it waits for its turn."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with _queue.slot(_address()):
            return super().encode(password, salt, iterations)


def _address() -> str:
    """The address that the current request comes from; ``""`` on the command line."""
    request = context.request
    return str(get_adapter(request).get_client_ip(request)) if request is not None else ""
