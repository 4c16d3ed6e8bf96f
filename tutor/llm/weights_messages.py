"""What people are told about weights: their sources, their sizes, and what went wrong with a fetch."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tutor.engine.weights import Code, Model, Progress
from tutor.jobs.messages import size_text, time_text

TYPICAL_LINE_BYTES_PER_S = 50_000_000 / 8

SOURCES = {
    "local": _("a file on this machine"),
    "publisher": _("the publisher's own file"),
    "packages": _("packages of the Python index, unpacked as data"),
}

FAULTS: dict[Code, object] = {
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


def usual_time_text(model: Model) -> str:
    """How long the fetch takes on a line of 50 Mbit/s."""
    return time_text(model.bytes / TYPICAL_LINE_BYTES_PER_S)


def purpose_text(model: Model) -> str:
    """What the model is good for, honestly."""
    if model.talk == "free":
        return gettext("Free talk, for teaching. Slow on fewer than eight cores.")
    return gettext("Guided talk, for trying. For teaching: Ollama with qwen2.5:7b.")


PHASES = {
    "checking": _("looking for a source"),
    "downloading": _("fetching"),
    "verifying": _("checking that it is the right one"),
}


def fault_text(progress: Progress) -> str:
    """Why a fetch failed, in one or two sentences."""
    return fault_words(progress.error, progress.bytes_missing) if progress.error is not None else ""


def fault_words(code: Code, missing_bytes: int = 0) -> str:
    """The same, of a fault by its code."""
    text = str(FAULTS[code])
    if code == "no_space":
        text += " " + gettext("%(size)s more are needed.") % {"size": size_text(missing_bytes)}
    return text
