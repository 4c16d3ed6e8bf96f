"""How much of a request Daphne keeps, and how long it waits for the rest.

By itself it takes in all there is of a body before anybody is asked, and lets a connection that sends nothing whole
stay as long as a byte comes now and then: a thousand of those took every file that a process may open. Here one without
a whole request is ended after ten seconds, and the one that has waited longest at once where there are too many.
"""

import logging
import time
from dataclasses import dataclass, field
from typing import Any

from daphne import http_protocol
from twisted.web import http

from polyglott.guard import BODY_BYTES

log = logging.getLogger(__name__)
HEAD_S = 10.0
# A body may take longer, as long as something of it comes.
WHOLE_S = 60.0
IDLE_S = 60.0
SAY_EVERY_S = 60.0
# Tests may scale time, but a busy machine needs some to send a request.
LEAST_SCALE = 0.5


class MeasuredRequest(http_protocol.WebRequest):
    """Keeps one piece more than is allowed, so that the guard sees that it was too much; the rest is let go unread."""

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if self.content.tell() <= BODY_BYTES:
            super().handleContentChunk(data)


@dataclass
class _Wait:
    since: float
    until: float
    half: bool = False


@dataclass
class WaitingRoom:
    """Connections that have sent no whole request yet, or none after the last: at most ``most`` of them."""

    most: int
    scale: float = 1.0
    _waits: dict[Any, _Wait] = field(default_factory=dict)
    _ended: int = 0
    _say_at: float = 0.0

    def come(self, channel: Any, patience_s: float) -> None:
        """A connection waits for its first or next request; whoever has waited longest makes room."""
        if len(self._waits) >= self.most:
            self._end(min(self._waits, key=lambda one: self._waits[one].since))
        now = time.monotonic()
        self._waits[channel] = _Wait(now, now + patience_s * self.scale)

    def hear(self, channel: Any, *, of_body: bool = False) -> None:
        """Something of a request has come: ten seconds are left from its first byte, and from each piece of a body."""
        wait = self._waits.get(channel)
        if wait is None:
            return
        now = time.monotonic()
        if not wait.half:
            wait.half, wait.since = True, now
        elif not of_body:
            return
        wait.until = min(now + HEAD_S * self.scale, wait.since + WHOLE_S * self.scale)

    def leave(self, channel: Any) -> None:
        """The request is whole, or the connection is gone."""
        self._waits.pop(channel, None)

    def look(self) -> None:
        """End what has waited too long, and say so: not of each connection, but once a minute."""
        now = time.monotonic()
        for channel in [channel for channel, wait in self._waits.items() if wait.until <= now]:
            self._end(channel)
        if self._ended and now >= self._say_at:
            log.warning("%d connections were ended that sent no whole request", self._ended)
            self._ended, self._say_at = 0, now + SAY_EVERY_S

    def _end(self, channel: Any) -> None:
        # Browsers open connections ahead and keep them: one on which nothing was said yet is nothing to report.
        self._ended += self._waits.pop(channel).half
        channel.transport.abortConnection()


class PatientChannel(http.HTTPChannel):
    """Daphne's connection, which tells the waiting room where it stands."""

    room: WaitingRoom

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name, as all of these
        super().connectionMade()
        self.room.come(self, HEAD_S)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        self.room.hear(self)
        super().dataReceived(data)

    def rawDataReceived(self, data: bytes) -> None:  # noqa: N802
        self.room.hear(self, of_body=True)
        super().rawDataReceived(data)

    def allContentReceived(self) -> None:  # noqa: N802
        self.room.leave(self)
        super().allContentReceived()

    def requestDone(self, request: Any) -> None:  # noqa: N802
        if self.persistent:
            self.room.come(self, IDLE_S)
        super().requestDone(request)

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        self.room.leave(self)
        super().connectionLost(reason)


def measure_requests(waiting: int, scale: float = 1.0) -> None:
    """From now on, in this process: bodies are counted, and at most ``waiting`` connections wait for a request."""
    from twisted.internet import reactor  # whoever imports it first chooses its kind: Daphne has

    room = PatientChannel.room = WaitingRoom(waiting, scale)
    http_protocol.WebRequest = MeasuredRequest
    http_protocol.HTTPFactory.protocol = lambda _: http._GenericHTTPChannelProtocol(PatientChannel())  # noqa: SLF001

    def look() -> None:
        room.look()
        reactor.callLater(max(0.1, scale), look)

    reactor.callLater(max(0.1, scale), look)
