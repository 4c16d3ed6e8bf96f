"""Where the published client raises something else than ours, or nothing: both, on the same bad day of a server."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import ollama as published
import pytest
from pydantic import ValidationError

from tests.ollama.sides import ASK, MODEL, Sides, both, outcome, streamed, whole, words
from tutor import ollama as ours
from tutor.ollama.testing import Reply, recording


@pytest.fixture
def sides() -> Iterator[Sides]:
    with both() as sides:
        yield sides


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address where nobody answers."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{kept.getsockname()[1]}"


def test_nobody_answers(nobody: str) -> None:
    with published.Client(nobody, trust_env=False) as theirs, ours.Client(nobody, trust_env=False, retries=0) as mine:
        their, our = outcome(whole, theirs), outcome(whole, mine)
        assert type(their) is ConnectionError
        assert isinstance(our, ours.ConnectionFailed)
        assert isinstance(our, ConnectionError)
        assert str(their).startswith("Failed to connect to Ollama.")
        assert str(our).startswith(str(their))
        assert nobody in str(our)
        assert "https://ollama.com/download" in str(their)
        assert "https://ollama.com/download" in str(our)


def test_nobody_answers_a_stream(nobody: str) -> None:
    with published.Client(nobody, trust_env=False) as theirs, ours.Client(nobody, trust_env=False, retries=0) as mine:
        their, our = outcome(streamed, theirs), outcome(streamed, mine)
        assert isinstance(their, httpx.ConnectError)
        assert not isinstance(their, ConnectionError)
        assert isinstance(our, httpx.ConnectError)
        assert isinstance(our, ConnectionError)


def test_a_server_that_takes_too_long() -> None:
    with both(timeout=1.0) as sides:
        sides.ours.list(timeout=30)  # connected: that has a budget, too
        their, our = sides.after("hang_before_headers", whole)
    assert isinstance(their, httpx.ReadTimeout)
    assert not isinstance(their, TimeoutError)
    assert isinstance(our, ours.ReadTimedOut)
    assert isinstance(our, TimeoutError)
    assert isinstance(our, httpx.ReadTimeout)
    assert (our.phase, our.limit_s) == ("first", 1.0)


@pytest.mark.parametrize(
    ("fault", "theirs"),
    [("close_before_headers", httpx.RemoteProtocolError), ("reset_before_headers", httpx.ReadError)],
)
def test_a_connection_that_breaks(sides: Sides, fault: str, theirs: type[Exception]) -> None:
    their, our = sides.after(fault, whole)
    assert type(their) is theirs
    assert isinstance(our, ours.ConnectionLost)
    assert isinstance(our, ConnectionError)
    assert isinstance(our, theirs)


@pytest.mark.parametrize(
    ("fault", "theirs"),
    [("close_mid_stream", httpx.RemoteProtocolError), ("close_delimited_cut_in_line", json.JSONDecodeError)],
)
def test_a_stream_that_is_cut(sides: Sides, fault: str, theirs: type[Exception]) -> None:
    their, our = sides.after(fault, streamed)
    assert type(their) is theirs
    assert isinstance(our, ours.TruncatedBody)
    assert isinstance(our, httpx.RemoteProtocolError)


def test_a_page_of_a_gateway_is_put_in_words() -> None:
    with both() as sides:
        mine = ours.Client(sides.server.base_url, trust_env=False, retries=0)
        their, our = sides.after("bad_gateway_page", whole)[0], outcome(whole, mine)
        mine.close()
    assert their.error.startswith("<")
    assert (our.error, our.status_code) == ("502 Bad Gateway", 502)


def test_what_stands_beside_an_error_is_kept(sides: Sides) -> None:
    their, our = sides.after("unauthorized", whole)
    assert their.error == our.error == "unauthorized"
    assert not hasattr(their, "details")
    assert our.details["signin_url"].startswith("https://ollama.com/connect")


def test_json_in_the_text_of_an_error_is_unwrapped(sides: Sides) -> None:
    their, our = sides.after("too_long", whole)
    assert json.loads(their.error)["error"]["message"] == our.error
    assert our.error.startswith("request (")
    assert our.details["n_ctx"]
    assert their.status_code == our.status_code == 400


def test_a_refusal_without_a_word_is_given_one(sides: Sides) -> None:
    their, our = sides.after("forbidden", whole)
    assert (their.error, our.error) == ("", "403 Forbidden")


def test_an_error_that_is_no_object(sides: Sides) -> None:
    their, our = sides.after("error_scalar", whole)
    assert isinstance(their, AttributeError)
    assert isinstance(our, ours.ResponseError)


@pytest.mark.parametrize(
    ("fault", "theirs"),
    [
        ("error_object_mid_stream", TypeError),
        ("error_number_mid_stream", TypeError),
        ("error_text_number_mid_stream", AttributeError),
        ("scalar_mid_stream", AttributeError),
        ("number_mid_stream", AttributeError),
    ],
)
def test_errors_in_the_middle_of_a_stream(sides: Sides, fault: str, theirs: type[Exception]) -> None:
    their, our = sides.after(fault, streamed)
    assert type(their) is theirs
    assert isinstance(our, ours.ResponseError)
    assert our.status_code == -1


@pytest.mark.parametrize(("fault", "theirs"), [("list_line", AttributeError), ("null_mid_stream", AttributeError)])
def test_a_line_of_another_shape(sides: Sides, fault: str, theirs: type[Exception]) -> None:
    their, our = sides.after(fault, streamed)
    assert type(their) is theirs
    assert isinstance(our, ours.MalformedLine)
    assert isinstance(our, json.JSONDecodeError)


def test_fields_of_another_kind_are_a_malformed_line_which_is_not_quoted(sides: Sides) -> None:
    line = {"message": {"role": "assistant", "content": {"secret": 1}}, "done": True}
    their, our = sides.answered(Reply([json.dumps(line).encode()]), whole)
    assert isinstance(their, ValidationError)
    assert "secret" in str(their)
    assert isinstance(our, ours.MalformedLine)
    assert "secret" not in str(our)


def test_an_error_with_status_200(sides: Sides) -> None:
    reply = Reply([b'{"error":"it fell"}'])
    their, our = sides.answered(reply, lambda client: client.generate(MODEL, "hola"), "/api/generate")
    assert isinstance(their, published.GenerateResponse)
    assert isinstance(our, ours.ResponseError)
    assert our.error == "it fell"


def test_a_reply_that_ends_without_being_done(sides: Sides) -> None:
    their, our = sides.after("no_done", streamed)
    assert words(their).startswith("Hola")
    assert isinstance(our, ours.Incomplete)
    assert our.reason == "no_done"


def test_a_whole_reply_that_is_not_done(sides: Sides) -> None:
    name = "generate_repeat_guard"
    sides.server.replay(name)
    assert recording(name).path == "/api/generate"
    their, our = (outcome(lambda c: c.generate(MODEL, "hola"), client) for client in (sides.theirs, sides.ours))
    assert their.done is False
    assert isinstance(our, ours.Incomplete)
    assert isinstance(our.response, ours.GenerateResponse)
    assert our.response.response == their.response


def test_progress_that_ends_without_success(sides: Sides) -> None:
    reply = Reply([b'{"status":"pulling manifest"}\n'])
    their, our = sides.answered(reply, lambda client: list(client.pull(MODEL, stream=True)), "/api/pull")
    assert [step.status for step in their] == ["pulling manifest"]
    assert isinstance(our, ours.Incomplete)


def test_text_that_is_not_utf_8(sides: Sides) -> None:
    their, our = sides.after("invalid_utf8", streamed)
    assert "\N{REPLACEMENT CHARACTER}" in words(their)
    assert isinstance(our, ours.InvalidUtf8)


def test_a_line_over_the_cap(sides: Sides) -> None:
    content = "a" * (8 * 1024 * 1024)
    line = {"message": {"role": "assistant", "content": content}, "done": True}
    their, our = sides.answered(Reply([json.dumps(line).encode() + b"\n"]), streamed)
    assert words(their) == content
    assert isinstance(our, ours.LineTooLong)


def test_a_body_over_the_cap(sides: Sides) -> None:
    megabytes = 65
    steps = [b'{"message":{"role":"assistant","content":"', *[b"a" * 2**20] * megabytes, b'"},"done":true}']
    their, our = sides.answered(Reply(steps), whole)
    assert len(their.message.content) == megabytes * 2**20
    assert isinstance(our, ours.LineTooLong)


def test_another_content_type(sides: Sides) -> None:
    line = json.dumps({"message": {"role": "assistant", "content": "hola"}, "done": True}).encode()
    their, our = sides.answered(Reply([line], headers={"Content-Type": "text/html"}), whole)
    assert their.message.content == our.message.content == "hola"
    their, our = sides.answered(Reply([b"<!doctype html>"], headers={"Content-Type": "text/html"}), whole)
    assert isinstance(their, json.JSONDecodeError)
    assert isinstance(our, ours.WrongContentType)


def test_wrong_arguments() -> None:
    with both() as sides:
        for call in (lambda c: c.chat("", ASK), lambda c: c.chat(MODEL, [{"content": "secret", "role": 5}])):
            their, our = outcome(call, sides.theirs), outcome(call, sides.ours)
            assert isinstance(their, ValidationError)
            assert isinstance(our, ours.RequestError)
            assert isinstance(our, ValueError)
            assert "secret" not in str(our)
        assert not sides.server.requests


def test_more_redirects_than_there_should_be() -> None:
    with both() as sides:
        reply = Reply(status=307, headers={"Location": "/api/chat"}, framing="length")
        their, our = sides.answered(reply, whole)
    assert isinstance(their, httpx.TooManyRedirects)
    assert isinstance(our, ours.ProtocolError)
    assert isinstance(our, httpx.RequestError)


@pytest.mark.parametrize(
    ("location", "theirs", "our"),
    [
        (f"http://{'a' * 300}.example/", UnicodeError, ours.ConnectionFailed),
        ("ftp://x/y", httpx.UnsupportedProtocol, ours.RequestError),
    ],
)
def test_redirects_to_where_nobody_can_go(
    sides: Sides, location: str, theirs: type[Exception], our: type[Exception]
) -> None:
    reply = Reply(status=307, headers={"Location": location}, framing="length")
    found = sides.answered(reply, whole)
    assert isinstance(found[0], theirs)
    assert isinstance(found[1], our)


@pytest.mark.parametrize("bad", [{"x-header": "two\nlines"}])
def test_what_http_does_not_allow(bad: dict[str, Any]) -> None:
    with both(headers=bad) as sides:
        their, our = outcome(whole, sides.theirs), outcome(whole, sides.ours)
    assert isinstance(their, httpx.LocalProtocolError)
    assert isinstance(our, ours.RequestError)
