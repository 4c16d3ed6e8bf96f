"""Every fault of a server, over a real socket, streamed and whole: one typed outcome each, and no connection left."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Iterator

import httpx
import pytest

from tutor import ollama
from tutor.ollama import AsyncClient, OllamaError, Timeouts
from tutor.ollama.testing import Reply, ScriptedOllama
from tutor.ollama.testing.faults import FAULTS
from tutor.ollama.testing.received import until
from tutor.ollama.translation import translate

ASK = [{"role": "user", "content": "hola"}]
QUICK = Timeouts(connect_s=5, first_s=0.4, whole_s=0.4, between_s=0.4, total_s=0.9)
PATIENT = Timeouts(total_s=15)
ENDLESS = ("hang_before_headers", "hang_before_first_token", "stall_mid_stream", "endless", "drip")

# fault -> (kind, words before it)
STREAMED: dict[str, tuple[type[OllamaError] | None, str]] = {
    "close_before_headers": (ollama.ConnectionLost, ""),
    "reset_before_headers": (ollama.ConnectionLost, ""),
    "hang_before_headers": (ollama.ReadTimedOut, ""),
    "hang_before_first_token": (ollama.ReadTimedOut, ""),
    "stall_mid_stream": (ollama.ReadTimedOut, "Hola"),
    "reset_mid_stream": (ollama.ConnectionLost, "Hola"),
    "close_mid_stream": (ollama.TruncatedBody, "Hola"),
    "close_delimited_cut": (ollama.Incomplete, "Hola"),
    "close_delimited_cut_in_line": (ollama.TruncatedBody, "Hola"),
    "malformed_line": (ollama.MalformedLine, "Hola"),
    "list_line": (ollama.MalformedLine, "Hola"),
    "error_mid_stream": (ollama.ResponseError, "Hola"),
    "error_object_mid_stream": (ollama.ResponseError, "Hola"),
    "error_number_mid_stream": (ollama.ResponseError, "Hola"),
    "scalar_mid_stream": (ollama.ResponseError, "Hola"),
    "model_missing": (ollama.ResponseError, ""),
    "server_error": (ollama.ResponseError, ""),
    "busy": (ollama.ResponseError, ""),
    "bad_gateway_page": (ollama.ResponseError, ""),
    "redirect": (ollama.ResponseError, ""),
    "huge_line": (ollama.LineTooLong, ""),
    "endless_line": (ollama.LineTooLong, ""),
    "invalid_utf8": (ollama.InvalidUtf8, "Hola"),
    "bytewise": (None, "¡Mañana! 👩‍👩‍👧 你好"),
    "line_separators": (None, "a\u0085b\u2028c\u2029d"),
    "blank_lines": (None, "Hola"),
    "done_early": (None, "Hola"),
    "no_done": (ollama.Incomplete, "Hola"),
    "done_false": (ollama.Incomplete, "la la la"),
    "empty_body": (ollama.Incomplete, ""),
    "empty_reply": (None, ""),
    "only_thinking": (None, ""),
    "message_missing": (None, "Hola"),
    "endless": (ollama.ReadTimedOut, "la la la"),
    "drip": (ollama.ReadTimedOut, "la la la"),
    "wrong_content_type": (ollama.WrongContentType, ""),
    "gzip_bomb": (ollama.WrongContentType, ""),
    "huge_headers": (ollama.ProtocolError, ""),
}


def one_client(server: ScriptedOllama, name: str = "") -> AsyncClient:
    return AsyncClient(
        server.base_url,
        timeout=QUICK if name in ENDLESS else PATIENT,
        trust_env=False,
        follow_redirects=False,
        max_line_bytes=100_000,
    )


def test_every_fault_has_its_row() -> None:
    assert STREAMED.keys() == FAULTS.keys()


@pytest.mark.parametrize("name", FAULTS)
async def test_streamed(server: ScriptedOllama, name: str) -> None:
    kind, words = STREAMED[name]
    server.script(FAULTS[name]())
    heard: list[str] = []

    async def read() -> None:
        async with await client.chat("qwen2.5:7b", ASK, stream=True) as stream:
            async for chunk in stream:
                heard.append(chunk.message.content or "")  # noqa: PERF401 - kept when the stream breaks

    async with one_client(server, name) as client:
        await _outcome(read, kind)
        # The stream is over; nothing may be left but a connection that can serve again.
        await until(lambda: server.requests[-1].over, 1)
        await until(lambda: server.open_connections <= 1, 1)
    assert "".join(heard).startswith(words) if words else not "".join(heard)
    await until(lambda: server.open_connections == 0, 1)


@pytest.mark.parametrize("name", FAULTS)
async def test_whole(server: ScriptedOllama, name: str) -> None:
    """The same bytes to somebody who asked for a whole reply: again a typed error, or a reply that is done."""
    server.script(FAULTS[name]())
    async with one_client(server, name) as client:
        try:
            reply = await client.chat("qwen2.5:7b", ASK)
        except OllamaError:
            reply = None
        await until(lambda: server.requests[-1].over, 1)
    assert reply is None or reply.done


async def _outcome(read: Callable[[], Awaitable[None]], kind: type[OllamaError] | None) -> None:
    if kind is None:
        await read()
        return
    with pytest.raises(kind):
        await read()


@pytest.mark.parametrize(
    ("name", "error", "status"),
    [
        ("error_mid_stream", "the runner ran out of memory", -1),
        ("error_object_mid_stream", "the runner stumbled", -1),
        ("error_number_mid_stream", "123", -1),
        ("scalar_mid_stream", "the runner is gone", -1),
        ("model_missing", "model 'qwen2.5:7b' not found", 404),
        ("server_error", "CUDA error: out of memory", 500),
        ("busy", "server busy, please try again.  maximum pending requests exceeded", 503),
        ("bad_gateway_page", "502 Bad Gateway", 502),
        ("redirect", "302 Found", 302),
    ],
)
async def test_errors_say_what_the_server_said(server: ScriptedOllama, name: str, error: str, status: int) -> None:
    server.script(FAULTS[name]())
    async with one_client(server) as client:
        stream = await client.chat("qwen2.5:7b", ASK, stream=True)
        with pytest.raises(ollama.ResponseError) as caught:
            await stream.final()
    assert (caught.value.error, caught.value.status_code) == (error, status)


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
async def test_timeouts_say_which_budget_ran_out(server: ScriptedOllama, name: str, phase: str) -> None:
    server.script(FAULTS[name]())
    async with one_client(server, name) as client:
        with pytest.raises(ollama.TimedOut) as caught:
            await (await client.chat("qwen2.5:7b", ASK, stream=True)).final()
    assert caught.value.phase == phase


async def test_refused(server: ScriptedOllama) -> None:
    await server.refuse()
    async with one_client(server) as client:
        with pytest.raises(ollama.ConnectionFailed):
            await client.version()
        stream = await client.chat("qwen2.5:7b", ASK, stream=True)
        with pytest.raises(ConnectionError):
            await anext(stream)
        await server.start()
        assert str(await client.version()) == server.version


async def test_unknown_name_is_a_failed_connection() -> None:
    async with AsyncClient("nobody.invalid", trust_env=False) as client:
        with pytest.raises(ollama.ConnectionFailed):
            await client.version()


async def test_unroutable_address_runs_into_the_connect_budget() -> None:
    # A listener whose queue is full does not answer a further SYN.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        client = AsyncClient(f"127.0.0.1:{port}", timeout=Timeouts(connect_s=0.1), trust_env=False)
        with pytest.raises(ollama.ConnectTimedOut) as caught:
            await client.version()
        assert caught.value.phase == "connect"
        await client.close()
        for filler in fillers:
            filler.close()


async def test_incomplete_whole_reply_keeps_its_words(server: ScriptedOllama, client: AsyncClient) -> None:
    server.say("la la la", done=False)
    with pytest.raises(ollama.Incomplete) as caught:
        await client.chat("qwen2.5:7b", ASK)
    assert isinstance(caught.value.response, ollama.ChatResponse)
    assert caught.value.response.message.content == "la la la"


async def test_a_line_under_the_cap_passes(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(FAULTS["huge_line"]())
    reply = await (await client.chat("qwen2.5:7b", ASK, stream=True)).final()
    assert len(reply.message.content or "") == 1_000_000


async def test_an_endless_error_page_is_cut_off(server: ScriptedOllama) -> None:
    def steps() -> Iterator[bytes]:
        while True:
            yield b"a" * 65536

    server.script(Reply(steps, status=500))
    async with AsyncClient(server.base_url, timeout=Timeouts(total_s=10), trust_env=False) as client:
        with pytest.raises(ollama.ResponseError) as caught:
            await client.chat("qwen2.5:7b", ASK)
    assert caught.value.error == "500 Internal Server Error"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.WriteTimeout("x"), ollama.ReadTimedOut),
        (httpx.PoolTimeout("x"), ollama.ConnectTimedOut),
        (httpx.ProxyError("x"), ollama.ConnectionFailed),
        (httpx.WriteError("x"), ollama.ConnectionLost),
        (httpx.TooManyRedirects("x"), ollama.ProtocolError),
        (httpx.UnsupportedProtocol("x"), ollama.RequestError),
        (httpx.LocalProtocolError("x"), ollama.RequestError),
    ],
)
def test_rarer_failures_of_httpx_have_a_place_too(error: httpx.HTTPError, kind: type[OllamaError]) -> None:
    assert isinstance(translate(error, in_body=False, connect_s=1), kind)
