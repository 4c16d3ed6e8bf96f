"""The package alone: beside httpx and pydantic it needs nothing, and importing it touches nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tutor.ollama.testing import ScriptedOllama

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("httpx", "pydantic")

IMPORT_EVERYTHING = """
import importlib, pkgutil, tutor.ollama
for module in pkgutil.walk_packages(tutor.ollama.__path__, "tutor.ollama."):
    importlib.import_module(module.name)
    print(module.name)
"""

CHAT_ALL_WAYS = """
import asyncio, tutor.ollama
from tutor.ollama import AsyncClient, Client, chat

HELLO = [{"role": "user", "content": "Hello"}]

async def in_a_loop():
    async with AsyncClient() as client:
        print((await client.chat("qwen2.5:7b", HELLO)).message.content)
        print("".join([part.message.content async for part in await client.chat("qwen2.5:7b", HELLO, stream=True)]))

print(chat("qwen2.5:7b", HELLO).message.content)
with Client() as client:
    print("".join(part.message.content for part in client.chat("qwen2.5:7b", HELLO, stream=True)))
asyncio.run(in_a_loop())
"""

# What an import reads of the environment, opens, connects and leaves behind.
WATCH_THE_IMPORT = """
import json, os, ssl, sys
import httpx, pydantic

read, opened, network, contexts = [], [], [], []
plain, plain_context = os._Environ.__getitem__, ssl.SSLContext.__new__

def watched(self, key):
    read.append(key)
    return plain(self, key)

def watched_context(cls, *arguments, **named):
    contexts.append(cls.__name__)
    return plain_context(cls, *arguments, **named)

def audit(event, arguments):
    if event == "open":
        opened.append(str(arguments[0]))
    elif event.startswith("socket."):
        network.append(event)

sys.addaudithook(audit)
os._Environ.__getitem__, ssl.SSLContext.__new__ = watched, watched_context
import tutor.ollama
found = {"read": list(read), "opened": list(opened), "network": list(network), "contexts": list(contexts)}
try:
    tutor.ollama.list()
except tutor.ollama.InvalidHost as error:
    found["refused"] = isinstance(error, ValueError)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that holds NEEDED, what these bring, and a copy of the package."""
    folder = tmp_path_factory.mktemp("bare") / "environment"
    venv.create(folder, with_pip=False, symlinks=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    for needed in closure():
        for entry in top_level(needed):
            (packages / entry.name).symlink_to(entry)
    shutil.copytree(ROOT / "tutor/ollama", packages / "tutor/ollama", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "bin/python"


def closure() -> Iterator[Distribution]:
    """The distributions in NEEDED and all that they require here, each once; optional extras aren't required."""
    waiting, met = list(NEEDED), set()
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in met:
            continue
        met.add(name)
        found = distribution(name)
        yield found
        requirements = [Requirement(text) for text in found.requires or ()]
        waiting += [r.name for r in requirements if r.marker is None or r.marker.evaluate({"extra": ""})]


def top_level(found: Distribution) -> set[Path]:
    """The folders and files in site-packages that a distribution consists of."""
    tops = {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}
    return {Path(str(found.locate_file(top))) for top in tops}


def run(python: Path, program: str, **environment: str) -> str:
    """What the program prints; nothing but `environment` is set."""
    done = subprocess.run(
        [python, "-I", "-X", "utf8", "-c", program],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=50,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_environment_is_bare(bare_python: Path) -> None:
    here = {canonicalize_name(found.metadata["Name"]) for found in closure()}
    assert {"httpx", "httpcore", "h11", "certifi", "anyio", "pydantic", "pydantic-core"} <= here
    find = "import importlib.util as u; print([n for n in {!r} if u.find_spec(n)])"
    absent = ["django", "channels", "ollama", "pytest", "cryptography", "polyglott", "tests", "requests", "yaml"]
    assert run(bare_python, find.format([*NEEDED, *absent])) == f"{list(NEEDED)}\n"


def test_every_module_imports(bare_python: Path) -> None:
    imported = run(bare_python, IMPORT_EVERYTHING).split()
    files = {path for path in (ROOT / "tutor/ollama").rglob("*.py") if path != ROOT / "tutor/ollama/__init__.py"}
    assert len(imported) == len(files)


def test_it_chats(bare_python: Path) -> None:
    with ScriptedOllama.in_thread() as server:
        server.say(["¡Ho", "la!"])
        assert run(bare_python, CHAT_ALL_WAYS, OLLAMA_HOST=server.base_url) == "¡Hola!\n" * 4


@pytest.mark.parametrize("host", ["::::bad", "http://127.0.0.1:99999999"])
def test_the_import_touches_nothing(bare_python: Path, host: str) -> None:
    found: dict[str, Any] = json.loads(run(bare_python, WATCH_THE_IMPORT, OLLAMA_HOST=host, OLLAMA_API_KEY="secret"))
    assert [name for name in found["read"] if "OLLAMA" in str(name) or "PROXY" in str(name) or "SSL" in str(name)] == []
    assert [path for path in found["opened"] if path.endswith((".pem", ".crt")) or "/etc/" in path] == []
    assert (found["network"], found["contexts"]) == ([], [])
    assert found["refused"]


def test_it_is_imported_where_nothing_forks() -> None:
    """As on Windows and in browsers: what others of its imports ask for is there before."""
    program = f"import os, random, logging, threading, httpx, pydantic\ndel os.register_at_fork\n{IMPORT_EVERYTHING}"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert "tutor.ollama.sync.exchange" in run.stdout
