"""Deleting a conversation, taking that back, and really erasing it when the time for that is over."""

import math
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tutor.conversations.models import Conversation


def delete(conversation: Conversation) -> None:
    """Out of sight at once; really erased when the time for undoing is over."""
    conversation.deleted = timezone.now()
    conversation.save(update_fields=["deleted"])


def undo_seconds(deleted: Conversation) -> int:
    """For how long this deletion can still be undone; not at all from 0 on."""
    if deleted.deleted is None:
        return 0
    return math.ceil(settings.UNDO_S - (timezone.now() - deleted.deleted).total_seconds())


def undo_delete(deleted: QuerySet[Conversation]) -> bool:
    """Take these deletions back. False when nothing is left of them: erasing was quicker."""
    return bool(deleted.update(deleted=None))


@transaction.atomic
def erase_deleted(older_than: timedelta) -> int:
    """Erase what was deleted longer ago than that. SQLite overwrites the freed pages (``secure_delete``).

    What is found is locked until it is gone: whoever takes it back meanwhile hears that it is too late.
    """
    gone = Conversation.objects.filter(deleted__lt=timezone.now() - older_than)
    locked = list(gone.select_for_update().values_list("pk", flat=True))
    return Conversation.objects.filter(pk__in=locked).delete()[0] if locked else 0
