"""Frames that go to the system at once, and what becomes of those that it does not take."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from autobahn.websocket.protocol import TrafficStats
from twisted.internet.tcp import Connection

from polyglott.frames import PromptProtocol

FRAMES = [bytes([number]) * (997 * number) for number in range(1, 60)]
SMALL_BYTES = 4096


class HandCranked:
    """A reactor that says "write on" when a test does."""

    def __init__(self) -> None:
        self.writers: set[Connection] = set()

    def addWriter(self, writer: Connection) -> None:  # noqa: N802 - Twisted's names
        self.writers.add(writer)

    def removeWriter(self, writer: Connection) -> None:  # noqa: N802
        self.writers.discard(writer)

    def removeReader(self, reader: Connection) -> None:  # noqa: N802
        pass


class Line:
    """A websocket that is open over a real connection, and the other end of it."""

    def __init__(self) -> None:
        self.reactor = HandCranked()
        ours, self.theirs = socket.socketpair()
        for end in (ours, self.theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BYTES)
            end.setblocking(False)
        self.protocol = PromptProtocol()
        self.protocol.transport = self.transport = Connection(ours, self.protocol, self.reactor)
        self.transport.connected = 1
        self.protocol.send_queue, self.protocol.trafficStats = [], TrafficStats()  # type: ignore[no-untyped-call]
        self.protocol.state, self.protocol.logOctets, self.protocol.peer = PromptProtocol.STATE_OPEN, False, "test"

    def heard(self) -> bytes:
        """All that has come so far."""
        came = b""
        while True:
            try:
                more = self.theirs.recv(1 << 20)
            except BlockingIOError:
                return came
            came += more


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.transport.socket.close()
    made.theirs.close()


def test_a_frame_is_on_its_way_at_once(line: Line) -> None:
    line.protocol.sendData(b"a frame")
    assert line.heard() == b"a frame"
    assert not line.reactor.writers


def test_what_the_system_does_not_take_comes_after_it_in_order(line: Line) -> None:
    for frame in FRAMES:
        line.protocol.sendData(frame)
    came = line.heard()
    assert len(came) < sum(map(len, FRAMES))
    while line.reactor.writers:
        line.transport.doWrite()
        came += line.heard()
    assert came == b"".join(FRAMES)
    line.protocol.sendData(b"and at once again")
    assert line.heard() == b"and at once again"


def test_whoever_has_gone_is_found_out_the_usual_way(line: Line) -> None:
    line.theirs.close()
    line.protocol.sendData(b"to nobody")
    assert line.reactor.writers == {line.transport}


def test_nothing_is_said_on_a_connection_that_is_about_to_end(line: Line) -> None:
    line.transport.disconnecting = True
    line.protocol.sendData(b"too late")
    assert line.heard() == b""
