"""What people read about jobs of every kind: how they stand, and amounts and times as people say them."""

from __future__ import annotations

import math

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tutor.jobs.job import State

STATES: dict[State, object] = {
    "waiting": _("waiting"),
    "running": _("running"),
    "paused": _("paused"),
    "done": _("done"),
    "failed": _("failed"),
    "cancelled": _("cancelled"),
    "interrupted": _("interrupted"),
}
RESTARTED = _("Polyglott was restarted meanwhile.")
BROKEN = _("Something went wrong inside Polyglott; the log says what.")
KEPT = _("What has come is kept.")
NOT_HERE = _("That has changed meanwhile. Nothing was done.")
BUSY = _("Another one is under way. One at a time.")


def size_text(size_bytes: float) -> str:
    """1117320768 → "1.12 GB"."""
    if size_bytes >= 1e9:
        return gettext("%(size).2f GB") % {"size": size_bytes / 1e9}
    return gettext("%(size).0f MB") % {"size": size_bytes / 1e6}


def time_text(seconds: float) -> str:
    """A time that somebody waits, rounded up as people say it."""
    if seconds < 60:
        return ngettext("%(n)d second", "%(n)d seconds", n := max(1, math.ceil(seconds))) % {"n": n}
    return ngettext("%(n)d minute", "%(n)d minutes", n := math.ceil(seconds / 60)) % {"n": n}
