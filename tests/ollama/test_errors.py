"""One tree, and every old `except` clause still catches."""

from __future__ import annotations

import copy
import json
import pickle

import httpx
import pytest

from tutor import ollama
from tutor.ollama import OllamaError, ResponseError


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
