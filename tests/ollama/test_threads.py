"""What the client without an event loop has alone: threads, and processes that fork."""

from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.ollama.watching import ASK, MODEL
from tutor.ollama import Client, Incomplete, OllamaError, Timeouts
from tutor.ollama.sync.streams import ChatStream
from tutor.ollama.testing import ScriptedOllama
from tutor.ollama.testing.received import PATIENCE_S, until_blocking


@pytest.fixture
def far() -> Iterator[ScriptedOllama]:
    """A server in a thread of its own."""
    with ScriptedOllama.in_thread() as server:
        yield server


def test_threads_share_a_client(far: ScriptedOllama) -> None:
    far.say(["Ho", "la"], delay_s=0.01)

    def ask(number: int) -> str:
        if number % 2:
            return client.chat(MODEL, ASK).message.content or ""
        return "".join(client.chat(MODEL, ASK, stream=True).text_stream)

    with Client(far.base_url, trust_env=False) as client, ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(64))) == {"Hola"}
    until_blocking(lambda: far.open_connections == 0)


@pytest.mark.parametrize("name", ["hang_before_headers", "hang_before_first_token", "stall_mid_stream"])
def test_another_thread_stops_a_stream(far: ScriptedOllama, name: str) -> None:
    far.fault(name)
    with Client(far.base_url, trust_env=False) as client:
        stream = client.chat(MODEL, ASK, stream=True)
        heard: list[str] = []

        def read() -> None:
            for words in stream.text_stream:
                heard.append(words)  # noqa: PERF402 - looked at meanwhile

        reader = threading.Thread(target=read)
        reader.start()
        far.wait_requests_blocking(1)
        said = ["Ho", "la"] if name == "stall_mid_stream" else []
        until_blocking(lambda: heard == said)
        time.sleep(0.02)
        stream.close()
        reader.join(PATIENCE_S)
        assert not reader.is_alive()
        assert heard == said
    until_blocking(lambda: far.requests[-1].hung_up and not far.open_connections)


def is_told_to_stop(stream: ChatStream) -> bool:
    return stream._exchange is not None and stream._exchange._stopped.is_set()


def test_a_stream_that_is_stopped_before_there_is_a_connection(far: ScriptedOllama) -> None:
    """The request goes nowhere, and nobody waits for its answer."""
    closers: list[threading.Thread] = []

    def stop(_: httpx.Request) -> None:
        closers.append(threading.Thread(target=stream.close))
        closers[0].start()
        until_blocking(lambda: is_told_to_stop(stream))

    far.fault("hang_before_headers")
    with Client(far.base_url, trust_env=False, event_hooks={"request": [stop]}) as client:
        stream = client.chat(MODEL, ASK, stream=True)
        began = time.monotonic()
        assert list(stream) == []
        closers[0].join(PATIENCE_S)
        assert time.monotonic() - began < 30  # the first byte may take minutes
    until_blocking(lambda: far.open_connections == 0)


def test_a_stream_that_is_stopped_just_when_the_headers_arrived(far: ScriptedOllama) -> None:
    closers: list[threading.Thread] = []

    def stop(_: httpx.Response) -> None:
        closers.append(threading.Thread(target=stream.close))
        closers[0].start()
        until_blocking(lambda: is_told_to_stop(stream))

    with Client(far.base_url, trust_env=False, event_hooks={"response": [stop]}) as client:
        stream = client.chat(MODEL, ASK, stream=True)
        assert list(stream) == []
        closers[0].join(PATIENCE_S)
        with pytest.raises(Incomplete):
            stream.final()
    until_blocking(lambda: far.open_connections == 0)


def test_stopping_while_connecting(far: ScriptedOllama) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        with Client(host, trust_env=False, timeout=Timeouts(connect_s=0.3), retries=5) as client:
            stream = client.chat(MODEL, ASK, stream=True)
            reader = threading.Thread(target=lambda: list(stream))
            reader.start()
            time.sleep(0.05)
            stream.close()
            reader.join(PATIENCE_S)
            assert not reader.is_alive()
        for filler in fillers:
            filler.close()


def test_stopping_at_any_moment(far: ScriptedOllama) -> None:
    """Nothing but an end or an `OllamaError` reaches the reader, and no connection stays."""
    far.say(["la "] * 50, delay_s=0.0)
    met: list[BaseException] = []

    def read(stream: ChatStream) -> None:
        try:
            stream.final()
        except OllamaError:
            pass
        except BaseException as error:  # noqa: BLE001
            met.append(error)

    with Client(far.base_url, trust_env=False) as client:
        for round_ in range(150):
            stream = client.chat(MODEL, ASK, stream=True)
            threads = [threading.Thread(target=read, args=(stream,)), threading.Thread(target=stream.close)]
            threads[0].start()
            time.sleep(0.00005 * round_)
            threads[1].start()
            for thread in threads:
                thread.join(PATIENCE_S)
                assert not thread.is_alive()
    assert met == []
    until_blocking(lambda: far.open_connections == 0)


def test_a_stream_that_is_dropped_stops_the_server(far: ScriptedOllama) -> None:
    far.fault("stall_mid_stream")
    with Client(far.base_url, trust_env=False) as client:
        stream = client.chat(MODEL, ASK, stream=True)
        next(stream)
        del stream
        gc.collect()
        until_blocking(lambda: far.requests[0].hung_up)
