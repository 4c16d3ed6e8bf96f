"""Pages in the person's own language and time, and a word to whoever finds themselves signed out."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _


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


class EndedSessionMiddleware:
    """Says to somebody whose session has ended why the page that they wanted asks them to sign in.

    Whoever signs out takes the cookie along; a browser that still names a session which is none any more did not. With
    the answer that cookie goes, so that this is said once: on this page, or on the next one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ended = _has_ended(request)
        if ended and request.method == "GET":
            _say_so(request)
        response = self.get_response(request)
        # A form may have let them in again.
        if ended and request.method != "GET" and not request.user.is_authenticated:
            _say_so(request)
        return response


def _has_ended(request: HttpRequest) -> bool:
    named = bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    return named and not request.user.is_authenticated and request.session.is_empty()


def _say_so(request: HttpRequest) -> None:
    why = _(
        "You are signed out here: your password was changed, you signed out somewhere else, or you have not been here"
        " for two weeks. Please sign in again."
    )
    messages.warning(request, why)
