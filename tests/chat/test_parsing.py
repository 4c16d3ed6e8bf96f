"""From bytes to a command or a reason why not: nothing that a browser can send raises anything else."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.chat.backpressure import CLOSE_BYTES, PAUSE_BYTES, Backpressure
from tutor.chat.parsing import NotUnderstoodError, parse_command
from tutor.chat.protocol import FRAME_BYTES, Command, Send, command_adapter
from tutor.chat.rate_limit import BAD_FRAMES, FRAMES_A_SECOND, HASTY_FRAMES, FrameRateLimit

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
ALMOST = st.fixed_dictionaries(
    {"type": st.sampled_from(["subscribe", "send", "stop", "retry", "resume", "ack", "ping", "turn", ""])},
    optional=dict.fromkeys(("conversation", "client_id", "text", "reply", "after", "received", "seq"), JSON),
)


def outcome(sent: str | bytes | None) -> Command | NotUnderstoodError:
    try:
        return parse_command(sent)
    except NotUnderstoodError as refusal:
        return refusal


@given(st.one_of(st.text(), st.binary(), st.none(), JSON.map(json.dumps), ALMOST.map(json.dumps)))
def test_anything_is_a_command_or_refused(sent: str | bytes | None) -> None:
    understood = outcome(sent)
    if isinstance(understood, NotUnderstoodError):
        assert understood.code in {"bad_frame", "too_long"}
    else:
        assert command_adapter.validate_json(understood.model_dump_json()) == understood


@given(st.text(min_size=1, max_size=200))
def test_a_message_arrives_as_it_was_typed(text: str) -> None:
    client_id, conversation = uuid4(), uuid4()
    command = Send.model_construct(type="send", conversation=conversation, client_id=client_id, text=text)
    sendable = "\0" not in text and bool(text.strip())
    understood = outcome(command.model_dump_json())
    if sendable:
        assert understood == command
    else:
        assert isinstance(understood, NotUnderstoodError)
        assert understood.client_id == client_id


@pytest.mark.parametrize(("characters", "code"), [(8_000, None), (8_001, "too_long"), (FRAME_BYTES, "bad_frame")])
def test_the_length_of_a_message(characters: int, code: str | None) -> None:
    frame = {"type": "send", "conversation": str(uuid4()), "client_id": str(uuid4()), "text": "a" * characters}
    if code is None:
        assert isinstance(parse_command(json.dumps(frame)), Send)
        return
    with pytest.raises(NotUnderstoodError) as refused:
        parse_command(json.dumps(frame))
    assert refused.value.code == code


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 400_000)), max_size=30))
def test_what_is_unread_decides(steps: list[tuple[bool, int]]) -> None:
    flow = Backpressure()
    for sends, size in steps:
        if sends:
            flow.note(size)
        else:
            flow.acknowledge(flow.taken + size)
        assert 0 <= flow.unread <= flow.sent
        assert flow.must_pause == (flow.unread > PAUSE_BYTES)
        assert flow.hopeless or flow.unread <= CLOSE_BYTES
    flow.acknowledge(1 << 60)
    assert (flow.unread, flow.must_pause, flow.hopeless) == (0, False, False)


def test_an_acknowledgement_takes_nothing_back() -> None:
    flow = Backpressure()
    flow.note(100)
    flow.acknowledge(60)
    flow.acknowledge(10)
    assert flow.unread == 40


def test_manners() -> None:
    manners = FrameRateLimit()
    assert [manners.too_fast() for _ in range(FRAMES_A_SECOND + 1)] == [False] * FRAMES_A_SECOND + [True]
    patience = []
    for _ in range(BAD_FRAMES):
        manners.note_bad()
        patience.append(not manners.hopeless)
    assert patience == [True] * (BAD_FRAMES - 1) + [False]
    hasty = FrameRateLimit()
    for _ in range(FRAMES_A_SECOND + HASTY_FRAMES):
        hasty.too_fast()
    assert hasty.hopeless
