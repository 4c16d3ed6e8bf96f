"""Tables of docs/ollama-client.md and docs/architecture.md about the client are those of its code."""

from __future__ import annotations

import builtins
import json
import re
from pathlib import Path

import httpx
import pytest

from tutor import ollama
from tutor.ollama import direct, http1, responses, wire
from tutor.ollama.aio import connection as aio_connection
from tutor.ollama.aio import transport as aio_transport
from tutor.ollama.sync import transport as sync_transport

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/ollama-client.md").read_text()
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text()
CLIENT = ROOT / "tutor/ollama"
MODULES = {"httpx": httpx, "json": json}


def rows(text: str, heading: str) -> list[list[str]]:
    """The cells of each row of the tables below a heading."""
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [line.strip("| ").split(" | ") for line in section.splitlines() if re.match(r"\| [`a-z]", line)]


def row(text: str, heading: str, name: str) -> str:
    return " ".join(next(cells for cells in rows(text, heading) if cells[0].startswith(name)))


def class_called(name: str) -> type:
    module, _, bare = name.rpartition(".")
    found = getattr(MODULES[module] if module else ollama, bare, None) or getattr(builtins, bare)
    assert isinstance(found, type)
    return found


def test_every_call_is_listed() -> None:
    listed = {cells[0].strip("`").partition("(")[0] for cells in rows(PAGE, "Calls")} - {"call"}
    public = {name for name in dir(ollama.Client) if not name.startswith("_")} - {"close", "base_url"}
    assert listed == public
    assert all(hasattr(ollama, name) and hasattr(ollama.AsyncClient, name) for name in listed)


@pytest.mark.parametrize("cells", rows(PAGE, "Errors")[1:], ids=lambda cells: cells[0].strip("`"))
def test_errors_are_what_they_are_said_to_be(cells: list[str]) -> None:
    error = class_called(cells[0].strip("`"))
    assert issubclass(error, ollama.OllamaError)
    families = cells[2].partition(";")[0] if len(cells) > 2 else ""
    assert [name for name in re.findall(r"`([\w.]+)`", families) if not issubclass(error, class_called(name))] == []


def test_every_error_is_listed() -> None:
    kinds = [kind for kind in vars(ollama).values() if isinstance(kind, type) and issubclass(kind, ollama.OllamaError)]
    errors = {kind.__name__ for kind in kinds}
    section = PAGE.partition("\n## Errors\n")[2].partition("\n## ")[0]
    assert errors <= set(re.findall(r"`(\w+)`", section))


@pytest.mark.parametrize("name", ["connect_s", "first_s", "whole_s", "between_s"])
def test_budgets_are_those_of_the_code(name: str) -> None:
    assert f"{getattr(ollama.DEFAULT_TIMEOUTS, name):g} s" in row(PAGE, "Budgets and retries", f"`{name}`")


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("a line of a stream", [wire.MAX_LINE_BYTES // 2**20]),
        ("a whole reply", [responses.MAX_BODY_BYTES // 2**20, responses.MAX_ERROR_BYTES // 2**20]),
        ("the head of a reply", [http1._MAX_HEAD // 1024]),
        ("read ahead", [aio_connection._MAX_READY_BYTES // 1024]),
        ("idle connections", [aio_transport._MAX_IDLE, aio_transport._IDLE_S]),
        ("idle connections", [sync_transport._MAX_IDLE, sync_transport._IDLE_S]),
        ("idle connections", [direct.LIMITS.max_keepalive_connections, direct.LIMITS.keepalive_expiry]),
        ("attempts", [ollama.DEFAULT_RETRIES.attempts]),
        ("waiting", [ollama.DEFAULT_TIMEOUTS.connect_s, ollama.DEFAULT_TIMEOUTS.first_s]),
        ("waiting", [ollama.DEFAULT_TIMEOUTS.whole_s, ollama.DEFAULT_TIMEOUTS.between_s]),
    ],
)
def test_limits_are_those_of_the_code(name: str, numbers: list[float]) -> None:
    written = [float(number) for number in re.findall(r"\d+", row(ARCHITECTURE, "The client of Ollama", name))]
    assert [number for number in numbers if number not in written] == []


@pytest.mark.parametrize(
    ("importers", "never"),
    [("aio/*.py", "ollama.sync"), ("sync/*.py", "ollama.aio"), ("*.py", "ollama.testing")],
)
def test_arrows_within_the_client(importers: str, never: str) -> None:
    files = list(CLIENT.glob(importers))
    assert files
    assert [
        path.name for path in files if re.search(rf"^\s*(?:from|import) tutor\.{never}", path.read_text(), re.MULTILINE)
    ] == []
