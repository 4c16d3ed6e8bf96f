"""What holds for every test: no socket leaves this computer, nothing is skipped, one cast, one browser."""

from __future__ import annotations

import ipaddress
import shutil
import socket
from collections.abc import Generator, Iterator
from typing import Any

import hypothesis
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from tests.cast import Cast, gather

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


# The same examples on every machine, and no verdict on a machine for being slow. To look further than these:
# pytest --hypothesis-profile=default --hypothesis-seed=random
hypothesis.settings.register_profile(
    "house", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")

# Slow on purpose, and on a busy machine slower than the minute in which wrong passwords are counted. The same hash,
# fewer times; servers that tests start keep Django's number.
PBKDF2PasswordHasher.iterations = 5_000


def pytest_configure() -> None:
    socket.socket.connect = _guarded(socket.socket.connect)  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded(socket.socket.connect_ex)  # type: ignore[method-assign]
    socket.socket.sendto = _guarded(socket.socket.sendto)  # type: ignore[method-assign]


def _guarded(call: Any) -> Any:
    def checked(self: socket.socket, *args: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_loopback(args[-1][0]):
            raise OutsideTheHouseError(args[-1][0])
        return call(self, *args)

    return checked


class OutsideTheHouseError(AssertionError):
    """A test tried to reach something that is not on this computer."""


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host in {"localhost", ""}
    # 192.0.2.1 belongs to nobody; a datagram socket "connected" to it only learns which way packets would leave.
    return address.is_loopback or str(address) == "192.0.2.1"


def _refuse_skips(report: Any) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"nothing is skipped here: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skips(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skips(report)
    return report


@pytest.fixture
def cast(db: None) -> Cast:
    """Ana and Ben learn in Clara's class, Dora teaches another, Emil learns there, Ada administers, Max has left."""
    return gather()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("The browser tests need chromium. Run: sudo apt-get install chromium")
    return {"executable_path": chromium, "headless": True, "args": CHROMIUM_FLAGS}


@pytest.fixture
def context(context: Any) -> Iterator[Any]:
    """Playwright's browser context; whatever a page complains of on its console fails the test."""
    complaints: list[str] = []
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda failure: complaints.append(str(failure.error)))
    context.complaints = complaints
    yield context
    assert complaints == []
