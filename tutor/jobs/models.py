"""The record of long work: enough to say, after a restart, what broke off and how far it was."""

import uuid
from typing import ClassVar, cast

from django.conf import settings
from django.db import models
from django.utils import timezone

from tutor.jobs.job import OPEN_STATES, Progress, State
from tutor.stewardship import Stewardship


class JobRecord(models.Model):
    """One job, from the press of a button to its end. While it runs, the process that ``owner`` names knows better."""

    stewardship = Stewardship(owner="house", export=False, erase="kept without names")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, default="waiting")
    phase = models.CharField(max_length=30, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    # The process that runs it; "" where none does. One of another owner is open only while that process lives.
    owner = models.CharField(max_length=80, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)
    hidden = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A second one would only share the same line.
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(state__in=sorted(OPEN_STATES)), name="one_open_job_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.state}"

    @property
    def progress(self) -> Progress:
        """As it was last written down."""
        state = cast("State", self.state)
        return Progress(state, self.phase, self.done, self.total, error=self.error, detail=self.detail)
