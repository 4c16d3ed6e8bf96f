"""The behaviour of allauth in this house: nobody signs up by themselves; people come in by a link."""

import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.http import HttpRequest

from tutor.accounts.hashing import TooManyAtOnce
from tutor.accounts.models import User

REMEMBERED_S = 14 * 24 * 3600


class ClosedHouse(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Names are kept composed, as `User.normalize_username` has them; keyboards may send them in parts."""
        if "username" in credentials:
            credentials["username"] = User.normalize_username(credentials["username"])
        try:
            found: AbstractBaseUser | None = super().authenticate(request, **credentials)
        except TooManyAtOnce:
            # Nothing was compared: it is no wrong password.
            self._rollback_login_failed_rl_usage()
            raise
        if found is not None:
            cache.set(_came_in(self._here(request, credentials)), True, REMEMBERED_S)  # noqa: FBT003 - Django's own
        return found

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords count by name, and apart where that name came in before.

        Else whoever types five wrong ones anywhere would keep its owner out everywhere.
        """
        here = self._here(request, credentials)
        counted = here if cache.get(_came_in(here)) else credentials.get("username", "")
        super().pre_authenticate(request, username=counted)

    def _here(self, request: HttpRequest, credentials: dict[str, Any]) -> str:
        # No form lets a NUL through: what is counted here can't be typed as a name elsewhere.
        return f"{credentials.get('username', '').lower()}\0{self.get_client_ip(request)}"


def _came_in(here: str) -> str:
    return "came-in:" + hashlib.sha256(here.encode()).hexdigest()
