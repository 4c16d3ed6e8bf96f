"""What an administrator changes about people. Whose rights change is signed out: nothing open outlives them."""

from django.db import transaction

from tutor.accounts import sessions
from tutor.accounts.models import User
from tutor.accounts.services import end_sessions
from tutor.audit import chain


class LastAdministrator(Exception):
    """Somebody has to stay who administers the house."""


@transaction.atomic
def make_person(username: str, name: str, *, actor: User) -> User:
    """An account without a password: a one-time code lets them choose one."""
    person = User.objects.create_user(username, name=name, interface_language=actor.interface_language)
    chain.record(actor, "person.made", person.public_id)
    return person


@transaction.atomic
def set_active(person: User, *, active: bool, actor: User) -> None:
    """Open or close an account. Raises :class:`LastAdministrator`."""
    if not active:
        _refuse_the_last(person)
    person.is_active = active
    person.save(update_fields=["is_active"])
    _sign_out(person)
    chain.record(actor, "person.opened" if active else "person.closed", person.public_id)


@transaction.atomic
def set_administrator(person: User, *, administrator: bool, actor: User) -> None:
    """Give or take the rights of an administrator. Raises :class:`LastAdministrator`."""
    if not administrator:
        _refuse_the_last(person)
    person.is_administrator = administrator
    person.save(update_fields=["is_administrator"])
    _sign_out(person)
    chain.record(actor, "administrator.named" if administrator else "administrator.dismissed", person.public_id)


def _refuse_the_last(person: User) -> None:
    others = User.objects.filter(is_administrator=True, is_active=True).exclude(pk=person.pk)
    if person.is_administrator and not others.exists():
        raise LastAdministrator


def _sign_out(person: User) -> None:
    """Open sockets ask for rights anew only once the change is in the database."""
    end_sessions(person)
    transaction.on_commit(lambda: sessions.ended(person))
