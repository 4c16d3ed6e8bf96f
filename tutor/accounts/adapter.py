"""How allauth behaves in this house: nobody signs up by themselves; people come in by a link."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedHouse(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
