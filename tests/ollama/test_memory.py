"""Long streams, long lines and long replies in processes of their own: what they hold, and how they end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ollama.twins import TWINS
from tutor.ollama import AsyncClient, Client, LineTooLong
from tutor.ollama.testing import Reply, ScriptedOllama, faults
from tutor.ollama.testing.wire import chunk, encode

ROOT = Path(__file__).resolve().parents[2]
ASK = [{"role": "user", "content": "hola"}]
MEGABYTE = 1 << 20
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

# What a program of either kind begins with.
BEGINNING = """
import asyncio, logging, os, sys, time
from tutor.ollama import AsyncClient, Client, OllamaError, Timeouts
ASK = [{"role": "user", "content": "hola"}]
logging.getLogger("asyncio").setLevel(logging.ERROR)  # that a loaded machine was slow is told as a warning
def held(): return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
"""


@pytest.fixture
def server() -> Iterator[ScriptedOllama]:
    with ScriptedOllama.in_thread() as server:
        yield server


def run(server: ScriptedOllama, program: str, *options: str) -> subprocess.CompletedProcess[str]:
    """The program, run by an interpreter with these options."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "OLLAMA_HOST": server.base_url}
    command = [sys.executable, *options, "-c", BEGINNING + program]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=50, check=False)


def printed(server: ScriptedOllama, program: str) -> int:
    """The number that the program prints."""
    ran = run(server, program)
    assert ran.stderr == ""
    return int(ran.stdout)


STREAM = {
    "aio": """
async def main():
    async with AsyncClient(trust_env=False) as client:
        async def read(count):
            async for _ in await client.chat("warm" if count else "long", ASK, stream=True): pass
        for _ in range(3): await read(1)
        before = held()
        await read(0)
        print(held() - before)
asyncio.run(main())
""",
    "sync": """
with Client(trust_env=False) as client:
    def read(count):
        for _ in client.chat("warm" if count else "long", ASK, stream=True): pass
    for _ in range(3): read(1)
    before = held()
    read(0)
    print(held() - before)
""",
}


@pytest.mark.parametrize("twin", TWINS)
def test_a_long_stream_is_not_kept(server: ScriptedOllama, twin: str) -> None:
    def words(count: int) -> Reply:
        line = encode(chunk("m", "la ")) + b"\n"
        return Reply([line] * count + [encode(chunk("m", done=True)) + b"\n"]).ready()

    short, long = words(1000), words(20_000)
    server.script(lambda body: short if body["model"] == "warm" else long)
    assert printed(server, STREAM[twin]) <= 5 * MEGABYTE


SLOWLY = {
    "aio": """
async def main():
    async with AsyncClient(trust_env=False) as client:
        before = None
        async with await client.chat("m", ASK, stream=True) as stream:
            for _ in range(150):
                await anext(stream)
                before = before or held()
                await asyncio.sleep(0.01)
        print(held() - before)
asyncio.run(main())
""",
    "sync": """
with Client(trust_env=False) as client:
    before = None
    with client.chat("m", ASK, stream=True) as stream:
        for _ in range(150):
            next(stream)
            before = before or held()
            time.sleep(0.01)
    print(held() - before)
""",
}


@pytest.mark.parametrize("twin", TWINS)
def test_a_slow_reader_slows_the_server(server: ScriptedOllama, twin: str) -> None:
    line = encode(chunk("m", "a" * 65_000)) + b"\n"

    def steps() -> Iterator[bytes]:
        while True:
            yield line

    server.script(Reply(steps))
    # Its own text is a good part of it: 150 lines of 65 kB are gathered.
    assert printed(server, SLOWLY[twin]) < 150 * len(line) + 10 * MEGABYTE
    # Read were 150; some more wait in the system's buffers and in the client's.
    assert 150 <= server.requests[-1].chunks_sent < 150 + 16 * MEGABYTE // len(line)


WHOLE = {
    "aio": """
async def main():
    async with AsyncClient(trust_env=False) as client:
        await client.version()
        before = held()
        try: await client.chat("m", ASK)
        except OllamaError as error: assert error.code == "line_too_long", error
        else: raise SystemExit("it was taken")
        print(int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1]) * 1024 - before)
asyncio.run(main())
""",
    "sync": """
with Client(trust_env=False) as client:
    client.version()
    before = held()
    try: client.chat("m", ASK)
    except OllamaError as error: assert error.code == "line_too_long", error
    else: raise SystemExit("it was taken")
    print(int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1]) * 1024 - before)
""",
}


@pytest.mark.parametrize("twin", TWINS)
def test_a_redirect_beyond_all_measure_is_refused(server: ScriptedOllama, twin: str) -> None:
    def steps() -> Iterator[bytes]:
        while True:
            yield b"a" * 65_536

    server.script(Reply(steps, status=307, headers={"Location": "/api/version"}))
    assert printed(server, WHOLE[twin].replace("line_too_long", "protocol")) < 80 * MEGABYTE


@pytest.mark.parametrize("twin", TWINS)
def test_a_whole_reply_beyond_all_measure_is_refused(server: ScriptedOllama, twin: str) -> None:
    def steps() -> Iterator[bytes]:
        yield b'{"message":{"role":"assistant","content":"'
        while True:
            yield b"a" * 65_536

    server.script(Reply(steps, headers={"Content-Type": "application/json"}))
    assert printed(server, WHOLE[twin]) < 80 * MEGABYTE


def long_line(length: int) -> bytes:
    frame = encode(chunk("m", "", done=True))
    assert b'"content":""' in frame
    return frame.replace(b'"content":""', b'"content":"%s"' % (b"a" * (length - len(frame))))


@pytest.mark.parametrize("end", [b"\n", b""])
async def test_a_line_at_the_cap_passes_and_no_longer_one(server: ScriptedOllama, end: bytes) -> None:
    for length, passes in ((8 * MEGABYTE, True), (8 * MEGABYTE + 1, False)):
        line = long_line(length)
        assert len(line) == length
        server.script(Reply([line[i : i + 300_000] for i in range(0, length, 300_000)] + [end]))
        async with AsyncClient(server.base_url, trust_env=False) as client:
            asked = await client.chat("m", ASK, stream=True)
            if passes:
                assert (await asked.final()).done
            else:
                with pytest.raises(LineTooLong):
                    await asked.final()
        with Client(server.base_url, trust_env=False) as blocking:
            reply = blocking.chat("m", ASK, stream=True)
            if passes:
                assert reply.final().done
            else:
                with pytest.raises(LineTooLong):
                    reply.final()


EXITS = {
    "a stream of a finished loop": """
async def main():
    global stream
    stream = await AsyncClient(trust_env=False).chat("m", ASK, stream=True)
    await anext(stream)
asyncio.run(main())
""",
    "a stream in a function": """
async def main():
    stream = await AsyncClient(trust_env=False).chat("m", ASK, stream=True)
    await anext(stream)
asyncio.run(main())
""",
    "an asynchronous client that is not closed": """
client = AsyncClient(trust_env=False)
async def main():
    await client.version()
asyncio.run(main())
""",
    "a task that reads": """
async def main():
    async def read():
        async for _ in await AsyncClient(trust_env=False).chat("m", ASK, stream=True): pass
    asyncio.get_running_loop().reading = asyncio.create_task(read())
    await asyncio.sleep(0.2)
asyncio.run(main())
""",
    "a blocking stream": """
stream = Client(trust_env=False).chat("m", ASK, stream=True)
next(stream)
""",
    "a blocking stream in a function": """
def main():
    next(Client(trust_env=False).chat("m", ASK, stream=True))
main()
""",
    "a blocking client that is not closed": """
client = Client(trust_env=False)
client.version()
""",
    "a thread that reads": """
import threading
stream = Client(trust_env=False).chat("m", ASK, stream=True)
threading.Thread(target=lambda: [None for _ in stream], daemon=True).start()
time.sleep(0.2)
""",
    "module functions": """
from tutor import ollama
stream = ollama.chat("m", ASK, stream=True)
next(stream)
ollama.version()
""",
}


@pytest.mark.parametrize("name", EXITS)
def test_the_interpreter_ends_in_silence(server: ScriptedOllama, name: str) -> None:
    server.script(faults.endless())
    ran = run(server, EXITS[name], "-X", "dev", "-W", "error")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
