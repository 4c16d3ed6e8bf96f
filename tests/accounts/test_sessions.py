"""One answer to whether a session is still good, and who is told when it is not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.accounts.doors import client_of
from tests.cast import Cast
from tutor.accounts import sessions
from tutor.accounts.models import User

ENDINGS: dict[str, Callable[[User, str], object]] = {
    "signed out": lambda _, key: Session.objects.filter(session_key=key).delete(),
    "run out": lambda _, key: Session.objects.filter(session_key=key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    ),
    "account closed": lambda person, _: User.objects.filter(pk=person.pk).update(is_active=False),
    "another password": lambda person, _: User.objects.filter(pk=person.pk).update(password="another"),
    "no data of ours": lambda _, key: Session.objects.filter(session_key=key).update(session_data="e30:forged"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ending_elsewhere_is_found_out_for_every_open_socket(cast: Cast, ending: str) -> None:
    keys = {person: str(client_of(person).session.session_key) for person in (cast.ana, cast.ben)}
    heard: list[User] = []
    with ExitStack() as watched:
        for person, key in keys.items():
            assert sessions.person_of(key) == person
            watched.enter_context(sessions.watched(key, person.pk, partial(heard.append, person)))
        sessions.look_again()
        assert heard == []
        ENDINGS[ending](cast.ana, keys[cast.ana])
        assert sessions.person_of(keys[cast.ana]) is None
        sessions.look_again()
        assert heard == [cast.ana]
    sessions.look_again()
    assert heard == [cast.ana]


def test_a_session_that_is_somebody_elses_by_now_is_over(cast: Cast) -> None:
    heard: list[str] = []
    key = str(client_of(cast.ben).session.session_key)
    with sessions.watched(key, cast.ana.pk, lambda: heard.append(key)):
        sessions.look_again()
    assert heard == [key]


@pytest.mark.parametrize("key", ["", "no such session"])
def test_nobody_is_signed_in(cast: Cast, key: str) -> None:
    assert sessions.person_of(key) is None
