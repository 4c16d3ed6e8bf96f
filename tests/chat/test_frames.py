"""Golden frames are read on both sides: here by the protocol, in tests/js by what the browser makes of them."""

from __future__ import annotations

import json
import typing
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter

from tests.live.house import ROOT
from tutor.chat import protocol
from tutor.conversations.models import CardKind
from tutor.conversations.provenance import OPEN_STATES, MadeState
from tutor.live.calls import OpenState

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


def test_states_and_cards_are_those_of_the_rows() -> None:
    """The protocol knows no rows, and spells out what they are made of."""
    assert list(typing.get_args(protocol.State)) == MadeState.values
    assert (*typing.get_args(OpenState),) == OPEN_STATES
    kinds = protocol.CardView.model_fields["kind"].annotation
    assert list(typing.get_args(kinds)) == CardKind.values
    assert all((ROOT / f"templates/chat/cards/{kind}.html").exists() for kind in CardKind.values)
