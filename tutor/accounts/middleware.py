"""Pages in the person's own language and time."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


class PersonMiddleware:
    """Activates the signed-in person's interface language and time zone; a stranger gets the browser's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(_language(request)), timezone.override(_time_zone(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
            if request.user.is_authenticated:
                # Shared machines: "back" after signing out must show nothing.
                response.headers.setdefault("Cache-Control", "no-store")
            return response


def _language(request: HttpRequest) -> str:
    chosen = request.user.interface_language if request.user.is_authenticated else ""
    known = dict(settings.LANGUAGES)
    return chosen if chosen in known else translation.get_language_from_request(request)


def _time_zone(request: HttpRequest) -> zoneinfo.ZoneInfo:
    name = request.user.time_zone if request.user.is_authenticated else settings.TIME_ZONE
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)
