"""Changes of a person: how they come to be, their password, the sessions they are signed in with."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from tutor.accounts import sessions
from tutor.accounts.links import find_link, renew_reset_code, use_link
from tutor.accounts.models import OneTimeLink, User
from tutor.audit import chain


class LinkEnded(Exception):
    """A one-time link that opens nothing (any more): unknown, expired, used, or somebody was quicker."""


def live_link(token: str, purpose: OneTimeLink.Purpose) -> OneTimeLink:
    """The link behind ``token``. Raises :class:`LinkEnded`. Looking spends nothing: previews of links are harmless."""
    link = find_link(token, purpose)
    if link is None:
        raise LinkEnded
    return link


def spend(link: OneTimeLink) -> None:
    """Use ``link`` once, inside the caller's transaction. Raises :class:`LinkEnded`."""
    if not use_link(link):
        raise LinkEnded


def username_taken(username: str) -> bool:
    """Tell if somebody has this name already, in whatever capitals: people do not sign in by capitals."""
    return User.objects.filter(username__iexact=username).exists()


def free_username(name: str) -> str:
    """A username made of a person's first name, with a number where that is taken."""
    stem = slugify(name, allow_unicode=True)[:40] or "child"
    number, candidate = 1, stem
    while username_taken(candidate):
        number += 1
        candidate = f"{stem}{number}"
    return candidate


def person_to_help(token: str) -> User:
    """The person who chooses a new password with this reset link. Raises :class:`LinkEnded`; spends nothing."""
    person = live_link(token, OneTimeLink.Purpose.RESET).person
    if person is None or not person.is_active:
        raise LinkEnded
    return person


@transaction.atomic
def set_password_by_link(token: str, password_hash: str) -> User:
    """Spend a reset link on a new password, hashed before. All their sessions end. Raises :class:`LinkEnded`."""
    person = person_to_help(token)
    spend(live_link(token, OneTimeLink.Purpose.RESET))
    person.password = password_hash
    person.save(update_fields=["password"])
    end_sessions(person)
    chain.record(person, "reset-link.used", person.public_id)
    return person


@transaction.atomic
def make_reset_code(actor: User | None, person: User) -> str:
    """A one-time code to a new password for ``person``, and the record of who made it.

    Whether ``actor`` may is asked of the policy before; ``None`` is the command line.
    """
    code = renew_reset_code(person, actor)
    chain.record(actor, "reset-link.made", person.public_id)
    return code


def end_sessions(person: User, *, keep: str | None = None) -> int:
    """Sign ``person`` out everywhere but in the session ``keep``. How many sessions ended."""
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=keep or ""):
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            key, _rows = session.session_key, session.delete()
            sessions.ended(person, key)
            ended += 1
    return ended


@transaction.atomic
def note_password_change(person: User, *, keep: str | None) -> None:
    """After a new password: sessions made with the old one open nothing any more, nor do codes to choose another."""
    end_sessions(person, keep=keep)
    OneTimeLink.objects.filter(purpose=OneTimeLink.Purpose.RESET, person=person).delete()
    chain.record(person, "password.changed", person.public_id)


@transaction.atomic
def sign_out_everywhere(person: User, *, keep: str | None) -> int:
    """End all other sessions of ``person`` and note it."""
    ended = end_sessions(person, keep=keep)
    chain.record(person, "sessions.ended", person.public_id)
    return ended


def find_person(public_id: UUID) -> User | None:
    return User.objects.filter(public_id=public_id, is_active=True).first()


def find_by_username(username: str) -> User | None:
    return User.objects.filter(username__iexact=username, is_active=True).first()


def somebody_administers() -> bool:
    return User.objects.filter(is_administrator=True, is_active=True).exists()


def signed_in(user: User | AnonymousUser) -> User:
    """The person behind a request that ``login_required`` let through, with their type."""
    if not isinstance(user, User):
        raise TypeError("this page is for signed-in people")
    return user
