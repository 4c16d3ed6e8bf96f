"""Real streams through the decoder: cut at every byte, and broken in every way."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.ollama.broken import PATHS, STREAMS, mutated
from tutor.ollama import ChatResponse, GenerateResponse, OllamaError, ProgressResponse
from tutor.ollama.accumulation import ChatAccumulation, GenerateAccumulation, ProgressAccumulation
from tutor.ollama.testing import recording
from tutor.ollama.wire import StreamDecoder

SEED = 11


def decoder_for(name: str) -> StreamDecoder[Any]:
    match recording(name).path:
        case "/api/chat":
            return StreamDecoder(ChatResponse, is_last=ChatAccumulation().add)
        case "/api/generate":
            return StreamDecoder(GenerateResponse, is_last=GenerateAccumulation().add)
    return StreamDecoder(ProgressResponse, is_last=ProgressAccumulation().add)


def outcome(name: str, pieces: list[bytes]) -> tuple[list[Any], str]:
    """What the stream of this recording's kind comes to: the objects, and the error that ends them."""
    decoder, found = decoder_for(name), []
    try:
        for piece in pieces:
            decoder.feed(piece)
            while (chunk := decoder.next()) is not None:
                found.append(chunk)
        decoder.finish()
        while (chunk := decoder.next()) is not None:
            found.append(chunk)
    except OllamaError as error:
        return found, repr(error)
    return found, ""


def test_there_are_streams_of_each_kind() -> None:
    assert len(STREAMS) > 30
    assert {recording(name).path for name in STREAMS} == set(PATHS)


@pytest.mark.parametrize("name", STREAMS)
def test_a_cut_anywhere_changes_nothing(name: str) -> None:
    data = recording(name).content
    whole = outcome(name, [data])
    assert len(whole[0]) + bool(whole[1]) == data.count(b"\n")
    # What stands more than two lines from a cut cannot tell where it is.
    lines = data.splitlines(keepends=True)
    for first in range(len(lines)):
        near = lines[first : first + 3]
        part = b"".join(near)
        expected = outcome(name, near)
        for at in range(len(near[0]) + 1):
            assert outcome(name, [part[:at], part[at:]]) == expected, at
    assert outcome(name, [data[i : i + 1] for i in range(len(data))]) == whole


@pytest.mark.parametrize("part", range(4))
def test_mutated_streams_end_in_typed_outcomes_only(part: int) -> None:
    rng = random.Random(SEED + part)
    for _ in range(1000):
        name = rng.choice(STREAMS)
        data = mutated(rng, recording(name).content)
        at = rng.randrange(len(data) + 1)
        # Anything but an OllamaError would come through.
        assert outcome(name, [data[:at], data[at:]]) == outcome(name, [data])
