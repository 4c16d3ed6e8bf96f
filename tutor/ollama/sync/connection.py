"""One connection over a blocking socket; see `tutor.ollama.sync.transport`."""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections.abc import Iterable

import httpx

from tutor.ollama.http1 import Reception
from tutor.ollama.sync.runtime import Interrupted

_RECEIVE_BYTES = 65_536


class Connection:
    """One connection, which serves one request after the other. Times are of `time.monotonic`."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._reception: Reception | None = None
        self._defect: httpx.RemoteProtocolError | None = None
        self._interrupted = False
        self._is_cut = False  # the request was not sent to its end
        self.idle_since = 0.0

    def send(self, request: httpx.Request, content: bytes, until: float | None) -> Reception:
        """Begin an exchange. Raises TimeoutError, `Interrupted`, and httpx's errors."""
        reception = Reception(request.method)
        head = reception.request(request.url.raw_path, request.headers.raw)
        self._reception, self._defect = reception, None
        self._allow(until)
        self._is_cut = not self._write(head + content)
        return reception

    def upload(self, reception: Reception, blocks: Iterable[bytes], write_s: float | None, until: float | None) -> None:
        """Send the body of a request, each block within so many seconds. Ends early if the server answers or hangs up.

        Raises as `send` does, and what `blocks` raises.
        """
        for block in blocks:
            step_until = None if write_s is None else time.monotonic() + write_s
            if not self._write_unless_answered(reception, memoryview(block), earlier(until, step_until)):
                self._is_cut = True
                return

    def read(self, until: float | None) -> bytes:
        """What has come of the body, at least one byte; b"" at its end. Raises as `send` does."""
        reception = self._reception
        assert reception is not None  # noqa: S101 - whoever reads has sent, and has not released
        while not reception.ready:
            if reception.ended:
                return b""
            self._receive(reception, until)
        data = b"".join(reception.ready)
        reception.ready.clear()
        return data

    def wait_for_head(self, reception: Reception, until: float | None) -> None:
        """Until the head is there."""
        while reception.head is None:
            self._receive(reception, until)

    def interrupt(self) -> None:
        """End the wait of another thread, with `Interrupted`."""
        self._interrupted = True
        self.hang_up()

    def hang_up(self) -> None:
        """End the connection for whoever is using it."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up at once."""
        self._sock.close()

    def __del__(self) -> None:
        # Of a client that nobody closed, such as the one behind the module's functions.
        self.close()

    def release(self) -> bool:
        """End the exchange; whether the connection may serve another."""
        reception, self._reception = self._reception, None
        good = reception is not None and reception.ended and reception.reusable and not reception.ready
        return good and not self._interrupted and not self._is_cut

    @property
    def is_usable(self) -> bool:
        """Whether the connection can take a request: the server has neither closed it nor said anything unasked."""
        self._sock.settimeout(0)
        try:
            self._sock.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def _write(self, content: bytes) -> bool:
        """Whether all of it went out. A server may answer before it has read everything, and hang up."""
        try:
            self._sock.sendall(content)
        except TimeoutError:
            raise
        except OSError:  # told by what is read next
            return False
        return True

    def _write_unless_answered(self, reception: Reception, rest: memoryview, until: float | None) -> bool:
        """Whether all of it went out. A server that answers early need not hang up: it may just read no more."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
            while rest:
                self._allow(until)
                ready = selector.select(self._sock.gettimeout())
                if any(events & selectors.EVENT_READ for _, events in ready):
                    self._receive(reception, until)
                    if reception.head is not None or self._defect is not None:
                        return False
                elif ready:
                    self._sock.settimeout(0)
                    with contextlib.suppress(OSError):  # if the connection broke, that can be read
                        rest = rest[self._sock.send(rest) :]
        return True

    def _receive(self, reception: Reception, until: float | None) -> None:
        if self._defect is not None:
            raise self._defect
        self._allow(until)
        try:
            data = self._sock.recv(_RECEIVE_BYTES)
        except TimeoutError:
            raise
        except OSError as error:
            if self._interrupted:
                raise Interrupted from None
            raise httpx.ReadError(str(error)) from error
        if self._interrupted:
            raise Interrupted
        try:
            reception.feed(data)
        except httpx.RemoteProtocolError as error:
            self._defect = error  # told after what came before it

    def _allow(self, until: float | None) -> None:
        left_s = None if until is None else until - time.monotonic()
        if left_s is not None and left_s <= 0:
            raise TimeoutError
        self._sock.settimeout(left_s)


def earlier(one: float | None, other: float | None) -> float | None:
    """The moment that comes first; None is never."""
    return min((moment for moment in (one, other) if moment is not None), default=None)
