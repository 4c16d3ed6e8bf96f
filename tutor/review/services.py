"""Traces of a teacher or parent: that they read, and that they have seen a report."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tutor.accounts.models import User
from tutor.conversations.models import Conversation, Report
from tutor.conversations.services import record_receipt
from tutor.review.selectors import opened_lately

ONE_OPENING = timedelta(minutes=30)


@transaction.atomic
def note_opening(conversation: Conversation, reader: User, *, goes_on: bool) -> None:
    """One row an opening. Who goes on reading what they have opened within half an hour opens nothing anew; an address
    that only claims to go on does."""
    if not (goes_on and opened_lately(reader, conversation, ONE_OPENING)):
        record_receipt(conversation, reader)


def mark_seen(report: Report, person: User) -> None:
    """The first to see it counts; seeing it again changes nothing."""
    unseen = Report.objects.filter(pk=report.pk, seen__isnull=True)
    unseen.update(seen=timezone.now(), seen_by=person)
