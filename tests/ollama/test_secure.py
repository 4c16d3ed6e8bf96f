"""TLS with either twin: the same budgets, ends and errors as over plain http; and the calls that go to ollama.com."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import httpx
import pytest

from tests.ollama import twins
from tests.ollama.certificates import Authority, authority
from tests.ollama.twins import bearer
from tests.ollama.watching import ASK, MODEL, connections, noticed
from tutor.ollama import (
    AsyncClient,
    ConnectionFailed,
    ConnectionLost,
    Incomplete,
    OllamaError,
    RequestError,
    ResponseError,
    TimedOut,
    Timeouts,
    TruncatedBody,
    tls,
)
from tutor.ollama.testing import Reply, ScriptedOllama, ScriptedProxy, faults
from tutor.ollama.testing.received import PATIENCE_S, until

MakeClient = Callable[..., AsyncClient]


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"), ["localhost", "ollama.com"])


@pytest.fixture(autouse=True)
def _trusting(trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.trusted))
    tls.shared_context.cache_clear()
    yield
    tls.shared_context.cache_clear()


@pytest.fixture
async def secure(trusted: Authority) -> AsyncIterator[ScriptedOllama]:
    async with ScriptedOllama(tls=trusted.serving) as server:
        yield server


def address(server: ScriptedOllama) -> str:
    return server.base_url.replace("127.0.0.1", "localhost")


async def test_replies_and_streams(secure: ScriptedOllama, make_client: MakeClient) -> None:
    secure.say(["Ho", "la"])
    async with make_client(address(secure)) as client:
        assert str(await client.version()) == secure.version
        for _ in range(3):
            async with await client.chat(MODEL, ASK, stream=True) as stream:
                assert [words async for words in stream.text_stream] == ["Ho", "la"]
        assert connections(secure) == 1
        with pytest.raises(ResponseError, match="not found"):
            await client.show("nobody")


async def test_a_name_that_the_certificate_lacks(secure: ScriptedOllama, make_client: MakeClient) -> None:
    async with make_client(secure.base_url, retries=0) as client:
        with pytest.raises(ConnectionFailed):
            await client.version()
    assert not secure.requests


@pytest.mark.parametrize(
    ("name", "phase"),
    [
        ("hang_before_headers", "first"),
        ("hang_before_first_token", "first"),
        ("stall_mid_stream", "between"),
        ("drip", "total"),
        ("endless", "total"),
    ],
)
async def test_budgets(secure: ScriptedOllama, make_client: MakeClient, name: str, phase: str) -> None:
    secure.fault(name)
    # One budget alone is short: a machine that stands still must not use up another one first.
    budgets = replace(Timeouts(first_s=10, between_s=10), **{f"{phase}_s": 0.3})
    async with make_client(address(secure)) as client:
        await client.version()
        with pytest.raises(TimedOut) as caught:
            await (await client.chat(MODEL, ASK, stream=True, timeout=budgets)).final()
    assert caught.value.phase == phase
    await until(lambda: secure.open_connections == 0)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("close_before_headers", ConnectionLost),
        ("reset_before_headers", ConnectionLost),
        ("close_mid_stream", TruncatedBody),
        ("no_done", Incomplete),
        ("busy", ResponseError),
        ("forbidden", ResponseError),
    ],
)
async def test_faults(secure: ScriptedOllama, make_client: MakeClient, name: str, kind: type[OllamaError]) -> None:
    secure.fault(name)
    async with make_client(address(secure), retries=0, timeout=PATIENCE_S) as client:
        with pytest.raises(kind):
            await (await client.chat(MODEL, ASK, stream=True)).final()


@pytest.mark.parametrize(
    ("name", "twin"),
    [
        ("hang_before_headers", "aio"),
        *((name, twin) for name in ("hang_before_first_token", "stall_mid_stream") for twin in twins.TWINS),
    ],
)
async def test_stopping_from_elsewhere(secure: ScriptedOllama, make_client: MakeClient, name: str) -> None:
    secure.fault(name)
    async with make_client(address(secure)) as client:
        stream = await client.chat(MODEL, ASK, stream=True)
        task = asyncio.create_task(stream.final())
        await secure.wait_requests(1)
        await asyncio.sleep(0.03)
        await stream.aclose()
        await noticed(secure)
        with pytest.raises(Incomplete):
            await task


async def test_another_thread_does_not_wait_for_headers(secure: ScriptedOllama) -> None:
    """httpx tells of no connection before they are there: the stream ends with them, or with the budget."""
    secure.fault("hang_before_headers")
    async with twins.make("sync", address(secure), timeout=Timeouts(first_s=1.0)) as client:
        stream = await client.chat(MODEL, ASK, stream=True)
        reading = asyncio.create_task(stream.final())
        await secure.wait_requests(1)
        await asyncio.sleep(0.03)
        await stream.aclose()
        assert not reading.done()
        with pytest.raises(Incomplete):
            await reading


async def test_leaving_the_block(secure: ScriptedOllama, make_client: MakeClient) -> None:
    secure.fault("endless")
    async with make_client(address(secure)) as client:
        async with await client.chat(MODEL, ASK, stream=True) as stream:
            await anext(stream)
        await noticed(secure)


async def test_a_server_that_goes_on_after_done(secure: ScriptedOllama, make_client: MakeClient) -> None:
    secure.script(Reply([*faults.done_early().each_step()], ending="hang"))
    async with make_client(address(secure)) as client:
        began = time.monotonic()
        assert (await (await client.chat(MODEL, ASK, stream=True)).final()).message.content == "Hola"
        assert time.monotonic() - began < 30  # another chunk would be waited for during a minute
        await secure.requests[0].wait_hung_up()


async def test_a_busy_server_is_asked_again(secure: ScriptedOllama, make_client: MakeClient) -> None:
    secure.script(faults.busy(retry_after="0"), once=True)
    async with make_client(address(secure)) as client:
        assert (await (await client.chat(MODEL, ASK, stream=True)).final()).done
    assert len(secure.chats) == 2


async def test_a_redirect_from_tls_to_plain_http_takes_no_key_along(
    secure: ScriptedOllama, server: ScriptedOllama, make_client: MakeClient
) -> None:
    secure.script(faults.redirect(307, f"{server.base_url}/api/chat"))
    async with make_client(address(secure), headers=bearer("k")) as client:
        assert (await (await client.chat(MODEL, ASK, stream=True)).final()).done
    assert "authorization" in secure.requests[0].headers
    assert "authorization" not in server.requests[0].headers


async def test_through_a_proxy_of_the_environment(
    secure: ScriptedOllama, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ScriptedProxy(secure.base_url) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.base_url)
        monkeypatch.setenv("OLLAMA_API_KEY", "k")
        async with make_client("ollama.com", trust_env=True) as client:
            assert (await (await client.chat(MODEL, ASK, stream=True)).final()).done
        assert [asked.method for asked in proxy.asked] == ["CONNECT"]
    assert secure.requests[0].headers["authorization"] == "Bearer k"


async def test_the_web_with_the_key_of_the_environment(
    secure: ScriptedOllama, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the client was made for: nothing of what was given for that host goes along."""
    monkeypatch.setenv("OLLAMA_API_KEY", "k")
    async with ScriptedProxy(secure.base_url) as proxy:
        theirs = {
            "headers": {"X-Secret": "1", "Content-Type": "text/plain", "User-Agent": "mine", **bearer("own")},
            "auth": httpx.BasicAuth("ana", "x"),
            "cookies": {"session": "1"},
            "params": {"token": "1"},
        }
        async with make_client("box.internal", proxy=proxy.base_url, **theirs) as client:
            assert len((await client.web_search("x")).results) == 3
            assert (await client.web_fetch("https://example.com")).links
    for received in secure.requests:
        assert received.headers["authorization"] == "Bearer k"
        assert received.headers["content-type"] == "application/json"
        assert received.headers["user-agent"] != "mine"
        assert not {"x-secret", "cookie"} & received.headers.keys()
    assert [received.path for received in secure.requests] == ["/api/web_search", "/api/web_fetch"]


async def test_the_web_with_a_header(secure: ScriptedOllama, make_client: MakeClient) -> None:
    async with ScriptedProxy(secure.base_url) as proxy:
        for host in (None, "https://ollama.com"):
            async with make_client(host, proxy=proxy.base_url, headers={**bearer("own"), "X-Mine": "1"}) as client:
                assert (await client.web_search("x", max_results=1)).results
            assert secure.requests[-1].headers["authorization"] == "Bearer own"
            assert secure.requests[-1].headers["x-mine"] == "1"
        async with make_client("box.internal", proxy=proxy.base_url, headers=bearer("own")) as client:
            with pytest.raises(RequestError, match="OLLAMA_API_KEY"):
                await client.web_search("x")
        async with make_client(proxy=proxy.base_url) as client:
            with pytest.raises(ValueError, match="OLLAMA_API_KEY"):
                await client.web_fetch("https://example.com")
    assert len(secure.requests) == 2
