"""A prepared statement says what its queryset would say, whoever asks, with whatever values."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tests.cast import Cast
from tutor.accounts.models import User
from tutor.classrooms.models import Membership, Study
from tutor.prepared import Prepared, PreparedUpdate, Slot, insert

_people = Prepared(lambda: User.objects.filter(username=Slot("name")))
_members = Prepared(
    lambda: Membership.objects.filter(person=Slot("person"), since__lte=Slot("now")).select_related("classroom")
)
_since = Prepared(
    lambda: Membership.objects.filter(since__gt=Slot("since")).values_list("public_id", flat=True).order_by("pk")
)
_learning = Prepared(
    lambda: (
        User.objects.filter(public_id=Slot("public_id"))
        .annotate(learns=Exists(Study.objects.filter(learner=OuterRef("pk"))))
        .values_list("username", "learns")
    )
)
_rename = PreparedUpdate(lambda: User.objects.filter(pk=Slot("pk")), "name", "date_joined")


def test_rows_are_the_querysets_own(cast: Cast) -> None:
    ana, now = cast.people["ana"], timezone.now()
    assert _people.first(name="ana") == ana
    assert _people.first(name="nobody") is None
    ours = _members.all(person=ana.pk, now=now)
    theirs = list(Membership.objects.filter(person=ana, since__lte=now).select_related("classroom"))
    assert ours == theirs
    assert [vars(one.classroom)["name"] for one in ours] == [one.classroom.name for one in theirs]
    assert _learning.first(public_id=ana.public_id) == ("ana", Study.objects.filter(learner=ana).exists())


def test_moments_are_compared_as_moments(cast: Cast) -> None:
    now = timezone.now()
    for since in (now - timedelta(days=4000), now - timedelta(days=10), now + timedelta(days=1)):
        found = Membership.objects.filter(since__gt=since).values_list("public_id", flat=True).order_by("pk")
        assert _since.all(since=since) == list(found)


def test_changes_are_counted(cast: Cast) -> None:
    ana, joined = cast.people["ana"], timezone.now()
    assert _rename.run(pk=ana.pk, name="Änn%", date_joined=joined) == 1
    assert _rename.run(pk=-1, name="Änn%", date_joined=joined) == 0
    ana.refresh_from_db()
    assert (ana.name, ana.date_joined) == ("Änn%", joined)
    people = [ana, cast.people["ben"]]
    _rename.run_many({"pk": one.pk, "name": one.username.upper(), "date_joined": joined} for one in people)
    assert {one.name for one in User.objects.filter(date_joined=joined)} == {"ANA", "BEN"}


def test_a_new_row_is_as_saved(cast: Cast) -> None:
    study = Study(learner=cast.people["ana"], language="eo", level="B1")
    insert(study)
    assert Study.objects.get(pk=study.pk) == study
    assert vars(Study.objects.get(pk=study.pk)) | {"_state": None} == {
        name: value for name, value in vars(study).items() if name != "_state"
    } | {"_state": None}
    study.goal = "saludar"
    study.save()
    assert Study.objects.filter(language="eo").count() == 1


@pytest.mark.django_db(transaction=True)
def test_threads_share_no_values(cast: Cast) -> None:
    names = ["ana", "ben", "clara", "nobody"] * 25

    def ask(name: str) -> bool:
        found = _people.first(name=name)
        return found is None if name == "nobody" else found is not None and found.username == name

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(ask, names))
        list(threads.map(lambda _: connections.close_all(), range(4)))


def test_a_value_that_is_missing_is_no_null(cast: Cast) -> None:
    with pytest.raises(KeyError):
        _learning.first(name=uuid.uuid4())
