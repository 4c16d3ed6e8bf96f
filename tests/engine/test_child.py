"""The child process: started, killed, started again, ended with its parent; and what it never tells."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.conftest import PATIENCE_S, READY_S, ready
from tests.engine.raw_http import chat, exchange
from tutor.engine.child import EngineChild

PARENT = """
import asyncio, sys
from pathlib import Path
from tutor.engine.child import EngineChild
async def main():
    child = EngineChild(Path(sys.argv[1]), "tiny")
    await child.start()
    assert await child.wait_ready(30)
    print(child.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
ROOT = Path(__file__).parents[2]


async def until(condition: object) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


async def test_killed_and_there_again_at_the_same_address(child: EngineChild) -> None:
    target = await ready(child)
    pid = child.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await until(lambda: child.state != "ready")
    assert (child.state, child.reason) == ("restarting", "crashed")
    with socket.socket() as kept:  # nobody else takes the port meanwhile
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", target.port))
        assert await ready(child) == target
    assert child.pid != pid
    assert (await exchange(target, "POST", "/api/chat", chat("tiny"))).status == 200


async def test_killed_in_the_middle_of_a_reply(slow_child: EngineChild) -> None:
    target = await ready(slow_child)
    talking = asyncio.ensure_future(exchange(target, "POST", "/api/chat", chat("endless")))
    await asyncio.sleep(0.5)
    os.kill(slow_child.pid or 0, signal.SIGKILL)
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError, ValueError)):
        await talking


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_ends_with_its_parent(tiny_gguf: Path, number: int) -> None:
    command = [sys.executable, "-c", PARENT, str(tiny_gguf)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as parent:
        assert parent.stdout is not None
        pid = int(await asyncio.to_thread(parent.stdout.readline))
        assert is_running(pid)
        os.kill(parent.pid, number)
        await until(lambda: not is_running(pid))


async def test_ends_when_stdin_is_closed(tiny_gguf: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tutor.engine", "--model", str(tiny_gguf), "--name", "tiny"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b'{"token": "x"}\n')
    assert b'"ready": true' in await process.stdout.readline()
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0


async def test_stop_ends_it(child: EngineChild) -> None:
    await ready(child)
    pid = child.pid
    await child.stop()
    assert child.state == "stopped"
    assert not is_running(pid or 0)
    assert not await child.wait_ready(0.1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "model_missing"), (b"not a model", "model_unreadable"), (b"GGUF\x03\0\0\0", "model_unreadable")],
)
async def test_a_model_that_cannot_be(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / "model.gguf"
    if content is not None:
        path.write_bytes(content)
    child = EngineChild(path, "tiny")
    await child.start()
    assert not await child.wait_ready(READY_S)
    assert (child.state, child.reason) == ("failed", reason)
    await child.stop()


async def test_a_model_that_is_cut_off(tiny_gguf: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.gguf"
    path.write_bytes(tiny_gguf.read_bytes()[:300_000])
    child = EngineChild(path, "tiny")
    await child.start()
    assert not await child.wait_ready(READY_S)
    assert (child.state, child.reason) == ("failed", "model_unreadable")
    await child.stop()


async def test_no_python_to_run(tiny_gguf: Path) -> None:
    child = EngineChild(tiny_gguf, "tiny", python="/nowhere/python")
    await child.start()
    assert not await child.wait_ready(READY_S)
    assert (child.state, child.reason) == ("failed", "engine_missing")


async def test_the_token_is_on_no_command_line(child: EngineChild) -> None:
    await ready(child)
    token = child.headers["authorization"].removeprefix("Bearer ")
    for name in ("cmdline", "environ"):
        assert token.encode() not in Path(f"/proc/{child.pid}/{name}").read_bytes()


async def test_no_learner_s_words_in_the_logs(tiny_gguf: Path, capfd: pytest.CaptureFixture[str]) -> None:
    child = EngineChild(tiny_gguf, "tiny")
    await child.start()
    target = await ready(child)
    canary = "canarywords"
    for body in (
        chat("tiny", canary),
        chat("tiny", canary * 2000),
        chat("tiny", canary, format={"enum": [canary]}),
        chat("tiny", canary, format={"type": canary}),
        chat("tiny", canary, options={"stop": canary}),
        {"model": canary, "messages": [{"role": canary, "content": canary}]},
        canary.encode(),
    ):
        await exchange(target, "POST", "/api/chat", body)
    await child.stop()
    out, err = capfd.readouterr()
    assert canary not in out + err
