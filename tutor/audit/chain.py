"""The chain of what was done with rights. Opaque ids only: no names, no words."""

import hashlib
from typing import Protocol
from uuid import UUID

from django.db import transaction

from tutor.audit.models import AuditEvent


class Actor(Protocol):
    """Somebody who does something with rights."""

    public_id: UUID


@transaction.atomic
def record(actor: Actor | None, what: str, subject: object = "") -> AuditEvent:
    """Append one event, chained to the one before it by SHA-256."""
    last = AuditEvent.objects.order_by("-id").values_list("hash", flat=True).first() or ""
    event = AuditEvent(actor=actor.public_id if actor else None, what=what, subject=str(subject), previous_hash=last)
    event.hash = _link(event)
    event.save()
    return event


def broken_at() -> AuditEvent | None:
    """The first event whose hash does not follow from the one before it, or None when the chain is whole."""
    last = ""
    for event in AuditEvent.objects.order_by("id").iterator():
        if event.previous_hash != last or event.hash != _link(event):
            return event
        last = event.hash
    return None


def _link(event: AuditEvent) -> str:
    parts = (
        event.previous_hash,
        event.happened.isoformat(),
        str(event.actor or ""),
        event.what,
        event.subject,
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
