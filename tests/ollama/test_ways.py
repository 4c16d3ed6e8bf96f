"""Ways to the server, of either twin: headers, keys, redirects, proxies and base paths."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.ollama.watching import ASK, MODEL
from tutor import ollama
from tutor.ollama import AsyncClient, ConnectionFailed, ProtocolError, RequestError, ResponseError
from tutor.ollama.testing import Reply, ScriptedOllama, ScriptedProxy, faults

MakeClient = Callable[..., AsyncClient]


async def test_headers(server: ScriptedOllama, make_client: MakeClient) -> None:
    given = {"X-One": "1", "X-None": None, "User-Agent": "mine", "Content-Type": "text/plain"}
    async with make_client(server.base_url, headers=given) as client:
        await client.version()
    sent = server.requests[0].headers
    assert (sent["x-one"], sent["user-agent"], sent["content-type"]) == ("1", "mine", "application/json")
    assert "x-none" not in sent
    assert sent["accept"] == "application/json"


async def test_own_name(server: ScriptedOllama, client: AsyncClient) -> None:
    await client.version()
    assert re.fullmatch(r"polyglott-ollama \(\S+ linux\) Python/3\.\d+\.\d+", server.requests[0].headers["user-agent"])


async def test_what_http_does_not_allow_is_not_sent(server: ScriptedOllama, make_client: MakeClient) -> None:
    async with make_client(server.base_url, headers={"x-bad": "a\nb"}) as client:
        with pytest.raises(RequestError):
            await client.version()
        with pytest.raises(ValueError, match="cannot be sent"):
            await (await client.chat(MODEL, ASK, stream=True)).final()
    assert not server.requests


async def test_the_key_in_the_environment_at_the_time_of_the_call(
    server: ScriptedOllama, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", server.base_url)
    server.token = "sesame"
    async with make_client() as client, make_client(server.base_url.replace("127.0.0.1", "localhost")) as other:
        monkeypatch.setenv("OLLAMA_API_KEY", server.token)
        await client.version()
        await (await client.chat(MODEL, ASK, stream=True)).final()
        with pytest.raises(ResponseError, match="unauthorized") as caught:
            await other.version()
        assert caught.value.status_code == 401
    monkeypatch.delenv("OLLAMA_API_KEY")
    async with make_client(server.base_url, headers={"Authorization": f"Bearer {server.token}"}) as client:
        await client.version()
    monkeypatch.setenv("OLLAMA_API_KEY", "another")
    async with make_client(headers={"Authorization": f"Bearer {server.token}"}) as client:
        await client.version()


async def test_the_host_in_the_environment_when_a_client_is_made(
    server: ScriptedOllama, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", server.base_url)
    async with make_client() as client, make_client(late=True) as late:
        monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:1")
        assert client.base_url == server.base_url
        assert str(await client.version()) == server.version
        assert late.base_url == "http://127.0.0.1:1"
        with pytest.raises(ConnectionFailed):
            await late.version()
        monkeypatch.setenv("OLLAMA_HOST", server.base_url)
        assert str(await late.version()) == server.version


def test_functions_of_the_module_ask_the_environment_at_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedOllama.in_thread() as one, ScriptedOllama.in_thread() as other:
        for server in (one, other, one):
            monkeypatch.setenv("OLLAMA_HOST", server.base_url)
            assert ollama.chat(MODEL, ASK).message.content
            assert "".join(ollama.generate(MODEL, "hola", stream=True).text_stream)
        assert (len(one.requests), len(other.requests)) == (4, 2)
        monkeypatch.setenv("OLLAMA_HOST", "localhost:99999")
        with pytest.raises(ollama.InvalidHost):
            ollama.list()
        with pytest.raises(ValueError, match="port"):
            next(ollama.chat(MODEL, ASK, stream=True))


async def test_the_path_of_the_host_is_kept(server: ScriptedOllama, make_client: MakeClient) -> None:
    server.script({"version": "7"}, path="/ollama/api/version")
    async with make_client(f"{server.base_url}/ollama/") as client:
        assert str(await client.version()) == "7"
        with pytest.raises(ResponseError, match="404 page not found"):
            await client.list()


@pytest.mark.parametrize(
    ("status", "method", "with_body"),
    [(301, "GET", False), (302, "GET", False), (307, "POST", True), (308, "POST", True)],
)
async def test_redirects_are_followed_as_browsers_do(
    server: ScriptedOllama, make_client: MakeClient, status: int, method: str, with_body: bool
) -> None:
    server.script(faults.redirect(status, "/elsewhere"))
    server.script({"message": {"role": "assistant", "content": "hola"}, "done": True}, path="/elsewhere")
    key = {"Authorization": "Bearer k"}
    async with make_client(server.base_url, headers=key) as client:
        assert (await client.chat(MODEL, ASK)).message.content == "hola"
        assert (await (await client.chat(MODEL, ASK, stream=True)).final()).message.content == "hola"
    for received in server.requests[1::2]:
        assert (received.method, received.body is not None) == (method, with_body)
        assert received.headers["authorization"] == "Bearer k"


async def test_a_redirect_to_another_host_gets_no_key(server: ScriptedOllama, make_client: MakeClient) -> None:
    async with ScriptedOllama() as other:
        server.script(faults.redirect(307, f"{other.base_url}/api/chat"))
        async with make_client(server.base_url, headers={"Authorization": "Bearer k"}) as client:
            assert (await client.chat(MODEL, ASK)).done
        assert "authorization" not in other.requests[0].headers
        assert other.chats[0].body["messages"] == ASK


@pytest.mark.parametrize(
    ("target", "kind"),
    [("http://127.0.0.1:99999/", ConnectionFailed), ("http://127.0.0.1:x/", ProtocolError), ("x:y", ProtocolError)],
)
async def test_a_redirect_to_what_is_no_address(
    server: ScriptedOllama, make_client: MakeClient, target: str, kind: type[ollama.OllamaError]
) -> None:
    server.script(faults.redirect(307, target))
    async with make_client(server.base_url, retries=0) as client:
        with pytest.raises(kind):
            await client.chat(MODEL, ASK)


async def test_redirects_end(server: ScriptedOllama, make_client: MakeClient) -> None:
    server.script(faults.redirect(307, "/api/chat"))
    async with make_client(server.base_url) as client:
        with pytest.raises(ProtocolError):
            await client.chat(MODEL, ASK)
    async with make_client(server.base_url, follow_redirects=False) as client:
        with pytest.raises(ResponseError) as caught:
            await client.chat(MODEL, ASK)
        assert caught.value.status_code == 307


async def test_a_redirect_whose_page_never_ends_is_not_waited_for(
    server: ScriptedOllama, make_client: MakeClient
) -> None:
    server.script(
        Reply(status=307, headers={"Location": "/api/version", "Content-Length": "9"}, framing="raw", ending="hang")
    )
    async with make_client(server.base_url) as client:
        await client.version()  # connected: the budget is for waiting alone
        with pytest.raises(TimeoutError):
            await client.chat(MODEL, ASK, timeout=0.2)
        await server.wait_requests(2)
    await server.requests[1].wait_hung_up()


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
async def test_hooks_may_read_the_reply(server: ScriptedOllama, make_client: MakeClient, framing: Any) -> None:
    seen: list[tuple[str, str]] = []

    def note(subject: httpx.Response) -> None:
        seen.append((subject.request.url.path, subject.read().decode()))

    server.script(Reply([b'{"version":"7"}'], framing=framing), path="/api/version")
    async with make_client(server.base_url, event_hooks={"response": [note]}) as client:
        assert str(await client.version()) == "7"
        stream = await client.chat(MODEL, ASK, stream=True)
        assert (await stream.final()).done
        server.fault("model_missing")
        with pytest.raises(ResponseError, match="not found"):
            await client.chat(MODEL, ASK)
    assert seen[0] == ("/api/version", '{"version":"7"}')
    assert seen[1][1].count("\n") == 7


async def test_hooks_see_the_request(server: ScriptedOllama, make_client: MakeClient) -> None:
    seen: list[str] = []
    async with make_client(server.base_url, event_hooks={"request": [lambda r: seen.append(r.url.path)]}) as client:
        await client.version()
    assert seen == ["/api/version"]
    with pytest.raises(TypeError):
        make_client(nonsense=1)


async def test_a_proxy_that_is_named(server: ScriptedOllama, make_client: MakeClient) -> None:
    async with ScriptedProxy(server.base_url) as proxy, make_client("box.internal", proxy=proxy.base_url) as client:
        assert (await client.chat(MODEL, ASK)).done
        assert (await (await client.chat(MODEL, ASK, stream=True)).final()).done
        assert proxy.hosts == ["box.internal"] * 2
    assert server.requests[0].path == "/api/chat"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_a_proxy_in_the_environment(
    server: ScriptedOllama, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    async with ScriptedProxy(server.base_url) as proxy:
        monkeypatch.setenv(variable, proxy.base_url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        async with make_client("box.internal", trust_env=True) as client:
            assert str(await client.version()) == server.version
        async with make_client(server.base_url, trust_env=True) as client:
            assert str(await client.version()) == server.version
        assert proxy.hosts == ["box.internal"]
        async with make_client(server.base_url, trust_env=False) as client:
            assert str(await client.version()) == server.version
        assert len(proxy.asked) == 1


async def test_a_proxy_that_is_not_there_is_a_failed_connection(make_client: MakeClient) -> None:
    async with make_client("box.internal", proxy="http://127.0.0.1:1", retries=0) as client:
        with pytest.raises(ConnectionFailed):
            await client.version()


async def test_a_transport_of_ones_own(make_client: MakeClient) -> None:
    """What httpx offers for tests of programs goes through as it is."""

    def answer(request: httpx.Request) -> httpx.Response:
        lines = b'{"message":{"role":"assistant","content":"hola"},"done":true}\n'
        return httpx.Response(200, content=lines, headers={"content-type": "application/x-ndjson"})

    async with make_client("nobody.invalid", transport=httpx.MockTransport(answer)) as client:
        assert (await client.chat(MODEL, ASK)).message.content == "hola"
        assert (await (await client.chat(MODEL, ASK, stream=True)).final()).message.content == "hola"
