"""What people read when a page could not be made."""

import logging
import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

log = logging.getLogger(__name__)


def fault(request: HttpRequest) -> HttpResponse:
    """A sentence that says whose fault it is: the disk's or another program's, while the database takes nothing.

    Both pages ask the database nothing.
    """
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError):
        log.error("the database takes nothing: %s", error)
        page = HttpResponse(loader.get_template("503.html").render(), status=503)
        page.headers["Retry-After"] = "10"
        return page
    return HttpResponse(loader.get_template("500.html").render(), status=500)
