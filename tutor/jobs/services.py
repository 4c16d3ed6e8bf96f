"""What an administrator does with a job, by the word of a button."""

from tutor.accounts.models import User
from tutor.jobs import store
from tutor.jobs.job import OPEN_STATES, kind_called
from tutor.jobs.models import JobRecord
from tutor.jobs.registry import registry


class NotNow(Exception):
    """The job is no longer (or not yet) in a state for this, or its kind is gone."""


def steer_job(row: JobRecord, do: str, *, by: User) -> None:
    """``do``: pause, resume, cancel, discard or hide. Raises NotNow, or Busy where another of its kind is open."""
    if registry.progress(row).state in OPEN_STATES:
        _steer_open(row, do)
    else:
        registry.write_down(ended_only=True)
        row.refresh_from_db()
        _steer_ended(row, do, by)


def _steer_open(row: JobRecord, do: str) -> None:
    job = registry.job(row.public_id)
    if job is None or do not in {"pause", "resume", "cancel"}:
        raise NotNow
    {"pause": job.pause, "resume": job.resume, "cancel": job.cancel}[do]()


def _steer_ended(row: JobRecord, do: str, by: User) -> None:
    kind = kind_called(row.kind)
    if do == "hide":
        store.hide(row)
    elif kind is None:
        raise NotNow
    elif do == "discard" and kind.keeps:
        kind.discard(row.name)
        store.hide(row)
    elif do == "resume" and row.state != "done":
        _again(row, by)
    else:
        raise NotNow


def _again(row: JobRecord, by: User) -> None:
    try:
        registry.again(row, by)
    except LookupError as fault:
        raise NotNow from fault
