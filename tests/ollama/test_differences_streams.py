"""Where the streams of the published client and ours differ."""

from __future__ import annotations

import gzip
import inspect
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import ValidationError

from tests.ollama.sides import ASK, MODEL, Sides, both, streamed, words
from tutor import ollama as ours
from tutor.ollama.testing import Received, Reply
from tutor.ollama.testing.received import PATIENCE_S, until_blocking


@pytest.fixture
def sides() -> Iterator[Sides]:
    with both() as sides:
        yield sides


def test_blank_lines_are_passed_over(sides: Sides) -> None:
    their, our = sides.after("blank_lines", streamed)
    assert isinstance(their, json.JSONDecodeError)
    assert words(our) == "Hola"


def test_only_newlines_end_a_line(sides: Sides) -> None:
    their, our = sides.after("line_separators", streamed)
    assert isinstance(their, json.JSONDecodeError)
    assert words(our) == "a\u0085b\u2028c\u2029d"


def test_what_comes_after_the_end_is_not_read(sides: Sides) -> None:
    their, our = sides.after("done_early", streamed)
    assert [chunk.done for chunk in their].index(True) < len(their) - 1
    assert [chunk.done for chunk in our].index(True) == len(our) - 1
    assert len(words(our)) < len(words(their))


def test_a_last_chunk_without_a_message(sides: Sides) -> None:
    their, our = sides.after("message_missing", streamed)
    assert isinstance(their, ValidationError)
    assert words(our) == "Hola"
    assert our[-1].message.content == ""


def test_a_stream_is_an_object() -> None:
    with both() as sides:
        sides.server.say(["Ho", "la"])
        their = sides.theirs.chat(MODEL, ASK, stream=True)
        our = sides.ours.chat(MODEL, ASK, stream=True)
        assert [inspect.isgenerator(stream) for stream in (their, our)] == [True, False]
        assert isinstance(our, Iterator)
        assert not any(hasattr(their, name) for name in ("__enter__", "text_stream", "final", "partial"))
        with our as stream:
            assert "".join(stream.text_stream) == "Hola"
            assert stream.partial.message.content == "Hola"
        with sides.ours.chat(MODEL, ASK, stream=True) as stream:
            assert stream.final().message.content == "Hola"


def _first_of(stream: Any, kept: list[Any]) -> None:
    kept.append(stream)
    for _ in stream:
        return


def test_leaving_the_block_stops_the_server() -> None:
    with both() as sides:
        sides.server.fault("endless")
        kept: list[Any] = []
        _first_of(sides.theirs.chat(MODEL, ASK, stream=True), kept)
        with sides.ours.chat(MODEL, ASK, stream=True) as stream:
            _first_of(stream, kept)
        sides.server.wait_requests_blocking(2)
        their, our = sides.server.requests
        _until_over(our)
        assert our.hung_up
        assert not their.hung_up
        kept[0].close()
        _until_over(their)


def _until_over(received: Received) -> None:
    until_blocking(lambda: received.over)


def test_another_thread_may_stop_a_stream_that_waits() -> None:
    with both() as sides, ThreadPoolExecutor(2) as pool:
        sides.server.fault("hang_before_first_token")
        their: Any = sides.theirs.chat(MODEL, ASK, stream=True)
        our = sides.ours.chat(MODEL, ASK, stream=True)
        readers = [pool.submit(list, stream) for stream in (their, our)]
        sides.server.wait_requests_blocking(2)
        with pytest.raises(ValueError, match="already executing"):
            their.close()
        our.close()
        assert readers[1].result(PATIENCE_S) == []
        assert not readers[0].done()
        sides.server.call(sides.server.stop())
        assert readers[0].exception(PATIENCE_S)


@pytest.mark.usefixtures("_unhurried")
def test_a_loop_that_is_left_at_the_end_keeps_its_connection() -> None:
    with both() as sides:
        for _ in range(3):
            _read_until_done(sides.theirs.chat(MODEL, ASK, stream=True))
            with sides.ours.chat(MODEL, ASK, stream=True) as stream:
                _read_until_done(stream)
        ports = [received.client_port for received in sides.server.requests]
        assert len(set(ports[0::2])) == 3
        assert len(set(ports[1::2])) == 1


def _read_until_done(stream: Any) -> None:
    for chunk in stream:
        if chunk.done:
            break


def test_compressed_replies_are_refused(sides: Sides) -> None:
    line = json.dumps({"message": {"role": "assistant", "content": "hola"}, "done": True}).encode()
    headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
    their, our = sides.answered(Reply([gzip.compress(line)], headers=headers), streamed)
    assert words(their) == "hola"
    assert isinstance(our, ours.WrongContentType)
    their_headers, our_headers = (received.headers for received in sides.server.requests)
    assert "gzip" in their_headers["accept-encoding"]
    assert our_headers["accept-encoding"] == "identity"
