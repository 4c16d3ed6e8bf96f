"""Studies, memberships and invitations below the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.accounts.doors import at_once, uses_left
from tests.cast import Cast, gather
from tutor.accounts.services import LinkEnded
from tutor.audit import chain
from tutor.classrooms import selectors, services
from tutor.classrooms.models import Classroom, Membership


def test_memberships_count_only_while_they_hold(cast: Cast) -> None:
    assert [row.classroom for row in selectors.student_memberships(cast.ana)] == [cast.claras_class]
    assert list(selectors.student_memberships(cast.max)) == []
    assert list(selectors.student_memberships(cast.clara)) == []
    Membership.objects.filter(person=cast.ben).update(since=timezone.now() + timedelta(days=1))
    assert list(selectors.student_memberships(cast.ben)) == []


def test_a_join_that_fails_leaves_the_link_as_it_was(cast: Cast) -> None:
    _link, token = services.invite(cast.claras_class, "teacher", by=cast.clara)
    cast.claras_class.delete()
    with pytest.raises(LinkEnded):
        services.join(token, cast.emil)
    assert uses_left(token) == 1


def test_the_last_teacher_stays_until_another_one_is_there(cast: Cast) -> None:
    claras = Membership.objects.get(person=cast.clara)
    with pytest.raises(services.LastTeacher):
        services.end_membership(claras, actor=cast.ada)
    services.begin_membership(cast.dora, cast.claras_class, "teacher", actor=cast.clara)
    services.end_membership(claras, actor=cast.clara)
    assert list(selectors.teachers_of(cast.claras_class)) == [cast.dora]


def test_ending_twice_keeps_the_first_date(cast: Cast) -> None:
    services.end_membership(cast.anas_membership, actor=cast.clara)
    cast.anas_membership.refresh_from_db()
    first = cast.anas_membership.until
    services.end_membership(cast.anas_membership, actor=cast.clara)
    cast.anas_membership.refresh_from_db()
    assert cast.anas_membership.until == first


@pytest.mark.parametrize(("late_s", "resumed"), [(-5, True), (5, False)])
def test_an_ending_is_undone_within_its_time_and_begins_anew_after_it(
    cast: Cast, late_s: int, *, resumed: bool
) -> None:
    ended = cast.anas_membership
    ended.until = timezone.now() - services.UNDO_LIFE - timedelta(seconds=late_s)
    ended.save()
    assert services.is_returnable(ended) is resumed
    back = services.take_back(ended, actor=cast.clara, as_if_never=True)
    ended.refresh_from_db()
    assert (back.pk == ended.pk) is resumed
    assert (ended.until is None) is resumed


@pytest.mark.parametrize(
    ("name", "username"), [("Lena", "lena"), ("Anna-Sofía", "anna-sofía"), ("مريم", "مريم"), ("!!!", "child")]
)
def test_a_childs_username(cast: Cast, name: str, username: str) -> None:
    family = services.create_classroom("family", "F", cast.clara)
    child = services.add_child(family, name, parent=cast.clara)
    assert (child.username, child.name) == (username, name)
    child.full_clean(exclude=["password"])
    assert services.add_child(family, name, parent=cast.clara).username == f"{username}2"


def test_everything_about_rights_is_in_the_chain(cast: Cast) -> None:
    family = services.create_classroom("family", "F", cast.clara)
    services.add_child(family, "Lena", parent=cast.clara)
    _link, token = services.invite(family, "teacher", by=cast.clara)
    services.join(token, cast.dora)
    services.sign_out_devices(family, parent=cast.clara)
    assert chain.broken_at() is None


def test_counts_are_of_today(cast: Cast) -> None:
    row = selectors.with_counts(Classroom.objects.filter(memberships__person=cast.clara)).get()
    assert (row.students, row.teachers) == (2, 1)  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_taken_once() -> None:
    cast = gather()
    _link, token = services.invite(cast.claras_class, "teacher", by=cast.clara)
    people = (cast.dora, cast.emil, cast.max)

    def hurry(number: int) -> str:
        try:
            services.join(token, people[number])
        except LinkEnded:
            return "ended"
        return "in"

    assert at_once(hurry, 3) == ["ended", "ended", "in"]
