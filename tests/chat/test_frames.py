"""Golden frames are read on both sides: here by the protocol, in tests/js by what the browser makes of them."""

from __future__ import annotations

import json
import typing
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter

from tutor.chat import protocol

SAMPLES = Path(__file__).parent / "samples"
GOLDEN: list[dict[str, Any]] = json.loads((SAMPLES / "frames.json").read_text())
COMMANDS: list[dict[str, Any]] = json.loads((SAMPLES / "commands.json").read_text())
FRAMES = [pytest.param(frame, id=f"{one['name']}: {frame['type']}") for one in GOLDEN for frame in one["frames"]]
adapter: TypeAdapter[protocol.Frame] = TypeAdapter(Annotated[protocol.Frame, Field(discriminator="type")])


@pytest.mark.parametrize("frame", FRAMES)
def test_a_golden_frame_is_what_the_server_sends(frame: dict[str, Any]) -> None:
    assert adapter.validate_python(frame).model_dump(mode="json") == frame


def test_no_kind_of_frame_is_left_out() -> None:
    kinds = {one.model_fields["type"].default for one in typing.get_args(protocol.Frame)}
    assert kinds == {frame["type"] for one in GOLDEN for frame in one["frames"]}


def test_what_the_browser_sends_is_understood() -> None:
    understood = {type(protocol.command_adapter.validate_python(command)) for command in COMMANDS}
    assert understood == set(typing.get_args(protocol.Command))
