"""Coming in without typing a password: after set-up, by an invitation, or with a tap on a family's device."""

from django.contrib.auth import login, logout
from django.http import HttpRequest

from tutor.accounts.models import User

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def login_as(request: HttpRequest, person: User) -> None:
    """Whoever was signed in leaves (and their sockets close); ``person`` gets a session with a fresh key."""
    if request.user.is_authenticated:
        logout(request)
    login(request, person, backend=_BACKEND)
