"""Wrong one-time codes, counted by the address they come from, as allauth counts wrong passwords."""

from allauth.core import ratelimit
from django.http import HttpRequest

# How many, in how long: ACCOUNT_RATE_LIMITS in the settings.
_ACTION = "one_time_code"


def may_guess(request: HttpRequest) -> bool:
    """Tell if another code may be tried from there now. Asking counts nothing: a whole class may have one each."""
    return bool(ratelimit.consume(request, action=_ACTION, dry_run=True))


def count_wrong(request: HttpRequest) -> None:
    """Remember that a code from there was wrong."""
    ratelimit.consume(request, action=_ACTION)
