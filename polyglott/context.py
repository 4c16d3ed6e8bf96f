"""Facts of the house for every template."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tutor import policy


def house(request: HttpRequest) -> dict[str, object]:
    return {
        "public_url": settings.PUBLIC_URL,
        "plain_http": settings.PUBLIC_URL.startswith("http://") and not _is_this_computer(settings.PUBLIC_URL),
        "teaches": SimpleLazyObject(lambda: request.user.is_authenticated and policy.teaches(request.user)),
        "organises": SimpleLazyObject(lambda: policy.organises(request.user) if request.user.is_authenticated else ""),
    }


def _is_this_computer(address: str) -> bool:
    """Tell if nothing that is sent there leaves this computer."""
    host = urlsplit(address).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")
