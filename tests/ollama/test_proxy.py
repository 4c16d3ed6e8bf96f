"""The proxy for tests: it leads everywhere to one server, and tells whom the clients meant."""

from __future__ import annotations

import asyncio
import itertools
import ssl
import urllib.request
from pathlib import Path

import httpx
import pytest

from tests.ollama.certificates import authority
from tutor.ollama import AsyncClient, Client, RequestError
from tutor.ollama.testing import Reply, ScriptedOllama, ScriptedProxy
from tutor.ollama.testing.received import PATIENCE_S, until

CLOUD = "https://ollama.com"
KEY = {"Authorization": "Bearer k"}


async def test_a_tunnel_to_ollama_com_ends_at_the_scripted_server(tmp_path: Path) -> None:
    trusted = authority(tmp_path, ["ollama.com"])
    verify = ssl.create_default_context(cafile=str(trusted.trusted))
    async with (
        ScriptedOllama(tls=trusted.serving) as server,
        ScriptedProxy(server.base_url) as proxy,
        httpx.AsyncClient(proxy=proxy.base_url, verify=verify) as http,
    ):
        for query in ("a", "b"):
            got = await http.post(f"{CLOUD}/api/web_search", json={"query": query}, headers=KEY)
            assert got.json()["results"][0]["title"] == f"{query} (1)"
        assert [r.headers["host"] for r in server.requests] == ["ollama.com", "ollama.com"]
    assert [(asked.method, asked.target) for asked in proxy.asked] == [("CONNECT", "ollama.com:443")]
    assert proxy.hosts == ["ollama.com"]


async def test_whole_addresses_are_forwarded(server: ScriptedOllama) -> None:
    async with ScriptedProxy(server.base_url) as proxy, httpx.AsyncClient(proxy=proxy.base_url) as http:
        said = await http.post("http://box.internal:11434/api/chat?x=1", json={"model": "qwen2.5:7b", "messages": [{}]})
        assert said.content.count(b"\n") == 7
        assert (await http.get("http://box.internal")).text == "Ollama is running"
    assert [r.path for r in server.requests] == ["/api/chat?x=1", "/"]
    assert [asked.target for asked in proxy.asked] == ["box.internal:11434", "box.internal:80"]
    assert "proxy-connection" not in server.requests[0].headers


async def test_credentials(server: ScriptedOllama) -> None:
    async with ScriptedProxy(server.base_url, credentials="ana:x") as proxy:
        async with httpx.AsyncClient(proxy=proxy.base_url) as http:
            assert (await http.get("http://box.internal")).status_code == 407
        async with httpx.AsyncClient(proxy=proxy.base_url.replace("//", "//ana:x@")) as http:
            assert (await http.get("http://box.internal")).status_code == 200
    assert len(server.requests) == 1
    assert "proxy-authorization" not in server.requests[0].headers


async def test_a_target_that_is_down(server: ScriptedOllama) -> None:
    await server.refuse()
    async with ScriptedProxy(server.base_url) as proxy, httpx.AsyncClient(proxy=proxy.base_url) as http:
        assert (await http.get("http://box.internal")).status_code == 502
        with pytest.raises(httpx.ProxyError, match="502"):
            await http.get(CLOUD)


@pytest.mark.parametrize("words", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET http://[x/ HTTP/1.1\r\n\r\n"])
async def test_what_is_no_request_to_a_proxy(server: ScriptedOllama, words: bytes) -> None:
    async with ScriptedProxy(server.base_url) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(words[:3])
        await asyncio.sleep(0.01)
        writer.write(words[3:])
        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
        writer.close()
        await writer.wait_closed()
    assert proxy.asked == []


async def test_words_sent_ahead_of_the_tunnel_are_not_lost(server: ScriptedOllama) -> None:
    async with ScriptedProxy(server.base_url) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        ahead = b"GET /api/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        writer.write(b"CONNECT ollama.com:443 HTTP/1.1\r\n\r\n" + ahead[:9])
        writer.write(ahead[9:])
        answered = await asyncio.wait_for(reader.read(), PATIENCE_S)
        assert answered.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\n")
        writer.close()
        await writer.wait_closed()


async def test_who_leaves_takes_the_other_side_along(server: ScriptedOllama) -> None:
    server.script(Reply(lambda: itertools.repeat(bytes(65536))))
    async with ScriptedProxy(server.base_url) as proxy:
        async with httpx.AsyncClient(proxy=proxy.base_url) as http:
            body = {"model": "qwen2.5:7b"}
            async with http.stream("POST", "http://box.internal/api/chat", json=body) as got:
                pieces = got.aiter_raw()
                await anext(pieces)
                # Nobody reads: the proxy holds back, and so must the server.
                sent = await _standing_still(server)
                read = 0
                while read < 16_000_000:
                    read += len(await anext(pieces))
                await until(lambda: server.requests[0].chunks_sent > sent)
        await server.requests[0].wait_hung_up()
        await until(lambda: not proxy.open())


async def _standing_still(server: ScriptedOllama) -> int:
    """How many chunks were sent when no more could be."""
    sent = -1
    while sent != server.requests[0].chunks_sent:
        sent = server.requests[0].chunks_sent
        await asyncio.sleep(0.1)
    return sent


async def test_a_client_that_leaves_before_the_way_is_open(server: ScriptedOllama) -> None:
    async with ScriptedProxy(server.base_url) as proxy:
        _, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(b"CONNECT ollama.com:443 HTTP/1.1\r\n\r\n")
        await writer.drain()
        writer.transport.abort()
        await until(lambda: len(proxy.asked) == 1 and not proxy.open())


def test_in_a_thread_and_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        ScriptedOllama.in_thread() as server,
        ScriptedProxy.in_thread(target=server.base_url) as proxy,
    ):
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert httpx.get("http://box.internal/api/version").json() == {"version": server.version}
        assert httpx.get(f"{server.base_url}/api/version").status_code == 200
        assert proxy.hosts == ["box.internal"]


BROKEN = [
    ("NO_PROXY", "localhost,::1/128"),
    ("no_proxy", "box:port"),
    ("HTTP_PROXY", "foo://x"),
    ("http_proxy", "http://x:99999"),
    ("HTTPS_PROXY", "http://"),
    ("https_proxy", "ftp://proxy:21"),
    ("ALL_PROXY", "socks5h://127.0.0.1:1080"),
    ("all_proxy", "socks5://127.0.0.1:1080"),
    ("All_Proxy", "socks4://127.0.0.1:1080"),
]


@pytest.mark.parametrize(("variable", "value"), BROKEN)
def test_a_variable_that_no_proxy_can_be_made_of_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    for make in (Client, AsyncClient):
        with pytest.raises(RequestError, match=variable) as caught:
            make("box")
        assert value not in str(caught.value)
        make("box", trust_env=False)
    late = Client("box", late=True)
    with pytest.raises(RequestError, match=variable):
        late.version()


def test_a_proxy_that_was_given_makes_the_environment_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "foo://x")
    Client("box", proxy="http://proxy:3128").close()
    Client("box", transport=httpx.MockTransport(lambda _: httpx.Response(200))).close()


@pytest.mark.parametrize("value", ["localhost,127.0.0.1,::1,.local,*.box,10.0.0.0/8", "*", "http://box", ""])
def test_what_stands_in_no_proxy_elsewhere_is_taken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", "proxy:3128")
    monkeypatch.setenv("NO_PROXY", value)
    Client("box").close()


def test_a_proxy_of_the_system_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows and macOS keep them elsewhere."""
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"http": "foo://x"})
    with pytest.raises(RequestError, match="the system's setting of http_proxy"):
        Client("box")
