"""Addresses of one-time links. They begin with the house's public address, never with what a request claims."""

from django.conf import settings


def join_address(token: str) -> str:
    return f"{settings.PUBLIC_URL}/join/{token}/"


def device_address(token: str) -> str:
    return f"{settings.PUBLIC_URL}/device/{token}/"
