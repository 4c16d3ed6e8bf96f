"""What is offered while no engine answers: the kind of talk that the last one was good for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tutor.llm import engine_status, selection
from tutor.llm.engine_status import EngineState, EngineStatus, ModelFacts
from tutor.llm.hosts import addresses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _board_as_before() -> Iterator[None]:
    before = engine_status.engine_status()
    yield
    engine_status.publish(before)


def _picture(size: str, *, answers: bool) -> EngineStatus:
    row = next(one for one in addresses() if one.kind == "ollama")
    models = (ModelFacts("some:model", parameter_size=size),) if answers else ()
    return EngineStatus(
        (EngineState(row.pk, row.public_id, "ollama", row.base_url, 1, answers=answers, models=models),)
    )


@pytest.mark.parametrize(("size", "guided"), [("7.6B", False), ("494M", True)])
def test_a_talk_begun_in_a_pause_is_of_the_kind_the_last_model_was_good_for(size: str, *, guided: bool) -> None:
    selection.note_kind_of_talk(_picture(size, answers=True))
    engine_status.publish(_picture(size, answers=False))
    answer = selection.current_model()
    assert (answer.available, answer.guided) == (False, guided)


def test_a_house_that_never_had_a_model_offers_guided_talk() -> None:
    engine_status.publish(EngineStatus())
    assert selection.current_model().guided
