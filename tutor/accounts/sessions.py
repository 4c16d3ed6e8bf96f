"""One answer to the question if a session is still good, asked from the database for every command.

An open socket acts for somebody between commands as well. It is watched: told at once of an ending in this process, and
within a minute of any other (:func:`look_again`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from tutor.accounts.models import User
from tutor.prepared import Prepared, Slot

_kept = Prepared(
    lambda: Session.objects.filter(session_key=Slot("key"), expire_date__gt=Slot("now")).values_list(
        "session_data", flat=True
    )
)
_active = Prepared(lambda: User.objects.filter(pk=Slot("pk"), is_active=True))


@dataclass(frozen=True, eq=False)
class _Watched:
    session_key: str
    person: int
    on_end: Callable[[], None]


_watched: set[_Watched] = set()


def key_from_cookies(cookies: str) -> str:
    """The session key in a ``Cookie`` header, or ``""``."""
    return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")


def person_of(session_key: str) -> User | None:
    """The person who is signed in with this session now: it exists, they are active, the password is still that one."""
    kept = _kept.first(key=session_key, now=timezone.now()) if session_key else None
    signed_in, password_hash = _claims(kept) if kept else (None, "")
    person = _active.first(pk=signed_in) if signed_in else None
    if person is None:
        return None
    return person if constant_time_compare(password_hash, person.get_session_auth_hash()) else None


@lru_cache(maxsize=4096)
def _claims(session_data: str) -> tuple[int | None, str]:
    """The person's key that these signed data claim, and the mark of the password then. The same data say the same."""
    session = SessionStore().decode(session_data)
    signed_in = session.get(SESSION_KEY)
    return int(signed_in) if signed_in else None, str(session.get(HASH_SESSION_KEY, ""))


def erase_expired() -> bool:
    """Erase sessions that have run out, and with them what was looked for in them; whether there were any."""
    return bool(Session.objects.filter(expire_date__lt=timezone.now()).delete()[0])


def ended(person: User, session_key: str | None = None) -> None:
    """Tell open sockets that this session (or, without a key, every one of ``person``) is over."""
    for one in tuple(_watched):
        if one.person == person.pk and session_key in {None, one.session_key}:
            one.on_end()


def look_again() -> None:
    """Ask anew for all who are watched: what another process has ended, or time has, ends here too."""
    for one in tuple(_watched):
        person = person_of(one.session_key)
        if person is None or person.pk != one.person:
            one.on_end()


@contextmanager
def watched(session_key: str, person: int, on_end: Callable[[], None]) -> Iterator[None]:
    """Have ``on_end`` called once this is no session of ``person`` any more, from whatever thread finds out."""
    one = _Watched(session_key, person, on_end)
    _watched.add(one)
    try:
        yield
    finally:
        _watched.discard(one)


def _signed_out(sender: object, request: HttpRequest, user: User | None, **kwargs: object) -> None:
    if user is not None:
        ended(user, request.session.session_key)


user_logged_out.connect(_signed_out, dispatch_uid="close sockets of an ended session")
