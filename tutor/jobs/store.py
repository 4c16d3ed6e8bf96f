"""What is written about jobs. Each function is one short transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from tutor.accounts.models import User
from tutor.jobs.job import OPEN_STATES, Job, Progress
from tutor.jobs.models import JobRecord

LISTED_FOR = timedelta(days=7)
"""Ended jobs that nobody has put away are shown for so long."""


class Busy(Exception):
    """Another job of this kind is open."""


def begin(job: Job, owner: str, by: User | None) -> JobRecord:
    """A new record, or an ended one of the same name that goes on. Raises Busy."""
    row = JobRecord.objects.filter(kind=job.kind, name=job.name, hidden=False).order_by("-started").first()
    if row is None or row.state == "done":
        row = JobRecord(kind=job.kind, name=job.name)
    elif row.state in OPEN_STATES:
        raise Busy
    row.state, row.error, row.detail, row.owner = "waiting", "", "", owner
    row.started_by, row.started, row.changed = by, timezone.now(), timezone.now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise Busy from fault
    return row


def note(pk: int, progress: Progress) -> None:
    """Write down how far a job is."""
    values = {name: getattr(progress, name) for name in ("state", "phase", "done", "total", "error", "detail")}
    JobRecord.objects.filter(pk=pk).update(**values, changed=timezone.now())


def sweep(owner: str) -> int:
    """What a dead process left open is interrupted. Returns how many there were."""
    left = JobRecord.objects.filter(state__in=OPEN_STATES).exclude(owner=owner)
    return left.update(state="interrupted", error="restart")


def find(public_id: UUID) -> JobRecord | None:
    return JobRecord.objects.filter(public_id=public_id).first()


def listed() -> list[JobRecord]:
    """The open ones, then those that ended lately and were not put away; the newest first."""
    lately = JobRecord.objects.filter(hidden=False, changed__gt=timezone.now() - LISTED_FOR)
    rows = lately.select_related("started_by").order_by("-started")
    return sorted(rows, key=lambda row: row.state not in OPEN_STATES)


def hide(row: JobRecord) -> None:
    """Put an ended one away."""
    JobRecord.objects.filter(pk=row.pk).exclude(state__in=OPEN_STATES).update(hidden=True)


def last_done(kind: str) -> datetime | None:
    """When a job of this kind last came to its end."""
    newest = JobRecord.objects.filter(kind=kind, state="done").order_by("-changed").first()
    return newest.changed if newest is not None else None
