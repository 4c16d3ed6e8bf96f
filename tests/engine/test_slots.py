"""Which slot a request takes: its own talk's, or the one unused for the longest time."""

from __future__ import annotations

import pytest

from tutor.engine.slots import SMALL_LOSS_CHARACTERS, Slots

SYSTEM = {"role": "system", "content": "You are a tutor."}
OPENER = {"role": "assistant", "content": "¡Hola!"}
LONG = "palabra " * SMALL_LOSS_CHARACTERS


def message(text: str, role: str = "user") -> dict[str, str]:
    return {"role": role, "content": text}


@pytest.fixture
def slots() -> Slots:
    return Slots(2)


def named(slots: Slots, *messages: dict[str, str]) -> int | None:
    with slots.held(messages) as slot:
        return slot


def test_a_turn_goes_where_the_one_before_it_was_read(slots: Slots) -> None:
    assert named(slots, SYSTEM, message(LONG)) is None
    assert named(slots, SYSTEM, message("other " + LONG)) is None
    # Of two slots that were never used the library takes the later one first.
    assert named(slots, SYSTEM, message(LONG), message("Sí.", "assistant"), message("¿Y tú?")) == 1
    assert named(slots, SYSTEM, message("other " + LONG), message("No.", "assistant"), message("Ah.")) == 0


def test_the_same_again_goes_to_the_same_slot(slots: Slots) -> None:
    assert named(slots, SYSTEM, message(LONG)) is None
    assert named(slots, SYSTEM, message(LONG)) == 1


def test_a_talk_that_would_be_lost_is_left_alone(slots: Slots) -> None:
    for number in range(5):
        assert named(slots, SYSTEM, message(f"{number} {LONG}")) is None


def test_a_talk_that_nobody_has_answered_gives_way(slots: Slots) -> None:
    assert named(slots, SYSTEM, OPENER, message("…")) is None
    assert named(slots, SYSTEM, message("¡Buenos días!", "assistant"), message("…")) == 1


def test_nothing_in_common_is_no_reason(slots: Slots) -> None:
    assert named(slots, message("hola")) is None
    assert named(slots, message("adiós")) is None
    assert named(slots) is None


def test_a_slot_in_use_is_not_named(slots: Slots) -> None:
    talk = (SYSTEM, message(LONG))
    with slots.held(talk) as first, slots.held(talk) as second, slots.held(talk) as third:
        assert (first, second, third) == (None, None, None)
    assert named(slots, *talk) is not None


def test_a_slot_is_free_again_after_trouble(slots: Slots) -> None:
    with pytest.raises(RuntimeError), slots.held([SYSTEM, message(LONG)]):
        raise RuntimeError
    assert named(slots, SYSTEM, message(LONG)) == 1
