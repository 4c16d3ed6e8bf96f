"""Pages that several doors show."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def link_ended(request: HttpRequest) -> HttpResponse:
    """The page for a one-time link that opens nothing. It looks the same whatever the reason."""
    response = render(request, "account/link_ended.html", status=410)
    response.headers["Cache-Control"] = "no-store"
    return response
