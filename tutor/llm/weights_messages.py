"""What people are told about weights: their sources, their sizes, and what went wrong with a fetch."""

from __future__ import annotations

import math

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tutor.engine.weights import Model, Progress

TYPICAL_LINE_BYTES_PER_S = 50_000_000 / 8

SOURCES = {
    "local": _("a file on this machine"),
    "publisher": _("the publisher's own file"),
    "packages": _("packages of the Python index, unpacked as data"),
}

FAULTS = {
    "no_space": _("The disk has too little room."),
    "disk_full": _("The disk filled up on the way. What has come is kept: make room and fetch again."),
    "no_rights": _("The folder cannot be written."),
    "no_source": _("None of the allowed sources carries this model."),
    "source_missing": _("The source does not have this model."),
    "source_unreachable": _("The source does not answer. Is this machine online?"),
    "cut_short": _("The connection was cut again and again. What has come is kept: fetch again later."),
    "stalled": _("The source stopped sending. What has come is kept: fetch again later."),
    "wrong_length": _("The source has a file of another size under this name. It was not taken."),
    "bad_answer": _("The source gave an answer that makes no sense."),
    "wrong_bytes": _("The file that came is not the one that was promised. It was thrown away."),
    "busy": _("Another process is fetching this model just now."),
    "broken": _("The disk could not be read or written."),
}


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


def usual_time_text(model: Model) -> str:
    """How long the fetch takes on a line of 50 Mbit/s."""
    return time_text(model.bytes / TYPICAL_LINE_BYTES_PER_S)


def purpose_text(model: Model) -> str:
    """What the model is good for, honestly."""
    if model.talk == "free":
        return gettext("Free talk, for teaching. Slow on fewer than eight cores.")
    return gettext("Guided talk, for trying. For teaching: Ollama with qwen2.5:7b.")


def fault_text(progress: Progress) -> str:
    """Why a fetch failed, in one or two sentences."""
    if progress.error is None:
        return ""
    text = str(FAULTS[progress.error])
    if progress.error == "no_space":
        text += " " + gettext("%(size)s more are needed.") % {"size": size_text(progress.bytes_missing)}
    return text
