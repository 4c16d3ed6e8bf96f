"""Where the published client and ours differ in whom they ask, with which headers, and for how long."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

import h11
import httpx
import ollama as published
import pytest

from tests.ollama.certificates import Authority, authority
from tests.ollama.sides import ASK, MODEL, Sides, both, outcome, whole
from tutor import ollama as ours
from tutor.ollama.testing import Reply, ScriptedOllama, ScriptedProxy
from tutor.ollama.testing.received import PATIENCE_S


@pytest.fixture
def sides() -> Iterator[Sides]:
    with both() as sides:
        yield sides


def _their_url(host: str) -> str:
    client: Any = published.Client(host, trust_env=False)
    with client:
        return str(client._client.base_url)


@pytest.mark.parametrize(
    ("host", "theirs", "our"),
    [
        ("0.0.0.0", "http://0.0.0.0:11434", "http://127.0.0.1:11434"),  # noqa: S104
        ("ollama.com", "http://ollama.com:11434", "https://ollama.com:443"),
        ("HTTPS://Ex.com", "https://ex.com:11434", "https://ex.com:443"),
        ("::1", ValueError, "http://[::1]:11434"),
        ("localhost:99999", ValueError, ours.InvalidHost),
        ("ftp://x", "ftp://x:11434", ours.InvalidHost),
    ],
)
def test_spellings_of_a_host(host: str, theirs: Any, our: Any) -> None:
    found = (outcome(_their_url, host), outcome(lambda h: ours.Client(h, trust_env=False).base_url, host))
    for got, expected in zip(found, (theirs, our), strict=True):
        assert isinstance(got, expected) if isinstance(expected, type) else got == expected


@pytest.mark.parametrize("host", [" localhost ", '"http://x:1"'])
def test_blanks_and_quotes_around_a_host(host: str) -> None:
    their = outcome(_their_url, host)
    assert isinstance(their, Exception) or httpx.URL(their).host not in {"localhost", "x"}
    assert httpx.URL(ours.Client(host, trust_env=False).base_url).host in {"localhost", "x"}


def test_the_environment_counts_when_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    their: Any = published.chat
    before = str(their.__self__._client.base_url)
    our: Any = ours.chat
    monkeypatch.setenv("OLLAMA_HOST", "10.1.2.3:4")
    assert str(their.__self__._client.base_url) == before
    assert our.__self__.base_url == "http://10.1.2.3:4"


@pytest.mark.parametrize(("package", "code"), [("ollama", 1), ("tutor.ollama", 0)])
def test_a_bad_host_in_the_environment_breaks_no_import(package: str, code: int) -> None:
    environment = {**os.environ, "OLLAMA_HOST": "localhost:99999"}
    run = subprocess.run([sys.executable, "-c", f"import {package}"], env=environment, capture_output=True, check=False)
    assert run.returncode == code
    assert (b"ValueError" in run.stderr) == bool(code)


def test_the_key_goes_only_where_it_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedOllama.in_thread() as server:
        monkeypatch.setenv("OLLAMA_API_KEY", "k")
        for named, host in (("http://127.0.0.1:9", server.base_url), (server.base_url, None)):
            monkeypatch.setenv("OLLAMA_HOST", named)
            for kind in (published.Client, ours.Client):
                with kind(host, trust_env=False) as client:
                    client.list()
        keys = [received.headers.get("authorization") for received in server.requests]
    assert keys == ["Bearer k", None, "Bearer k", "Bearer k"]


def test_an_empty_authorization_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """In both."""
    with ScriptedOllama.in_thread() as server:
        monkeypatch.setenv("OLLAMA_API_KEY", "k")
        monkeypatch.setenv("OLLAMA_HOST", server.base_url)
        for kind in (published.Client, ours.Client):
            with kind(headers={"Authorization": ""}, trust_env=False) as client:
                client.list()
    assert [received.headers["authorization"] for received in server.requests] == ["Bearer k", "Bearer k"]


def test_the_programs_own_user_agent_counts() -> None:
    with both(headers={"User-Agent": "mine/1"}) as sides:
        sides.theirs.list()
        sides.ours.list()
        assert [received.headers["user-agent"] == "mine/1" for received in sides.server.requests] == [False, True]


def test_waiting_ends() -> None:
    their: Any = published.Client()
    with their:
        assert their._client.timeout == httpx.Timeout(None)
    budgets = ours.DEFAULT_TIMEOUTS
    assert (budgets.connect_s, budgets.first_s, budgets.whole_s, budgets.between_s) == (5, 300, 600, 60)
    assert budgets.total_s is None


def test_a_timeout_for_one_call(sides: Sides) -> None:
    sides.server.fault("hang_before_headers")
    their: Any = sides.theirs
    with pytest.raises(TypeError):
        their.chat(MODEL, ASK, timeout=0.1)
    sides.ours.list()  # connected: that has a budget, too
    with pytest.raises(ours.ReadTimedOut):
        sides.ours.chat(MODEL, ASK, timeout=0.1)


@pytest.mark.parametrize("fault", ["busy", "bad_gateway"])
def test_a_request_that_did_nothing_is_sent_again(sides: Sides, fault: str) -> None:
    sides.server.fault(fault, once=True)
    assert isinstance(outcome(whole, sides.theirs), published.ResponseError)
    sides.server.fault(fault, once=True)
    assert isinstance(outcome(whole, sides.ours), ours.ChatResponse)
    sides.server.forget()
    sides.server.fault("server_error")
    assert isinstance(outcome(whole, sides.ours), ours.ResponseError)
    assert len(sides.server.requests) == 1


def test_a_server_that_comes_up_is_tried_again() -> None:
    with socket.socket() as kept, ThreadPoolExecutor(2) as pool, ExitStack() as stack:
        # Nobody listens yet, and nobody else takes the port.
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        port = kept.getsockname()[1]
        their: Any = stack.enter_context(published.Client(f"127.0.0.1:{port}", trust_env=False))
        our = stack.enter_context(ours.Client(f"127.0.0.1:{port}", trust_env=False, retries=20))
        futures = [pool.submit(outcome, whole, client) for client in (their, our)]
        assert isinstance(futures[0].result(PATIENCE_S), ConnectionError)
        with ScriptedOllama.in_thread(port=port):
            assert isinstance(futures[1].result(PATIENCE_S), ours.ChatResponse)


def test_a_blob_that_is_there_is_not_sent(sides: Sides, tmp_path: Path) -> None:
    path = tmp_path / "weights.gguf"
    path.write_bytes(b"gguf" * 100)
    assert sides.theirs.create_blob(path) == sides.ours.create_blob(path)
    path.write_bytes(b"other")
    assert sides.ours.create_blob(path) == sides.theirs.create_blob(path)
    assert [received.method for received in sides.server.requests] == ["POST", "HEAD", "HEAD", "POST", "POST"]


def test_a_blob_is_sent_on(sides: Sides, tmp_path: Path) -> None:
    path = tmp_path / "weights.gguf"
    path.write_bytes(b"gguf" * 100)

    def sent_on(client: Any) -> Any:
        place = {"Location": f"{sides.server.base_url}/api/blobs/sha256:{sha256(path.read_bytes()).hexdigest()}"}
        moved = Reply(status=307, headers=place, framing="length")
        sides.server.script(moved, path="/api/blobs/", method="POST", once=True)
        return outcome(lambda asked: asked.create_blob(path), client)

    assert isinstance(sent_on(sides.theirs), h11.LocalProtocolError)
    assert sides.server.blobs == {}
    assert sides.server.blobs == {sent_on(sides.ours): 400}


async def test_many_streams_at_once_do_not_wait_for_each_other() -> None:
    assert await _sent_of_110(published.AsyncClient, 100) == 100
    assert await _sent_of_110(ours.AsyncClient, 110) == 110


async def _sent_of_110(kind: type[Any], at_least: int) -> int:
    """How many requests are sent while none is answered."""
    async with ScriptedOllama() as server, kind(server.base_url, trust_env=False) as client:
        server.fault("hang_before_first_token")
        asking = [asyncio.create_task(client.chat(MODEL, ASK)) for _ in range(110)]
        await server.wait_requests(at_least)
        await asyncio.sleep(0.2)
        for task in asking:
            task.cancel()
        await asyncio.wait(asking)
        return len(server.requests)


TWO_LOOPS = """
import asyncio, sys
from {package} import AsyncClient
client = AsyncClient(sys.argv[1], trust_env=False)
for _ in range(2):
    asyncio.run(client.list())
"""


@pytest.mark.parametrize(("package", "code"), [("ollama", 1), ("tutor.ollama", 0)])
def test_one_client_in_two_event_loops(package: str, code: int) -> None:
    """As a program of its own: what the published client leaves open is the program's."""
    with ScriptedOllama.in_thread() as server:
        command = [sys.executable, "-c", TWO_LOOPS.format(package=package), server.base_url]
        run = subprocess.run(command, capture_output=True, check=False, timeout=50)
    assert run.returncode == code
    assert (b"RuntimeError: Event loop is closed" in run.stderr) == bool(code)


FORKS = """
import os, sys
from {package} import Client
client = Client(sys.argv[1], trust_env=False)
client.list()
child = os.fork()
client.list() if not child else os.waitpid(child, 0)
"""


@pytest.mark.parametrize(("package", "shared"), [("ollama", True), ("tutor.ollama", False)])
def test_a_forked_process_has_connections_of_its_own(package: str, shared: bool) -> None:
    with ScriptedOllama.in_thread() as server:
        command = [sys.executable, "-c", FORKS.format(package=package), server.base_url]
        subprocess.run(command, check=True, timeout=50)
    first, forked = (received.client_port for received in server.requests)
    assert (first == forked) == shared


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"), ["ollama.com"])


async def test_the_web_wants_a_key_of_both_kinds_of_client(trusted: Authority) -> None:
    async with ScriptedOllama(tls=trusted.serving) as server, ScriptedProxy(server.base_url) as proxy:
        verify = ssl.create_default_context(cafile=str(trusted.trusted))
        async with published.AsyncClient(proxy=proxy.base_url, verify=verify) as their:
            with pytest.raises(published.ResponseError, match="unauthorized"):
                await their.web_search("x")
        assert len(server.requests) == 1
        async with ours.AsyncClient(proxy=proxy.base_url, verify=verify) as our:
            with pytest.raises(ours.RequestError, match="OLLAMA_API_KEY"):
                await our.web_search("x")
        assert len(server.requests) == 1


def test_headers_for_one_host_do_not_go_to_ollama_com(trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "k")
    verify = ssl.create_default_context(cafile=str(trusted.trusted))
    with (
        ScriptedOllama.in_thread(tls=trusted.serving) as server,
        ScriptedProxy.in_thread(target=server.base_url) as proxy,
    ):
        for kind in (published.Client, ours.Client):
            mine = {"X-School": "ours", "Authorization": "Bearer school"}
            more: dict[str, Any] = {"cookies": {"c": "1"}, "params": {"p": "1"}}
            with kind("school.example", headers=mine, proxy=proxy.base_url, verify=verify, **more) as client:
                client.web_search("x")
        their, our = (received.headers for received in server.requests)
        assert [received.path for received in server.requests] == ["/api/web_search?p=1", "/api/web_search"]
    assert (their["x-school"], their["authorization"], their["cookie"]) == ("ours", "Bearer school", "c=1")
    assert not {"x-school", "cookie"} & set(our)
    assert our["authorization"] == "Bearer k"


def test_a_key_that_was_given_comes_before_that_of_the_environment(
    trusted: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with the published client; a header that is no key is none here, and a refusal there."""
    monkeypatch.setenv("OLLAMA_API_KEY", "k")
    verify = ssl.create_default_context(cafile=str(trusted.trusted))
    with (
        ScriptedOllama.in_thread(tls=trusted.serving) as server,
        ScriptedProxy.in_thread(target=server.base_url) as proxy,
    ):
        for kind in (published.Client, ours.Client):
            for host in (None, "https://ollama.com"):
                own = {"Authorization": "Bearer own"}
                with kind(host, headers=own, proxy=proxy.base_url, verify=verify) as client:
                    client.web_search("x")
        mixed: Any = ({"Authorization": "Basic x"}, {"Authorization": b"Bearer own"})
        for given in mixed:
            with ours.Client(headers=given, proxy=proxy.base_url, verify=verify) as mine:
                mine.web_search("x")
    sent = [received.headers["authorization"] for received in server.requests]
    assert sent == ["Bearer own"] * 4 + ["Bearer k", "Bearer own"]
