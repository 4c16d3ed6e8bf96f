"""Programs as processes of their own, whose every way into the network leads to scripted servers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.ollama.certificates import Authority
from tutor.ollama.testing import Model, Received, ScriptedOllama
from tutor.ollama.testing.proxy import ScriptedProxy

ROOT = Path(__file__).resolve().parents[2]
OURS, PUBLISHED = "tutor.ollama", "ollama"
MODELS = ("deepseek-r1", "gemma3", "llama3.1", "llama3.1:8b", "llama3.2", "qwen2.5:7b", "qwen3")

_FROM = re.compile(r"^(\s*)from (?:tutor\.)?ollama import", re.MULTILINE)
_IMPORT = re.compile(r"^(\s*)import ollama$", re.MULTILINE)
_USUAL_HEADERS = {"accept": "application/json", "content-type": "application/json"}
# What differs by the client's name, by the length of the body, by the server's port or by the way there.
_PASSED_OVER = {"accept-encoding", "connection", "content-length", "host", "user-agent"}

_PORT = re.compile(r"(127\.0\.0\.1):\d+")


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as a server got it: `POST /api/chat`, or `POST https://host/path` where the program named a host.

    `headers` are those beyond the usual ones; a `body` is JSON, or bytes if it is none.
    """

    what: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended."""

    code: int
    printed: str
    complaints: str
    seen: list[Seen]


@dataclass(frozen=True, slots=True)
class Stage:
    """The servers of one program: `plain` is its OLLAMA_HOST, `secure` is every host that it calls with TLS."""

    plain: ScriptedOllama
    secure: ScriptedOllama
    environment: Mapping[str, str]

    def seen(self) -> list[Seen]:
        """The requests to both, in order."""
        plain = [(r.at, _seen(r, "http", self.plain.base_url)) for r in self.plain.requests]
        secure = [(r.at, _seen(r, "https", self.secure.base_url)) for r in self.secure.requests]
        return [seen for _, seen in sorted(plain + secure, key=lambda pair: pair[0])]


@contextmanager
def staged(authority: Authority) -> Iterator[Stage]:
    """Servers, and the environment by which a program finds them."""
    models = [Model(name) for name in MODELS]
    with ExitStack() as stack:
        plain = stack.enter_context(ScriptedOllama.in_thread(models=models))
        secure = stack.enter_context(ScriptedOllama.in_thread(models=models, tls=authority.serving))
        http, https = (stack.enter_context(ScriptedProxy.in_thread(target=s.base_url)) for s in (plain, secure))
        environment = {
            "OLLAMA_HOST": plain.base_url,
            "HTTP_PROXY": http.base_url,
            "HTTPS_PROXY": https.base_url,
            "NO_PROXY": "127.0.0.1",
            "SSL_CERT_FILE": str(authority.trusted),
        }
        yield Stage(plain, secure, environment)


def written_for(client: str, program: str) -> str:
    """The program with its import lines naming this client."""
    imported = "import ollama" if client == PUBLISHED else "from tutor import ollama"
    return _IMPORT.sub(rf"\1{imported}", _FROM.sub(rf"\1from {client} import", program))


@contextmanager
def started(program: str, stage: Stage, file: Path) -> Iterator[subprocess.Popen[str]]:
    """The program, saved as this file and running; what is left of it in the end is killed."""
    file.write_text(program, encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **stage.environment}
    with file.with_suffix(".err").open("w") as complaints:
        process = subprocess.Popen(
            [sys.executable, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            cwd=file.parent,
            env=environment,
            encoding="utf-8",
        )
    with process:
        try:
            yield process
        finally:
            process.kill()


def finished(
    process: subprocess.Popen[str], stage: Stage, file: Path, cues: Mapping[str, Callable[[Stage], None]] | None = None
) -> Ran:
    """Wait for its end. At a line that begins with a cue, do what it calls for and press return."""
    assert process.stdout
    assert process.stdin
    printed = []
    for line in process.stdout:
        printed.append(line)
        for cue, act in (cues or {}).items():
            if line.startswith(cue):
                act(stage)
                process.stdin.write("\n")
                process.stdin.flush()
    code = process.wait(30)
    complaints = file.with_suffix(".err").read_text(encoding="utf-8")
    # The port is another one each time.
    return Ran(code, _PORT.sub(r"\1:11434", "".join(printed)), complaints, stage.seen())


def _seen(received: Received, scheme: str, base_url: str) -> Seen:
    headers = {k: v for k, v in received.headers.items() if k not in _PASSED_OVER and _USUAL_HEADERS.get(k) != v}
    host = received.headers["host"]
    where = "" if base_url.endswith(f"//{host}") else f"{scheme}://{host}"
    body = received.body if received.body is not None else received.raw or None
    return Seen(f"{received.method} {where}{received.path}", body, headers)
