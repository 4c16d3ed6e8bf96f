"""What tests of the doors share: a fresh client that is somebody, links that have ended, a page's plain words."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.utils import timezone

from tutor.accounts.links import _hash
from tutor.accounts.models import OneTimeLink, User
from tutor.classrooms.models import Classroom, Membership

PASSWORD = "ten small houses"
_TOKEN = re.compile(r"(?:set-up|join|device|new-password)/([\w-]{32}|[0-9A-Z]{12})/")
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def token_in(body: bytes | str) -> str:
    """The token of the one-time link that a page shows."""
    found = _TOKEN.search(body if isinstance(body, str) else body.decode())
    assert found is not None, "no one-time link in the page"
    return found[1]


def expire(token: str) -> None:
    assert OneTimeLink.objects.filter(token_hash=_hash(token)).update(expires=timezone.now() - timedelta(seconds=1))


def uses_left(token: str) -> int:
    return OneTimeLink.objects.get(token_hash=_hash(token)).uses_left


def plain(body: bytes) -> str:
    """A page without what is different in every answer."""
    return _CSRF.sub("", body.decode())


def family(parent: User, *children: str) -> tuple[Classroom, list[User]]:
    """A family with its parent and children without passwords."""
    made = Classroom.objects.create(kind=Classroom.Kind.FAMILY, name="The Olivers")
    Membership.objects.create(person=parent, classroom=made, role="teacher")
    people = [User.objects.create_user(name.lower(), name=name) for name in children]
    for person in people:
        Membership.objects.create(person=person, classroom=made, role="student")
    return made, people


def new_person(**changed: str) -> dict[str, str]:
    """What a new person enters."""
    return {
        "username": "nora",
        "name": "Nora",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "interface_language": "en",
        "own_language": "de",
        "language": "es",
        "level": "A2",
        "time_zone": "Europe/Madrid",
        **changed,
    }


def at_once(work: Callable[[int], object], people: int) -> list[object]:
    """What ``people`` threads get when all of them do ``work`` in the same moment, sorted by its text."""
    start, outcomes = threading.Barrier(people), []

    def hurry(number: int) -> None:
        start.wait()
        try:
            outcomes.append(work(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=hurry, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes, key=str)
