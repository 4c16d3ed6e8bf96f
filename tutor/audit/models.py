"""The record of what was done with rights."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from tutor.stewardship import Stewardship


class AuditEvent(models.Model):
    """Something done with rights: opaque ids only, chained by hash, so that erasing a person leaves the chain whole."""

    stewardship = Stewardship(owner="house", export=False, erase="kept without names")

    happened = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.UUIDField(null=True)
    what = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        # The table stands where it stood when this model was one of accounts.
        db_table = "accounts_auditevent"
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.what} {self.subject}"
