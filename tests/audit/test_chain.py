"""The chain of what was done with rights: whole while untouched, broken at the first thing that was changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tutor.audit import chain
from tutor.audit.models import AuditEvent

quickly = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DEEDS = st.lists(st.tuples(st.sampled_from(["ada", "clara", ""]), st.text(max_size=20)), min_size=1, max_size=8)


@contextmanager
def undone() -> Iterator[None]:
    """An example's rows go away with it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@given(
    deeds=DEEDS, where=st.integers(0, 7), how=st.sampled_from(["what", "subject", "actor", "happened", "hash", "gone"])
)
@quickly
def test_whatever_is_changed_breaks_the_chain_there(
    cast: Cast, deeds: list[tuple[str, str]], where: int, how: str
) -> None:
    with undone():
        events = [chain.record(cast.people.get(who), what) for who, what in deeds]
        assert chain.broken_at() is None
        index = where % len(events)
        _change(events[index], how)
        broken = chain.broken_at()
        last = index == len(events) - 1
        if how == "gone":
            # The last one gone is what no chain can show by itself.
            assert (broken is None) == last
        else:
            assert broken is not None
            assert broken.pk == events[index].pk


def _change(event: AuditEvent, how: str) -> None:
    row = AuditEvent.objects.filter(pk=event.pk)
    match how:
        case "gone":
            row.delete()
        case "actor":
            row.update(actor=uuid4())
        case "happened":
            row.update(happened=event.happened + timedelta(microseconds=1))
        case _:
            row.update(**{how: f"x{getattr(event, how)}"[:60]})


@pytest.mark.usefixtures("db")
def test_erasing_a_person_leaves_the_chain_whole(cast: Cast) -> None:
    chain.record(cast.ada, "person.invited", cast.ben.public_id)
    chain.record(cast.ben, "password.changed", cast.ben.public_id)
    cast.ben.delete()
    cast.ada.delete()
    assert chain.broken_at() is None
    kept = str(list(AuditEvent.objects.values()))
    assert "Ben" not in kept
    assert "ada" not in kept.lower().split("'")
