"""Connections that send no whole request: they end, others are served meanwhile, and the log says it once."""

from __future__ import annotations

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from polyglott.intake import HEAD_S, LEAST_SCALE
from polyglott.open_files import KEPT_FREE, SOCKETS, WAITING, most_sockets, most_waiting, raise_limit
from tests.live.house import House, running
from tests.live.talking import talking
from tests.patience import PATIENCE_S, until_blocking

MANY = 1_100
HALF = {
    "no byte": b"",
    "a line": b"GET / HTTP/1.1\r\n",
    "half a head": b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le",
    "half a body": b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nlogin=ana",
    "half a handshake": b"GET /ws/talk HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
}


@contextmanager
def limited(soft: int) -> Iterator[None]:
    """Processes that are started meanwhile may open so many files at first."""
    before, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (before, hard))


@contextmanager
def much_room() -> Iterator[None]:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2 * MANY:
        pytest.skip("this machine allows no more files")
    with limited(hard):
        yield


def connected(house: House, sent: bytes) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", house.port), timeout=PATIENCE_S)
    opened.sendall(sent)
    return opened


def is_over(opened: socket.socket) -> bool:
    try:
        return opened.recv(1) == b""
    except ConnectionError:
        return True


@pytest.fixture(scope="module")
def patient_house() -> Iterator[House]:
    with ExitStack() as stack:
        with limited(1024):
            house = stack.enter_context(running(POLYGLOTT_TIME_SCALE=str(LEAST_SCALE), POLYGLOTT_PROBE_EVERY_S="30"))
        yield house


async def test_a_thousand_half_requests_keep_nobody_out(patient_house: House) -> None:
    with much_room(), ExitStack() as sockets:
        opened = [
            sockets.enter_context(connected(patient_house, list(HALF.values())[number % len(HALF)]))
            for number in range(MANY)
        ]
        began = time.monotonic()
        # Pages, sockets and commands, while all of them are held.
        async with talking(patient_house, "ana", patient_house.fresh()) as ana:
            await ana.tell(type="ping")
            while (await ana.hear())["type"] != "pong":
                pass
        with socket.create_connection(("127.0.0.1", patient_house.port), timeout=PATIENCE_S) as page:
            page.sendall(b"GET /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert page.recv(100).startswith(b"HTTP/1.1 200")
        for one in opened:
            one.settimeout(PATIENCE_S)
            assert is_over(one)
        assert time.monotonic() - began >= HEAD_S * LEAST_SCALE * 0.9
        patient_house.wait_for_log(r"\d+ connections were ended that sent no whole request")
    assert patient_house.logged().count("sent no whole request") == 1
    until_blocking(lambda: patient_house.open_files() < 200)


def test_who_drips_bytes_has_no_more_time(patient_house: House) -> None:
    began = time.monotonic()
    with connected(patient_house, b"GET / HTTP/1.1\r\n") as dripping:
        dripping.settimeout(0.1)
        while True:
            try:
                if is_over(dripping):
                    break
            except TimeoutError:
                pass
            try:
                dripping.sendall(b"X-A: b\r\n")
            except ConnectionError:
                break
            assert time.monotonic() - began < PATIENCE_S
    assert time.monotonic() - began >= HEAD_S * LEAST_SCALE * 0.9


def test_the_limit_is_raised_and_shared(patient_house: House) -> None:
    assert patient_house.process is not None
    soft, hard = resource.prlimit(patient_house.process.pid, resource.RLIMIT_NOFILE)
    assert soft == hard
    with limited(1024):
        assert most_sockets() + most_waiting() + KEPT_FREE <= 1024
        assert min(most_sockets(), most_waiting()) > 100
        raise_limit()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == hard
        if hard > 10_000:
            assert (most_sockets(), most_waiting()) == (SOCKETS, WAITING)
