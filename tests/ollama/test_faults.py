"""Every fault of a server, over a real socket, for each call that can be streamed: one typed outcome of either twin."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.ollama.watching import ASK, MODEL
from tutor import ollama
from tutor.ollama import AsyncClient, OllamaError, Timeouts
from tutor.ollama.httpx_errors import translate
from tutor.ollama.testing import Reply, ScriptedOllama
from tutor.ollama.testing.faults import ALL_FAULTS
from tutor.ollama.testing.received import until

PATIENT = Timeouts(total_s=30)
SILENT = ("hang_before_headers", "hang_before_first_token")
ENDLESS = ("stall_mid_stream", "endless", "drip")
ARGUMENTS: dict[str, Any] = {"chat": ASK, "generate": "hola"}
CALLS = ("chat", "generate", "pull", "push", "create")

# fault -> (kind, words before it), the same for chunks of a chat, of a generation and of progress
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
    "endless": (ollama.ReadTimedOut, "la 1 la 2 la"),
    "drip": (ollama.ReadTimedOut, "la 1 la 2 la"),
    "wrong_content_type": (ollama.WrongContentType, ""),
    "gzip_bomb": (ollama.WrongContentType, ""),
    "huge_headers": (ollama.ProtocolError, ""),
    "chunk_cut": (ollama.TruncatedBody, "Hola"),
    "length_too_long": (None, ""),
    "error_text_number_mid_stream": (ollama.ResponseError, "Hola"),
    "number_mid_stream": (ollama.ResponseError, "Hola"),
    "null_mid_stream": (ollama.MalformedLine, "Hola"),
    "utf8_cut_off": (ollama.TruncatedBody, "Hola"),
    "cut_at": (None, "¡Mañana! 👩‍👩‍👧 你好"),
    "too_long": (ollama.ResponseError, ""),
    "rate_limited": (ollama.ResponseError, ""),
    "bad_gateway": (ollama.ResponseError, ""),
    "unauthorized": (ollama.ResponseError, ""),
    "forbidden": (ollama.ResponseError, ""),
    "not_found_text": (ollama.ResponseError, ""),
    "client_closed": (ollama.ResponseError, ""),
    "error_empty": (ollama.ResponseError, ""),
    "error_object": (ollama.ResponseError, ""),
    "error_scalar": (ollama.ResponseError, ""),
    "moved": (ollama.ResponseError, ""),
    "redirect_kept": (ollama.ResponseError, ""),
    "redirect_permanent": (ollama.ResponseError, ""),
}
# What differs when a whole reply was asked for: whose words are all in one line, and of several lines none is a reply.
WHOLE: dict[str, type[OllamaError] | None] = {
    **{name: kind for name, (kind, _) in STREAMED.items()},
    **dict.fromkeys(
        (
            "close_delimited_cut", "error_mid_stream", "error_object_mid_stream", "error_number_mid_stream",
            "error_text_number_mid_stream", "scalar_mid_stream", "number_mid_stream", "huge_line", "bytewise",
            "line_separators", "blank_lines", "done_early", "no_done", "empty_body", "only_thinking", "message_missing",
            "cut_at",
        ),
        ollama.MalformedLine,
    ),
    # Which of the two depends on where the line was cut.
    "close_delimited_cut_in_line": ollama.ProtocolError,
    "length_too_long": ollama.TruncatedBody,
    "utf8_cut_off": ollama.InvalidUtf8,
}  # fmt: skip

MakeClient = Callable[..., AsyncClient]


def budgets(name: str, limit_s: float) -> Timeouts:
    """What a fault without an end is to run into, and nothing else: words may come late on a busy machine."""
    if name in SILENT:
        return Timeouts(first_s=limit_s, whole_s=limit_s)
    return Timeouts(total_s=limit_s) if name in ENDLESS else PATIENT


async def tried(name: str, attempt: Callable[[Timeouts], Awaitable[None]]) -> None:
    """Where a budget is to run out: with a long one, if the machine was too busy for what comes before the end."""
    if name in SILENT or name in ENDLESS:
        with contextlib.suppress(AssertionError):
            await attempt(budgets(name, 0.4))
            return
    await attempt(budgets(name, 5.0))


def one_client(make_client: MakeClient, server: ScriptedOllama, timeout: Timeouts = PATIENT) -> AsyncClient:
    return make_client(
        server.base_url,
        timeout=timeout,
        retries=0,
        follow_redirects=False,
        max_line_bytes=100_000,
    )


async def asked(client: AsyncClient, call: str, *, stream: bool) -> Any:
    arguments = [ARGUMENTS[call]] if call in ARGUMENTS else []
    return await getattr(client, call)(MODEL, *arguments, stream=stream)


def words_of(chunk: Any) -> str:
    match chunk:
        case ollama.ChatResponse():
            return chunk.message.content or ""
        case ollama.GenerateResponse():
            return chunk.response or ""
    return "" if chunk.status == "success" else str(chunk.status)


async def heard_and_met(client: AsyncClient, call: str) -> tuple[str, OllamaError | None]:
    heard = ""
    try:
        async with await asked(client, call, stream=True) as stream:
            async for chunk in stream:
                heard += words_of(chunk)
    except OllamaError as error:
        return heard, error
    return heard, None


async def met(client: AsyncClient, call: str) -> OllamaError | None:
    try:
        await asked(client, call, stream=False)
    except OllamaError as error:
        return error
    return None


def test_every_fault_has_its_row() -> None:
    assert STREAMED.keys() == ALL_FAULTS.keys()


@pytest.mark.parametrize("name", ALL_FAULTS)
async def test_streamed(server: ScriptedOllama, make_client: MakeClient, name: str) -> None:
    kind, words = STREAMED[name]
    for call in CALLS:
        server.fault(name, path=f"/api/{call}")

    async def attempt(timeout: Timeouts) -> None:
        server.requests.clear()
        async with one_client(make_client, server, timeout) as client:
            for heard, error in await asyncio.gather(*(heard_and_met(client, call) for call in CALLS)):
                assert type(error) is (kind or type(None))
                assert heard.startswith(words) if words else not heard
            # The streams are over; nothing may be left but connections that can serve again.
            await until(lambda: all(received.over for received in server.requests))
        assert len(server.requests) == len(CALLS)
        await until(lambda: server.open_connections == 0)

    await tried(name, attempt)


@pytest.mark.parametrize("name", ALL_FAULTS)
async def test_whole(server: ScriptedOllama, make_client: MakeClient, name: str) -> None:
    """The same bytes to somebody who asked for a whole reply."""
    for call in CALLS:
        server.fault(name, path=f"/api/{call}")
    # A line of progress that is not the last one is an answer, if nothing else was asked for.
    kinds = [WHOLE[name] if call in ARGUMENTS or name != "done_false" else None for call in CALLS]

    async def attempt(timeout: Timeouts) -> None:
        server.requests.clear()
        async with one_client(make_client, server, timeout) as client:
            errors = await asyncio.gather(*(met(client, call) for call in CALLS))
            await until(lambda: all(received.over for received in server.requests))
        for kind, error in zip(kinds, errors, strict=True):
            assert isinstance(error, kind or type(None))
        assert len(server.requests) == len(CALLS)
        await until(lambda: server.open_connections == 0)

    await tried(name, attempt)


@pytest.mark.parametrize(
    ("name", "error", "status"),
    [
        ("error_mid_stream", "the runner ran out of memory", -1),
        ("error_object_mid_stream", "the runner stumbled", -1),
        ("error_number_mid_stream", "123", -1),
        ("scalar_mid_stream", "the runner is gone", -1),
        ("model_missing", f"model '{MODEL}' not found", 404),
        ("server_error", "CUDA error: out of memory", 500),
        ("busy", "server busy, please try again.  maximum pending requests exceeded", 503),
        ("bad_gateway_page", "502 Bad Gateway", 502),
        ("redirect", "302 Found", 302),
    ],
)
async def test_errors_say_what_the_server_said(
    server: ScriptedOllama, make_client: MakeClient, name: str, error: str, status: int
) -> None:
    server.script(ALL_FAULTS[name]())
    async with one_client(make_client, server) as client:
        stream = await client.chat(MODEL, ASK, stream=True)
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
async def test_timeouts_say_which_budget_ran_out(
    server: ScriptedOllama, make_client: MakeClient, name: str, phase: str
) -> None:
    server.script(ALL_FAULTS[name]())
    timeouts = replace(Timeouts(first_s=10, between_s=10), **{f"{phase}_s": 0.3})
    async with one_client(make_client, server) as client:
        with pytest.raises(ollama.TimedOut) as caught:
            await (await client.chat(MODEL, ASK, stream=True, timeout=timeouts)).final()
    assert caught.value.phase == phase


async def test_refused(server: ScriptedOllama, make_client: MakeClient) -> None:
    await server.refuse()
    async with one_client(make_client, server) as client:
        with pytest.raises(ollama.ConnectionFailed):
            await client.version()
        stream = await client.chat(MODEL, ASK, stream=True)
        with pytest.raises(ConnectionError):
            await anext(stream)
        await server.start()
        assert str(await client.version()) == server.version


async def test_unknown_name_is_a_failed_connection(make_client: MakeClient) -> None:
    async with make_client("nobody.invalid") as client:
        with pytest.raises(ollama.ConnectionFailed):
            await client.version()


async def test_incomplete_whole_reply_keeps_its_words(server: ScriptedOllama, client: AsyncClient) -> None:
    server.say("la la la", done=False)
    with pytest.raises(ollama.Incomplete) as caught:
        await client.chat(MODEL, ASK)
    assert isinstance(caught.value.response, ollama.ChatResponse)
    assert caught.value.response.message.content == "la la la"


async def test_a_line_under_the_cap_passes(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(ALL_FAULTS["huge_line"]())
    reply = await (await client.chat(MODEL, ASK, stream=True)).final()
    assert len(reply.message.content or "") == 1_000_000


async def test_an_endless_error_page_is_cut_off(server: ScriptedOllama, make_client: MakeClient) -> None:
    def steps() -> Iterator[bytes]:
        while True:
            yield b"a" * 65536

    server.script(Reply(steps, status=500))
    async with make_client(server.base_url, timeout=PATIENT) as client:
        with pytest.raises(ollama.ResponseError) as caught:
            await client.chat(MODEL, ASK)
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
    assert isinstance(translate(error, httpx.Request("POST", "http://box/api/chat"), in_body=False, connect_s=1), kind)
