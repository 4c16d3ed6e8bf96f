"""Ends this process with its parent: nobody else knows its token, and it holds gigabytes."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
import threading
from typing import BinaryIO, Final, NoReturn

PR_SET_PDEATHSIG: Final = 1


def end_when_closed(stdin: BinaryIO) -> None:
    """End the process when the other end of `stdin` is closed, by whatever way the parent ended."""

    def watch() -> NoReturn:
        while os.read(stdin.fileno(), 4096):
            pass
        _end()

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def end_with_parent(loop: asyncio.AbstractEventLoop) -> None:
    """The same by the kernel's word, on Linux.

    The kernel sends the signal when the parent's *thread* ends that started this process, so that the parent is looked
    for before it is believed.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _end)
    if sys.platform != "linux":
        return
    parent = os.getppid()
    loop.add_signal_handler(signal.SIGHUP, lambda: _end() if os.getppid() != parent else None)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGHUP)


def _end() -> NoReturn:
    """Without ceremony: there is nothing to save, and llama.cpp's threads cannot be asked."""
    os._exit(0)
