"""Addresses of one-time links. They begin with the house's public address, never with what a request claims."""

from django.conf import settings


def join_address(token: str) -> str:
    return f"{settings.PUBLIC_URL}/join/{token}/"


def reset_address(code: str) -> str:
    return f"{settings.PUBLIC_URL}/new-password/{code}/"


def typing_address() -> str:
    """The page on which a one-time code is typed."""
    return f"{settings.PUBLIC_URL}/code/"


def device_address(token: str) -> str:
    return f"{settings.PUBLIC_URL}/device/{token}/"
