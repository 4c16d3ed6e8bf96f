"""What few programs do, or few servers: each has an outcome that says what is wrong, for either twin."""

from __future__ import annotations

import asyncio
import gc
import gzip
import itertools
import linecache
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import httpx
import pytest
from pydantic import BaseModel

from tests.ollama.certificates import authority
from tests.ollama.rawserver import answering, counted
from tests.ollama.watching import ASK, MODEL
from tutor.ollama import (
    AsyncClient,
    Client,
    ConnectionFailed,
    ConnectionLost,
    ConnectTimedOut,
    MalformedLine,
    Options,
    ReadTimedOut,
    RequestError,
    ResponseError,
    Timeouts,
    WrongContentType,
    tls,
)
from tutor.ollama.httpx_errors import translate
from tutor.ollama.options import FORMER
from tutor.ollama.sync import streams
from tutor.ollama.testing import Reply, ScriptedOllama, faults
from tutor.ollama.testing.received import PATIENCE_S, until, until_blocking

MakeClient = Callable[..., AsyncClient]
PACKED = gzip.compress(b'{"error": "packed"}', mtime=0)

ASKED = httpx.Request("POST", "http://box:11434/api/chat")


@pytest.mark.filterwarnings("ignore:`cert=:DeprecationWarning")
def test_a_certificate_of_ones_own_is_shown_by_one_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority(tmp_path, ["localhost"])
    shown: list[object] = []
    monkeypatch.setattr(tls._LateContext, "load_cert_chain", lambda self, *_: shown.append(self), raising=False)
    for kind in (Client, AsyncClient):
        kind("https://localhost", cert=str(tmp_path / "server.pem"))
    assert len(shown) == 2
    assert tls.shared_context() not in shown


async def test_certificates_that_cannot_be_read(make_client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/at-all.pem")
    tls.shared_context.cache_clear()
    async with answering(b"") as raw, make_client(raw.base_url.replace("http:", "https:"), retries=0) as client:
        with pytest.raises(ConnectionFailed):
            await client.version()
    tls.shared_context.cache_clear()


@pytest.mark.parametrize("value", [(5.0, 30.0, 5.0, 5.0), httpx.Timeout((5.0, 30.0, 5.0, 5.0))])
async def test_a_timeout_as_a_tuple(server: ScriptedOllama, make_client: MakeClient, value: Any) -> None:
    assert Timeouts.of(value) == Timeouts(5.0, 30.0, 30.0, 30.0, None)
    async with make_client(server.base_url, timeout=value) as client:
        await client.list()


@pytest.mark.parametrize(
    ("raised", "kind", "caught"),
    [
        (httpx.WriteTimeout("x"), ReadTimedOut, httpx.WriteTimeout),
        (httpx.PoolTimeout("x"), ConnectTimedOut, httpx.PoolTimeout),
        (httpx.ProxyError("502 Bad Gateway"), ConnectionFailed, httpx.ProxyError),
        (httpx.WriteError("x"), ConnectionLost, httpx.WriteError),
    ],
)
def test_old_except_clauses(raised: Exception, kind: type[Exception], caught: type[Exception]) -> None:
    ours = translate(raised, ASKED, in_body=False, connect_s=1)
    assert isinstance(ours, kind)
    assert isinstance(ours, caught)
    assert issubclass(WrongContentType, httpx.DecodingError)


@pytest.mark.parametrize(("status", "again"), [("407 Proxy Authentication Required", False), ("503 Busy", True)])
def test_what_a_proxy_said_is_told(status: str, again: bool) -> None:
    ours = translate(httpx.ProxyError(status), ASKED, in_body=False, connect_s=1)
    assert status in str(ours)
    assert ours.retry_safe is again


async def test_a_packed_redirect_stays_packed(make_client: MakeClient) -> None:
    swelling = gzip.compress(bytes(100_000_000))
    head = b"HTTP/1.1 302 Found\r\nLocation: /api/version\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    seen: list[httpx.Response] = []
    hooks = {"response": [seen.append]}
    answers = (head % len(swelling) + swelling, counted())
    async with answering(*answers) as raw, make_client(raw.base_url, event_hooks=hooks) as client:
        assert str(await client.version()) == "9.9.9"
    assert [len(response.content) for response in seen[:1]] == [len(swelling)]


@pytest.mark.parametrize(
    ("packed", "text"),
    [(PACKED, "400 Bad Request"), (b'{"error": "not packed"}', "not packed")],
    ids=["packed", "said to be"],
)
async def test_a_packed_error_is_told_by_its_status(make_client: MakeClient, packed: bytes, text: str) -> None:
    head = b"HTTP/1.1 400 Bad Request\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    async with answering(head + packed) as raw, make_client(raw.base_url) as client:
        with pytest.raises(ResponseError) as caught:
            await client.version()
    assert (caught.value.error, caught.value.status_code) == (text, 400)


@pytest.mark.parametrize(("reads", "text"), [(True, "model 'nobody:latest' not found"), (False, "404 Not Found")])
@pytest.mark.parametrize("kind", [AsyncClient, Client])
async def test_a_hook_that_raises_for_the_status(
    server: ScriptedOllama, kind: type[AsyncClient | Client], reads: bool, text: str
) -> None:
    def hook(response: httpx.Response) -> None:
        if reads:
            response.read()
        response.raise_for_status()

    async def hook_async(response: httpx.Response) -> None:
        if reads:
            await response.aread()
        response.raise_for_status()

    async def ask() -> None:
        if kind is Client:
            with Client(server.base_url, trust_env=False, event_hooks={"response": [hook]}) as client:
                await asyncio.to_thread(client.show, "nobody")
        else:
            async with AsyncClient(server.base_url, trust_env=False, event_hooks={"response": [hook_async]}) as aio:
                await aio.show("nobody")

    with pytest.raises(ResponseError) as caught:
        await ask()
    assert (caught.value.error, caught.value.status_code) == (text, 404)


@pytest.mark.parametrize("host", ["http://xn--/", "http://a\x01b", "http://\xad"])
async def test_an_address_that_cannot_be_sent(make_client: MakeClient, host: str) -> None:
    with pytest.raises(RequestError):
        async with make_client(host) as client:
            await client.list()


async def test_a_key_that_cannot_be_sent_is_not_quoted(
    server: ScriptedOllama, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "k\u0119y")
    monkeypatch.setenv("OLLAMA_HOST", server.base_url)
    async with make_client() as client:
        with pytest.raises(RequestError) as caught:
            await client.list()
    assert "k\u0119y" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__


async def test_the_key_goes_to_the_host_of_the_environment_however_it_was_given(
    server: ScriptedOllama, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "k")
    for named, key in ((server.base_url, "Bearer k"), ("http://127.0.0.1:9", None), (":::", None)):
        monkeypatch.setenv("OLLAMA_HOST", named)
        async with make_client(server.base_url) as client:
            await client.list()
        assert server.requests[-1].headers.get("authorization") == key


def test_a_format_without_a_schema() -> None:
    class Odd(BaseModel):
        call: Callable[[], int]

    with pytest.raises(RequestError, match="no JSON schema"), Client("http://127.0.0.1:9") as client:
        client.chat(MODEL, ASK, format=Odd)


@pytest.mark.parametrize("kind", [AsyncClient, Client])
def test_the_address_is_given_once(kind: type[AsyncClient | Client]) -> None:
    with pytest.raises(TypeError, match="host"):
        kind("http://127.0.0.1:9", base_url="http://127.0.0.1:8")


def test_former_options_are_told() -> None:
    assert set(Options.model_fields) >= FORMER
    with pytest.warns(UserWarning, match="mirostat"):
        Options(mirostat=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Options(num_ctx=4096, mirostat=None)


async def test_half_a_surrogate_pair(server: ScriptedOllama, make_client: MakeClient) -> None:
    server.script(Reply([rb'{"model":"m","message":{"role":"assistant","content":"\ud83d"},"done":true}' + b"\n"]))
    async with make_client(server.base_url) as client:
        with pytest.raises(MalformedLine):
            await (await client.chat(MODEL, ASK, stream=True)).final()


async def test_an_empty_error_beside_words_is_none(server: ScriptedOllama, make_client: MakeClient) -> None:
    line = b'{"model":"m","message":{"role":"assistant","content":"Hola"},"done":true,"error":""}\n'
    server.script(Reply([line]))
    async with make_client(server.base_url) as client:
        assert (await (await client.chat(MODEL, ASK, stream=True)).final()).message.content == "Hola"


class Unsayable(Exception):
    def __str__(self) -> str:
        raise ValueError


async def ends_in_cancellation() -> NoReturn:
    raise asyncio.CancelledError


def ends_in_cancellation_too() -> NoReturn:
    raise asyncio.CancelledError


def cannot_say_why() -> NoReturn:
    raise Unsayable


@pytest.mark.parametrize("limit_s", [30.0, None])
async def test_a_tool_that_ends_badly_ends_nothing_else(
    server: ScriptedOllama, make_client: MakeClient, limit_s: float | None
) -> None:
    tools: Sequence[Callable[[], Any]] = [ends_in_cancellation, ends_in_cancellation_too, cannot_say_why]
    for tool in tools:
        server.say([""], tool_calls=[{"function": {"name": tool.__name__, "arguments": {}}}], once=True)
    server.say(["So be it."], once=True)
    async with make_client(server.base_url) as client:
        run = await client.run_tools(MODEL, ASK, tools, tool_timeout_s=limit_s)
    assert [call.text for call in run.calls] == ["RuntimeError: the function was cancelled"] * 2 + ["Unsayable"]


async def test_a_talk_with_tools_can_be_cancelled_in_a_tool(server: ScriptedOllama) -> None:
    begun = asyncio.Event()

    async def waits() -> None:
        begun.set()
        await asyncio.sleep(60)

    server.say([""], tool_calls=[{"function": {"name": "waits", "arguments": {}}}])
    async with AsyncClient(server.base_url, trust_env=False) as client:
        running = asyncio.create_task(client.run_tools(MODEL, ASK, [waits]))
        await begun.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


async def test_tools_run_on_whole_replies(server: ScriptedOllama, make_client: MakeClient) -> None:
    async with make_client(server.base_url) as client:
        with pytest.raises(TypeError, match="stream"):
            await client.run_tools(MODEL, ASK, [], stream=True)  # type: ignore[call-arg]
    assert not server.requests


async def test_cancelled_while_the_end_is_awaited(server: ScriptedOllama) -> None:
    """The last object is there, the body goes on: whoever leaves then closes the connection as well."""
    server.script(Reply([*faults.done_early().each_step()], ending="hang"))
    read = asyncio.Event()
    async with AsyncClient(server.base_url, trust_env=False) as client:

        async def reading() -> None:
            async with await client.chat(MODEL, ASK, stream=True) as stream:
                async for chunk in stream:
                    if chunk.done:
                        read.set()
                        asyncio.get_running_loop().call_soon(task.cancel)

        task = asyncio.create_task(reading())
        await read.wait()
        await asyncio.wait([task])
        await until(lambda: server.open_connections == 0)


def can_come(frame: FrameType) -> bool:
    """Python hears no signal between a block's last line and its end; those in `__del__` it keeps for itself."""
    line = linecache.getline(streams.__file__, frame.f_lineno)
    return frame.f_code.co_name != "__del__" and "with self._gate" not in line


def interrupted_at(line: int, client: Client, seen: list[int]) -> None:
    """Read three chunks of a stream and leave; Ctrl-C comes at the so manieth line that runs in its module."""
    left = line

    def traced(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if event == "line" and frame.f_code.co_filename == streams.__file__ and can_come(frame):
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return traced

    sys.settrace(traced)
    try:
        with client.chat(MODEL, ASK, stream=True) as stream:
            for count, _ in enumerate(stream):
                if count == 3:
                    break
    except KeyboardInterrupt:
        seen.append(line)
    finally:
        sys.settrace(None)


def test_an_interrupt_at_any_line_ends_the_stream() -> None:
    seen: list[int] = []
    with ScriptedOllama.in_thread() as server, Client(server.base_url, trust_env=False) as client:
        server.script(lambda _: faults.endless())
        for line in itertools.count(1):
            # Apart, since the wrong thing would wait for ever.
            reading = threading.Thread(target=interrupted_at, args=(line, client, seen), daemon=True)
            reading.start()
            reading.join(PATIENCE_S)
            assert not reading.is_alive(), f"hangs after an interrupt at line {line}"
            if len(seen) < line:
                break
        gc.collect()
        until_blocking(lambda: server.open_connections == 0)
    assert len(seen) > 50


async def test_a_whole_reply_that_does_not_say_whether_it_is_done(
    server: ScriptedOllama, make_client: MakeClient
) -> None:
    """As from servers that are only like Ollama: it is whole by its length."""
    server.script({"message": {"role": "assistant", "content": "hola"}})
    async with make_client(server.base_url) as client:
        reply = await client.chat(MODEL, ASK)
    assert (reply.message.content, reply.done) == ("hola", None)
