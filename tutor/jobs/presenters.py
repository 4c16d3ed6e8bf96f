"""A job as a row that people read: the one place where its sentences are put together, for every page that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutor.accounts.models import User
from tutor.jobs import store
from tutor.jobs.job import Job, Progress, State, kind_called
from tutor.jobs.messages import BROKEN, KEPT, RESTARTED, STATES, time_text
from tutor.jobs.models import JobRecord
from tutor.jobs.registry import registry

# What can be done about it, by its state: the form's word, and what the button says.
_RESUME = ("resume", gettext_lazy("Go on"))
_CANCEL = ("cancel", gettext_lazy("Cancel"))
_HIDE = ("hide", gettext_lazy("Put away"))
_DISCARD = ("discard", gettext_lazy("Discard"))
_BUTTONS: dict[State, tuple[tuple[str, object], ...]] = {
    "waiting": (_CANCEL,),
    "running": (("pause", gettext_lazy("Pause")), _CANCEL),
    "paused": (_RESUME, _CANCEL),
    "done": (_HIDE,),
}
_LOOKS: dict[State, str] = {"done": "good", "failed": "sure", "cancelled": "", "interrupted": "possible"}


@dataclass(frozen=True)
class JobCard:
    """A row. ``percent`` is None where nothing is measured; ``look`` is the badge's class."""

    public_id: UUID
    title: str
    state: State
    state_text: object
    look: str
    open: bool
    percent: int | None
    figures: str
    note: str
    detail: str
    started: datetime
    started_by: User | None
    buttons: tuple[tuple[str, object], ...]


def jobs_shown() -> dict[str, Any]:
    """What ``jobs/list.html`` shows: the open jobs, then those that ended lately."""
    registry.write_down(ended_only=True)
    cards = [_card(row) for row in store.listed()]
    return {"jobs": cards, "jobs_open": any(card.open for card in cards)}


def _card(row: JobRecord) -> JobCard:
    kind, progress = kind_called(row.kind), registry.progress(row)
    return JobCard(
        public_id=row.public_id,
        title=kind.title(row.name) if kind else row.name,
        state=progress.state,
        state_text=STATES[progress.state],
        look=_LOOKS.get(progress.state, ""),
        open=not progress.ended,
        percent=min(100, round(100 * progress.done / progress.total)) if progress.total else None,
        figures=_figures(kind, progress) if kind else "",
        note=_note(kind, progress),
        detail="" if progress.error in {"", "restart", "broken"} else progress.detail,
        started=row.started,
        started_by=row.started_by,
        buttons=_BUTTONS.get(progress.state) or _after(kind, progress),
    )


def _figures(kind: type[Job], progress: Progress) -> str:
    if not progress.total:
        return ""
    whole = kind.amount_text(progress.total)
    if progress.state == "done":
        return whole
    words = [_("%(done)s of %(whole)s") % {"done": kind.amount_text(progress.done), "whole": whole}]
    if progress.per_s:
        words.append(_("%(amount)s/s") % {"amount": kind.amount_text(progress.per_s)})
    if progress.seconds_left is not None:
        words.append(_("%(time)s left") % {"time": time_text(progress.seconds_left)})
    return " · ".join(words)


def _note(kind: type[Job] | None, progress: Progress) -> str:
    """What it does now, or why it does no more and what is safe."""
    if kind is None:
        return ""
    if not progress.ended:
        return kind.phase_text(progress.phase) if progress.state == "running" else ""
    if progress.state == "done":
        return kind.done_text()
    if progress.state == "failed":
        return str(BROKEN) if progress.error == "broken" else kind.fault_text(progress)
    words = [str(RESTARTED)] if progress.state == "interrupted" else []
    return " ".join([*words, str(KEPT)] if kind.keeps and progress.done else words)


def _after(kind: type[Job] | None, progress: Progress) -> tuple[tuple[str, object], ...]:
    """One that ended early goes on where its kind is still known; what it left can be thrown away."""
    if kind is None:
        return (_HIDE,)
    return (_RESUME, _DISCARD if kind.keeps and progress.done else _HIDE)
