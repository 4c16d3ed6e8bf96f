"""Where somebody goes who has just come in: back to the page they were led away from, unless it is another person's."""

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tutor import policy
from tutor.accounts.models import User


def way_back(person: User, wanted: str) -> str:
    """``wanted`` if it is a page of ours and not the conversation of whoever used this device before; else home."""
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) or _is_anothers(person, wanted):
        return reverse("home")
    return wanted


def _is_anothers(person: User, wanted: str) -> bool:
    try:
        found = resolve(urlsplit(wanted).path)
    except Resolver404:
        return False
    return (
        found.url_name == "conversation"
        and not policy.own(person).filter(public_id=found.kwargs["conversation"]).exists()
    )
