"""Who a session belongs to, asked from the database every time, and a word to open sockets when it ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from tutor.accounts.models import User

_listeners: set[Callable[[int, str | None], None]] = set()


def key_from_cookies(cookies: str) -> str:
    """The session key in a ``Cookie`` header, or ``""``."""
    return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")


def person_of(session_key: str) -> User | None:
    """The person who is signed in with this session now: it exists, they are active, the password is still that one."""
    session = SessionStore(session_key)
    signed_in = session.get(SESSION_KEY) if session_key else None
    person = User.objects.filter(pk=signed_in, is_active=True).first() if signed_in else None
    if person is None:
        return None
    kept = str(session.get(HASH_SESSION_KEY, ""))
    return person if constant_time_compare(kept, person.get_session_auth_hash()) else None


def erase_expired() -> bool:
    """Erase sessions that have run out, and with them what was looked for in them; whether there were any."""
    return bool(Session.objects.filter(expire_date__lt=timezone.now()).delete()[0])


def ended(person: User, session_key: str | None = None) -> None:
    """Tell open sockets that this session (or, without a key, every one of ``person``) is over."""
    for listener in tuple(_listeners):
        listener(person.pk, session_key)


@contextmanager
def listening(listener: Callable[[int, str | None], None]) -> Iterator[None]:
    _listeners.add(listener)
    try:
        yield
    finally:
        _listeners.discard(listener)


def _signed_out(sender: object, request: HttpRequest, user: User | None, **kwargs: object) -> None:
    if user is not None:
        ended(user, request.session.session_key)


user_logged_out.connect(_signed_out, dispatch_uid="close sockets of an ended session")
