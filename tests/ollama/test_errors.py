"""One tree, and every old `except` clause still catches."""

from __future__ import annotations

import copy
import json
import pickle
import socket
from collections.abc import Callable, Iterator

import httpx
import pytest
from ollama._client import CONNECTION_ERROR_MESSAGE

from tutor import ollama
from tutor.ollama import (
    AsyncClient,
    ConnectionFailed,
    OllamaError,
    ReadTimedOut,
    RequestError,
    ResponseError,
    Timeouts,
)
from tutor.ollama.testing import ScriptedOllama, faults


@pytest.mark.parametrize(
    ("error", "families"),
    [
        (ollama.RequestError("x"), (ValueError,)),
        (ollama.InvalidHost("x"), (ollama.RequestError, ValueError)),
        (ollama.ConnectionFailed("x"), (ConnectionError, httpx.ConnectError, httpx.TransportError)),
        (ollama.ConnectionLost("x"), (ConnectionError, httpx.ReadError, httpx.RemoteProtocolError)),
        (
            ollama.ConnectTimedOut("connect", 5),
            (ollama.TimedOut, ConnectionError, TimeoutError, httpx.ConnectTimeout),
        ),
        (ollama.ReadTimedOut("total", 5), (ollama.TimedOut, TimeoutError, httpx.ReadTimeout)),
        (ollama.MalformedLine("x"), (ollama.ProtocolError, json.JSONDecodeError, httpx.RemoteProtocolError)),
        (ollama.TruncatedBody("x"), (ollama.ProtocolError, httpx.RemoteProtocolError)),
        (ollama.Incomplete("no_done"), ()),
    ],
)
def test_each_error_is_in_the_tree_and_in_the_old_families(
    error: OllamaError, families: tuple[type[Exception], ...]
) -> None:
    assert isinstance(error, OllamaError)
    for family in families:
        assert isinstance(error, family)
    assert str(error)
    assert repr(error)
    assert error.code


def test_only_errors_before_anything_happened_are_safe_to_retry() -> None:
    assert ollama.ConnectionFailed("x").retry_safe
    assert ollama.ConnectTimedOut("connect").retry_safe
    assert ResponseError("busy", 503).retry_safe
    assert not ResponseError("boom", 500).retry_safe
    assert not ollama.ReadTimedOut("first").retry_safe
    assert not ollama.ConnectionLost("x").retry_safe


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ('{"error": "x"}', "x"),
        ('{"error": {"message": "deep"}}', "deep"),
        (json.dumps({"error": json.dumps({"error": {"code": 1, "message": "deeper"}})}), "deeper"),
        ('{"error": 5}', "5"),
        ('{"other": 1}', '{"other": 1}'),
        ('"oops"', '"oops"'),
        ("{broken", "{broken"),
        ('{"a":' * 5000, '{"a":' * 5000),
        ("", ""),
    ],
)
def test_response_error_finds_the_innermost_text(text: str, expected: str) -> None:
    error = ResponseError(text, 400)
    assert error.error == expected
    assert str(error) == f"{expected} (status code: 400)"


def test_response_error_keeps_what_stood_beside_the_text() -> None:
    error = ResponseError('{"error":"unauthorized","signin_url":"https://x.example"}', 401)
    assert error.details["signin_url"] == "https://x.example"
    assert ResponseError("boom").status_code == -1


def test_unwrapping_ends() -> None:
    text = "boom"
    for _ in range(9):
        text = json.dumps({"error": text})
    assert ResponseError(text).error.startswith('{"error"')


@pytest.mark.parametrize(
    "error",
    [
        ollama.RequestError("x"),
        ResponseError('{"error":"busy","n_ctx":7}', 503),
        ollama.ConnectionFailed("x", request=httpx.Request("POST", "http://127.0.0.1/api/chat")),
        ollama.ConnectTimedOut("connect", 5),
        ollama.ReadTimedOut("between", 60),
        ollama.MalformedLine("x"),
        ollama.Incomplete("no_done", ollama.ChatResponse(done=False)),
        ollama.TooManyRounds(3, [ollama.Message(role="user", content="hola")]),
        ollama.Unparsable("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_cross_processes_whole(error: OllamaError) -> None:
    there = pickle.loads(pickle.dumps(error))  # noqa: S301
    known = {name: value for name, value in vars(error).items() if name != "_request"}
    assert (type(there), str(there), there.args) == (type(error), str(error), error.args)
    assert {name: value for name, value in vars(there).items() if name != "_request"} == known
    assert isinstance(copy.copy(error), type(error))


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{kept.getsockname()[1]}"


async def test_whoever_does_not_answer_is_named(nobody: str, make_client: Callable[..., AsyncClient]) -> None:
    """In the words of the published client, which people search for."""
    async with make_client(f"{nobody}/ollama", retries=0) as client:
        for call in (client.version(), client.chat("m", [])):
            with pytest.raises(ConnectionFailed) as caught:
                await call
            assert CONNECTION_ERROR_MESSAGE in str(caught.value)
            assert nobody in str(caught.value)


async def test_where_a_redirect_led_to_is_named(
    server: ScriptedOllama, nobody: str, make_client: Callable[..., AsyncClient]
) -> None:
    server.script(faults.redirect(307, f"{nobody}/api/version"), path="/api/version")
    async with make_client(server.base_url, retries=0) as client:
        with pytest.raises(ConnectionFailed, match=nobody):
            await client.version()


@pytest.mark.parametrize("host", ["https://ollama.com", "https://api.ollama.com:8443"])
async def test_ollama_com_is_no_server_of_one_s_own(host: str, make_client: Callable[..., AsyncClient]) -> None:
    class Unreachable(httpx.BaseTransport, httpx.AsyncBaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("no route")

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("no route")

    key = {"Authorization": "Bearer k"}
    async with make_client(host, headers=key, transport=Unreachable(), retries=0) as client:
        with pytest.raises(ConnectionFailed, match=host) as caught:
            await client.list()
        assert "downloaded" not in str(caught.value)
        with pytest.raises(ConnectionFailed, match=r"https://ollama\.com") as caught:
            await client.web_search("x")
        assert "running" not in str(caught.value)


async def test_waits_that_ran_out_name_the_address(
    server: ScriptedOllama, make_client: Callable[..., AsyncClient]
) -> None:
    server.script(faults.hang_before_headers())
    async with make_client(server.base_url, timeout=Timeouts(whole_s=0.2)) as client:
        with pytest.raises(ReadTimedOut, match=server.base_url):
            await client.chat("m", [])
    assert str(ReadTimedOut("total", 2.0)) == "timed out after 2 s (total)"


async def test_a_missing_key_is_told_as_elsewhere(make_client: Callable[..., AsyncClient]) -> None:
    async with make_client("box") as client:
        with pytest.raises(RequestError, match="Authorization header with Bearer token is required for web search"):
            await client.web_search("x")
        with pytest.raises(RequestError, match="Authorization header with Bearer token is required for web fetch"):
            await client.web_fetch("https://x")
