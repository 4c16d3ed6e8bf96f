"""The history that goes to the model: it fits, it is a stable prefix, and it is cut rarely."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.dialogue.types import Budget, Message, MessageTooLong
from tutor.dialogue.window import (
    MARGIN_TOKENS,
    TOKENS_AROUND_A_MESSAGE,
    calibrated,
    fits,
    fitted,
    room_for_talk,
    tokens,
)

SYSTEM: Message = {"role": "system", "content": "You are a patient language tutor. " * 5}
BUDGET = Budget(num_ctx=1024, num_predict=128)


def user(text: str) -> Message:
    return {"role": "user", "content": text}


def tutor(text: str) -> Message:
    return {"role": "assistant", "content": text}


lengths = st.lists(st.tuples(st.integers(1, 400), st.integers(0, 300)), min_size=1, max_size=60)


def talk_of(turns: list[tuple[int, int]]) -> list[Message]:
    """An opener, then learner and tutor in turn; a reply of no length is one that failed."""
    talk = [tutor("Hello! How are you?")]
    for number, (asked, answered) in enumerate(turns):
        talk.append(user(f"{number}:" + "x" * asked))
        if answered:
            talk.append(tutor(f"{number}:" + "y" * answered))
    return talk


def requests(talk: list[Message], budget: Budget = BUDGET) -> list[list[Message]]:
    asked = (place for place, message in enumerate(talk) if message["role"] == "user")
    return [fitted(SYSTEM, talk[: place + 1], budget) for place in asked]


def cost(messages: list[Message]) -> int:
    return sum(tokens(message["content"]) + TOKENS_AROUND_A_MESSAGE for message in messages)


def begins_with(after: list[Message], before: list[Message]) -> bool:
    """Also where the last message was joined by another one of the same speaker."""
    *earlier, last = before
    return after[: len(earlier)] == earlier and after[len(earlier)]["content"].startswith(last["content"])


@given(lengths)
def test_every_request_fits_and_ends_with_the_newest_learner_message(turns: list[tuple[int, int]]) -> None:
    talk = talk_of(turns)
    newest = [message for message in talk if message["role"] == "user"]
    for sent, asked in zip(requests(talk), newest, strict=True):
        assert sent[0] == SYSTEM
        assert sent[-1]["role"] == "user"
        assert sent[-1]["content"].endswith(asked["content"])
        assert cost(sent) <= BUDGET.num_ctx - BUDGET.num_predict - MARGIN_TOKENS


@given(lengths)
def test_requests_are_a_chain_of_prefixes_except_at_cuts_and_cuts_are_rare(
    turns: list[tuple[int, int]],
) -> None:
    sent = requests(talk_of(turns))
    cuts = 0
    for before, after in pairwise(sent):
        if begins_with(after, before):
            continue
        cuts += 1
        room = BUDGET.num_ctx - BUDGET.num_predict - MARGIN_TOKENS - cost([SYSTEM])
        assert cost(after[1:]) <= room // 2 or len(after) == 2
    grown = sum(asked + answered for asked, answered in turns)
    assert cuts <= 1 + grown // 400


@given(lengths)
def test_a_cut_stays_where_it_is_until_the_next_one(turns: list[tuple[int, int]]) -> None:
    starts = [sent[1]["content"] for sent in requests(talk_of(turns))]
    assert sum(a != b for a, b in pairwise(starts)) == len(set(starts)) - 1


@given(lengths)
def test_the_same_talk_gives_the_same_request(turns: list[tuple[int, int]]) -> None:
    talk = talk_of(turns)
    assert fitted(SYSTEM, talk, BUDGET) == fitted(SYSTEM, list(talk), BUDGET)


def test_after_a_cut_the_history_begins_with_a_learner() -> None:
    sent = requests(talk_of([(300, 200)] * 30))[-1]
    assert sent[1]["role"] == "user"
    assert len(sent) > 2


@given(lengths)
def test_roles_take_turns_and_begin_with_a_user(turns: list[tuple[int, int]]) -> None:
    for sent in requests(talk_of(turns)):
        roles = [message["role"] for message in sent]
        assert roles == ["system", *("user", "assistant") * (len(roles) // 2 - 1), "user"]
        assert all(message["content"].strip() for message in sent)


def test_what_one_speaker_said_in_a_row_is_one_message() -> None:
    sent = fitted(SYSTEM, [tutor("Hi!"), user("one"), user("two")], BUDGET)
    assert sent == [SYSTEM, user("…"), tutor("Hi!"), user("one\n\ntwo")]


@pytest.mark.parametrize("text", ["word " * 3000, "字" * 8000, "слово " * 2000])
def test_a_message_that_does_not_fit_is_refused_and_never_shortened(text: str) -> None:
    with pytest.raises(MessageTooLong):
        fitted(SYSTEM, [user("Hi."), tutor("Hi!"), user(text)], BUDGET)
    assert not fits(text, SYSTEM, BUDGET)


def test_what_fits_is_sent_whole_whatever_stood_before_it() -> None:
    room = room_for_talk(SYSTEM, BUDGET) - TOKENS_AROUND_A_MESSAGE
    longest = "x" * (3 * room)
    assert fits(longest, SYSTEM, BUDGET)
    assert not fits(longest + "x", SYSTEM, BUDGET)
    assert fitted(SYSTEM, [user("Hi."), tutor("Hi!"), user(longest)], BUDGET)[-1] == user(longest)


def test_an_older_message_that_would_not_fit_any_more_is_left_out() -> None:
    sent = fitted(SYSTEM, [user("x" * 9000), tutor("Long!"), user("Yes.")], BUDGET)
    assert sent == [SYSTEM, user("Yes.")]


def test_a_hopeless_budget_still_sends_the_newest_message() -> None:
    sent = fitted(SYSTEM, [user("Hello"), tutor("Hi"), user("How are you?")], Budget(64, 60))
    assert sent[-1] == user("How are you?")


def test_scripts_weigh_differently() -> None:
    assert tokens("x" * 30) == 10
    assert tokens("我" * 10) == 10
    assert tokens("д" * 30) == 15


@given(st.sampled_from([2.0, 2.5, 3.0, 4.0]), st.lists(st.integers(40, 300), min_size=3, max_size=9))
def test_calibration_finds_the_ratio_that_the_engine_counts_with(ratio: float, sizes: list[int]) -> None:
    messages = [user("x" * size) for size in sizes]
    counted = round(sum(sizes) / ratio) + TOKENS_AROUND_A_MESSAGE * len(messages)
    assert calibrated(messages, counted) == pytest.approx(ratio, rel=0.05)


def test_a_count_that_says_nothing_leaves_the_ratio_as_it_was() -> None:
    assert calibrated([user("Hello")], 0) == 3.0
    assert calibrated([user("Hello")], 0, 4.2) == 4.2


@given(st.floats(1.2, 4.8), st.lists(st.floats(-0.13, 0.13), min_size=10, max_size=40))
def test_counts_that_go_up_and_down_a_little_soon_move_nothing(about: float, swings: list[float]) -> None:
    known, estimates = 3.0, [tokens("x" * 9000)]
    for swing in swings:
        known = calibrated([user("x" * 9000)], round(9000 / (about + swing)) + TOKENS_AROUND_A_MESSAGE, known)
        estimates.append(tokens("x" * 9000, known))
    assert sum(a != b for a, b in pairwise(estimates)) <= 2


@given(st.floats(1.1, 4.9), st.floats(1.0, 5.0))
def test_no_ratio_is_kept_that_promises_more_room_than_was_counted(ratio: float, known: float) -> None:
    counted = round(9000 / ratio)
    assert tokens("x" * 9000, calibrated([user("x" * 9000)], counted + TOKENS_AROUND_A_MESSAGE, known)) >= counted - 1


def test_a_calibration_that_hardly_moves_does_not_move_the_cut() -> None:
    talk = talk_of([(200, 200)] * 30)[:-1]
    sent = [fitted(SYSTEM, talk, Budget(1024, 128, ratio)) for ratio in (3.0, 3.1, 3.3, 3.49)]
    assert all(one == sent[0] for one in sent)
