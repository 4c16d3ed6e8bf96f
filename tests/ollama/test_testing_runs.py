"""The scripted server in a thread, as a process, and at its end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import runpy
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import httpx
import pytest

from tests.ollama.certificates import authority
from tutor.ollama.testing import Model, Reply, ScriptedOllama
from tutor.ollama.testing import __main__ as main
from tutor.ollama.testing.received import PATIENCE_S

ASK = [{"role": "user", "content": "hola"}]


def test_in_a_thread() -> None:
    with ScriptedOllama.in_thread(models=[Model("a")]) as server:
        server.say(["Ho", "la"])
        got = httpx.post(f"{server.base_url}/api/chat", json={"model": "a", "messages": ASK}, trust_env=False)
        assert got.text.count("\n") == 3
        server.wait_requests_blocking(1)
        for _ in range(2):
            server.call(server.refuse())
        with pytest.raises(httpx.ConnectError):
            httpx.get(server.base_url, trust_env=False)
        server.call(server.start())
        assert httpx.get(server.base_url, trust_env=False).text == "Ollama is running"
        assert Reply().whole() == b""


def test_as_a_process() -> None:
    command = [sys.executable, "-m", "tutor.ollama.testing", "--port", "0", "--model", "a", "--say", "Ho", "la"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        body = {"model": "a", "messages": ASK, "stream": False}
        got = httpx.post(f"{address}/api/chat", json=body, trust_env=False).json()
        assert got["message"]["content"] == "Hola"
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--say", "Ho", "la", "--tokens-per-second", "1000"], "Hola"),
        (["--fault", "done_false"], "la la la"),
        (["--replay", "chat"], "¡Buenos días!"),
        ([], "¡Hola! ¿Qué tal?"),
    ],
)
async def test_what_the_process_does(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    serving = asyncio.ensure_future(main.serve(main.arguments_of(arguments)))
    address = ""
    while not address:
        await asyncio.sleep(0.01)
        address = capsys.readouterr().out.strip()
    async with httpx.AsyncClient(trust_env=False) as http:
        body = {"model": "qwen2.5:7b", "messages": ASK, "stream": False}
        got = await http.post(f"{address}/api/chat", json=body)
    assert got.json()["message"]["content"] == said
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(serving, PATIENCE_S)


def test_the_process_tells_how_it_is_used(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["testing", "--help"])
    with pytest.raises(SystemExit):
        runpy.run_path(main.__file__, run_name="__main__")
    assert "--replay" in capsys.readouterr().out


def test_the_end_leaves_no_handshake(tmp_path: Path) -> None:
    trusted = authority(tmp_path, ["localhost"])
    theirs, ours = ssl.MemoryBIO(), ssl.MemoryBIO()
    shaking = ssl.create_default_context().wrap_bio(theirs, ours, server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        shaking.do_handshake()
    with warnings.catch_warnings(record=True) as said, ScriptedOllama.in_thread(tls=trusted.serving) as server:
        knock = socket.create_connection(("127.0.0.1", server.port))
        knock.sendall(ours.read())
        assert knock.recv(1)  # it goes on with the handshake, which is not gone on with here
    with knock:
        while knock.recv(65_536):
            pass
    assert said == []


def test_the_end_leaves_no_socket_whatever_comes_in_at_that_moment() -> None:
    """asyncio drops a connection unclosed if its server is closed between accepting and announcing it."""
    gc.collect()  # what others left is theirs
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ResourceWarning)
        for _ in range(60):
            knocks: list[socket.socket] = []
            with ScriptedOllama.in_thread() as server:
                knocking = threading.Thread(target=_knock, args=(server.port, knocks))
                knocking.start()
                time.sleep(0.003)
            knocking.join(PATIENCE_S)
            for knock in knocks:
                knock.close()
        gc.collect()
    assert [str(warning.message) for warning in said] == []


def _knock(port: int, knocks: list[socket.socket]) -> None:
    with contextlib.suppress(OSError):
        while True:
            knocks.append(socket.create_connection(("127.0.0.1", port), 1))
            time.sleep(0.0003)
