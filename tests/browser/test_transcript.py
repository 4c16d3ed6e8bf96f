"""What the page knows, as a function of the frames that came: dropped, doubled, late, out of step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from tests.live.house import House
from tutor.chat.protocol import Accepted, Bye, Delta, Pong, Progress, Refused, ReplyView, Subscribed, TurnView

pytestmark = pytest.mark.browser
TALK, TURN, REPLY, OTHER = (UUID(int=number) for number in range(1, 5))
TEXT = "¡Muy bien! ¿Qué comiste ayer? 👩‍👩‍👧 Cuéntame."

RUN = """async (frames) => {
  const address = document.querySelector('script[src*="js/chat/talk.js"]').src.replace('talk.js', 'transcript.js');
  const {apply, subscription, transcriptOf, growing} = await import(address);
  let transcript = transcriptOf(frames.conversation, []);
  const gaps = [];
  for (const frame of frames.frames) {
    const before = JSON.stringify(transcript);
    const step = apply(transcript, frame);
    if (JSON.stringify(transcript) !== before) throw new Error('an argument was changed');
    transcript = step.transcript;
    gaps.push(step.gap);
  }
  return {transcript, gaps, next: subscription(transcript),
          growing: growing(transcript) !== null};
}"""


@pytest.fixture(scope="module")
def page_of_talk(one_house: House, browser: Any) -> Iterator[Page]:
    house = one_house
    with browser.new_context() as context:
        context.add_cookies([{"name": "sessionid", "value": house.sessions["ana"], "url": house.url}])
        page: Page = context.new_page()
        page.goto(f"{house.url}/talk/{house.conversations['ana'][0]}/")
        yield page


@pytest.fixture(scope="module")
def told(page_of_talk: Page) -> Any:
    return lambda *frames: page_of_talk.evaluate(
        RUN, {"conversation": str(TALK), "frames": [frame.model_dump(mode="json") for frame in frames]}
    )


def reply(seq: int = 0, state: str = "running", epoch: int = 1, attempt: int = 1, **more: Any) -> ReplyView:
    values: dict[str, Any] = {"text": TEXT[:seq], "can": ("stop",) if state == "running" else ("copy", "report")}
    if attempt > 1:
        values["reply"] = OTHER
    values = (
        {"reply": REPLY, "turn": TURN, "attempt": attempt, "epoch": epoch, "seq": seq, "state": state} | values | more
    )
    return ReplyView(**values)


def turn(ordinal: int = 1, **more: Any) -> TurnView:
    values = {
        "conversation": TALK,
        "turn": TURN,
        "ordinal": ordinal,
        "client_id": None,
        "text": "Hola",
        "reply": reply(),
    }
    return TurnView(**(values | more))


def delta(after: int, seq: int, epoch: int = 1, **more: Any) -> Delta:
    return Delta(**({"reply": REPLY, "epoch": epoch, "after": after, "seq": seq, "text": TEXT[after:seq]} | more))


def text_of(outcome: Any) -> str:
    return str(outcome["transcript"]["turns"][-1]["reply"]["text"])


Told = Callable[..., Any]


def test_deltas_add_up(told: Told) -> None:
    outcome = told(turn(), delta(0, 5), delta(5, 11), reply(11, "done", text=TEXT[:11], html="<p>x</p>"))
    assert text_of(outcome) == TEXT[:11]
    assert outcome["gaps"] == [False] * 4
    assert not outcome["growing"]


def test_a_missing_piece_is_a_gap_and_changes_nothing(told: Told) -> None:
    outcome = told(turn(), delta(0, 5), delta(7, 9))
    assert outcome["gaps"][-1]
    assert text_of(outcome) == TEXT[:5]
    assert outcome["next"] == {"type": "subscribe", "conversation": str(TALK), "after": 1}


def test_a_reply_nobody_has_told_of_is_a_gap(told: Told) -> None:
    assert told(turn(), delta(0, 5, reply=OTHER))["gaps"] == [False, True]
    assert told(reply())["gaps"] == [True]


def test_an_earlier_attempt_or_epoch_is_ignored(told: Told) -> None:
    outcome = told(turn(), reply(8, epoch=2), delta(8, 9, epoch=1), reply(3, epoch=1))
    assert text_of(outcome) == TEXT[:8]
    outcome = told(turn(), reply(0, attempt=2), reply(5, "done", text="x"))
    assert text_of(outcome) == ""


def test_how_it_ended_counts_even_with_fewer_words(told: Told) -> None:
    outcome = told(turn(), delta(0, 9), reply(5, "interrupted"), delta(9, 11), turn(reply=reply(9)))
    assert text_of(outcome) == TEXT[:5]
    assert not outcome["growing"]


def test_only_the_last_turn_can_be_tried_again(told: Told) -> None:
    failed = reply(4, "failed", can=("copy", "resume", "retry"))
    outcome = told(turn(reply=failed), turn(2, turn=OTHER, reply=reply(turn=OTHER, reply=OTHER)))
    assert outcome["transcript"]["turns"][0]["reply"]["can"] == ["copy"]


def test_a_place_in_the_queue_goes_when_words_come(told: Told) -> None:
    queued = Progress(reply=REPLY, epoch=1, state="queued", place=3, seconds=20)
    assert told(turn(), queued)["transcript"]["turns"][0]["reply"]["place"] == 3
    outcome = told(turn(), queued, delta(0, 4))["transcript"]["turns"][0]["reply"]
    assert (outcome["place"], outcome["state"], outcome["reading"]) == (None, "running", False)


def test_other_frames_change_nothing(told: Told) -> None:
    frames = [
        Accepted(client_id=OTHER, turn=TURN),
        Refused(code="busy", message="x"),
        Pong(),
        Bye(code=4012, message="x"),
        Subscribed(conversation=OTHER, model="m", guided=True, busy=False),
        turn(conversation=OTHER),
    ]
    assert told(*frames)["transcript"] == {"conversation": str(TALK), "turns": [], "answering": None}


PENDING = """async (given) => {
  const address = document.querySelector('script[src*="js/chat/talk.js"]').src;
  const {apply, transcriptOf} = await import(address.replace('talk.js', 'transcript.js'));
  const {PendingAction} = await import(address.replace('talk.js', 'pending-action.js'));
  let [open, transcript] = [true, transcriptOf(given.conversation, [])];
  const [sent, said] = [[], []];
  const send = (command) => open && sent.push(command.type) > 0;
  const pending = new PendingAction({send, say: (words) => said.push(words)});
  for (const step of given.steps) {
    if (step === 'away' || step === 'back') [open] = [step === 'back', pending.doubt()];
    else if (step === 'caught up') pending.again(transcript);
    else if (typeof step === 'string') pending.ask({type: step, reply: given.reply}, transcript);
    else {
      transcript = apply(transcript, step).transcript;
      pending.look(transcript);
    }
  }
  return {sent, said};
}"""
ENDED = turn(reply=reply(4, "stopped", can=("copy", "resume", "retry")))
TRIED = turn(reply=reply(0, "queued", attempt=2, can=("stop",)))
WENT_ON = turn(reply=reply(6, "interrupted", epoch=2, can=("copy", "resume", "retry")))
GROWN = turn(reply=reply(8))


@pytest.mark.parametrize(
    ("steps", "sent", "waits"),
    [
        ([ENDED, "retry", "retry"], ["retry"], False),
        ([ENDED, "away", "retry", "retry", "back", "caught up"], ["retry"], False),
        ([ENDED, "away", "retry", "back", "caught up", TRIED, "caught up"], ["retry"], False),
        ([ENDED, "away", "retry", "resume", "back", "caught up"], ["resume"], False),
        ([ENDED, "away", "retry"], [], True),
        ([ENDED, "away", "retry", "back", TRIED, "caught up"], [], False),
        ([ENDED, "resume", "away", "back", WENT_ON, "caught up"], ["resume"], False),
        ([ENDED, "resume", "away", "back", ENDED, "caught up"], ["resume", "resume"], False),
        ([turn(), "away", "stop", "back", GROWN, "caught up"], ["stop"], False),
        ([turn(), "away", "stop", "back", ENDED, "caught up"], [], False),
    ],
)
def test_what_was_asked_for_outlives_the_connection(
    page_of_talk: Page, steps: list[Any], sent: list[str], waits: bool
) -> None:
    plain = [step if isinstance(step, str) else step.model_dump(mode="json") for step in steps]
    told = page_of_talk.evaluate(PENDING, {"conversation": str(TALK), "reply": str(REPLY), "steps": plain})
    assert told["sent"] == sent
    assert bool(told["said"] and told["said"][-1]) == waits


def test_what_is_read_out_does_not_tick(page_of_talk: Page) -> None:
    words = """async (reply) => {
      const address = document.querySelector('script[src*="js/chat/talk.js"]').src.replace('talk.js', 'messages.js');
      const {spokenStatus} = await import(address);
      return ['connecting', 'open', 'offline'].map((connection) => spokenStatus(reply, connection));
    }"""
    queued = reply(0, "queued", place=3, seconds=20).model_dump(mode="json")
    offline = "You are offline. What you write stays here."
    assert page_of_talk.evaluate(words, queued) == ["", "Number 3 in line", offline]
    assert page_of_talk.evaluate(words, ENDED.reply.model_dump(mode="json")) == ["", "", offline]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cuts=st.lists(st.integers(1, len(TEXT) - 1), max_size=8),
    lost=st.sets(st.integers(0, 9)),
    doubled=st.sets(st.integers(0, 9)),
)
def test_whatever_is_lost_or_doubled_a_snapshot_makes_it_whole(
    told: Told, cuts: list[int], lost: set[int], doubled: set[int]
) -> None:
    ends = [0, *sorted(set(cuts)), len(TEXT)]
    pieces = [delta(a, b) for a, b in pairwise(ends)]
    sent = [piece for place, piece in enumerate(pieces) if place not in lost for _ in range(1 + (place in doubled))]
    outcome = told(turn(), *sent)
    assert TEXT.startswith(text_of(outcome))
    assert any(outcome["gaps"]) == _later_sent(lost, len(pieces))
    whole = told(turn(), *sent, reply(len(TEXT), text=TEXT), *sent)
    assert text_of(whole) == TEXT


def _later_sent(lost: set[int], pieces: int) -> bool:
    first = min(lost & set(range(pieces)), default=pieces)
    return any(place not in lost for place in range(first + 1, pieces))
