"""The browser's description of the frames says the same as the protocol."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from tutor.chat import protocol

WRITTEN = (Path(__file__).parents[2] / "static/js/chat/frames.d.ts").read_text()
FRAMES = {
    "ReplyFrame": protocol.ReplyView,
    "TurnFrame": protocol.TurnView,
    "DeltaFrame": protocol.Delta,
    "ProgressFrame": protocol.Progress,
    "SubscribedFrame": protocol.Subscribed,
    "AcceptedFrame": protocol.Accepted,
    "RefusedFrame": protocol.Refused,
    "PongFrame": protocol.Pong,
    "ByeFrame": protocol.Bye,
}


def written(name: str) -> dict[str, str]:
    body = re.search(rf"interface {name} {{(.*?)}}", WRITTEN, re.DOTALL)
    assert body is not None, name
    return dict(re.findall(r"(\w+): (.+?);", body[1]))


@pytest.mark.parametrize(("name", "frame"), FRAMES.items(), ids=list(FRAMES))
def test_a_frame_has_the_fields_it_is_said_to_have(name: str, frame: type[BaseModel]) -> None:
    fields = written(name)
    assert set(fields) == set(frame.model_fields)
    for field, annotated in frame.model_fields.items():
        assert ("null" in fields[field]) == ("None" in str(annotated.annotation)), field
        literal = re.findall(r"'(\w+)'", str(annotated.annotation)) if "Literal" in str(annotated.annotation) else []
        assert set(literal) <= set(re.findall(r'"(\w+)"', fields[field] + aliases(fields[field]))), field


def aliases(written_type: str) -> str:
    names = re.findall(r"\b[A-Z]\w+\b", written_type)
    return " ".join(found for name in names for found in re.findall(rf"type {name} = (.+?);", WRITTEN))


def test_no_frame_is_left_out() -> None:
    models = {one for one in vars(protocol).values() if isinstance(one, type) and issubclass(one, BaseModel)}
    commands = {
        protocol.Subscribe, protocol.Send, protocol.Stop, protocol.Retry, protocol.Resume, protocol.Ack, protocol.Ping
    }  # fmt: skip
    assert models - commands - set(FRAMES.values()) == {BaseModel, protocol._Frame}
