"""What is offered while no engine answers: the kind of talk that the last one was good for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tutor.catalogue import board, choice
from tutor.catalogue.board import Board, EngineState, ModelFacts
from tutor.catalogue.hosts import addresses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _board_as_before() -> Iterator[None]:
    before = board.board()
    yield
    board.put_up(before)


def _picture(size: str, *, answers: bool) -> Board:
    row = next(one for one in addresses() if one.kind == "ollama")
    models = (ModelFacts("some:model", parameter_size=size),) if answers else ()
    return Board((EngineState(row.pk, row.public_id, "ollama", row.base_url, 1, answers=answers, models=models),))


@pytest.mark.parametrize(("size", "guided"), [("7.6B", False), ("494M", True)])
def test_a_talk_begun_in_a_pause_is_of_the_kind_the_last_model_was_good_for(size: str, *, guided: bool) -> None:
    choice.note_kind_of_talk(_picture(size, answers=True))
    board.put_up(_picture(size, answers=False))
    answer = choice.answering()
    assert (answer.available, answer.guided) == (False, guided)


def test_a_house_that_never_had_a_model_offers_guided_talk() -> None:
    board.put_up(Board())
    assert choice.answering().guided
