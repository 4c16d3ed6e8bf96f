"""How allauth behaves in this house: nobody signs up by themselves; people come in by a link."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from tutor.accounts.models import User


class ClosedHouse(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Names are kept composed, as `User.normalize_username` has them; keyboards may send them in parts."""
        if "username" in credentials:
            credentials["username"] = User.normalize_username(credentials["username"])
        found: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return found
