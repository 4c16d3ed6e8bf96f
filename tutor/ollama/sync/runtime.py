"""Threads: what the client asks of whoever runs it."""

from __future__ import annotations

import threading

CANCELLED: tuple[type[BaseException], ...] = ()
"""What ends a wait that may be taken up again: in threads, nothing."""


class Interrupted(Exception):
    """The exchange was ended by its own side while it waited."""


def whoever() -> object:
    """Who is running: the same for the same thread, another one for each other."""
    return threading.get_ident()


new_event = threading.Event
