"""What every work of a model has in common: how far it is, whose it is, what made it, and what that cost."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import models
from django.db.models.expressions import BaseExpression
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tutor.llm.models import Host, PresetVersion


class MadeState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    LOADING = "loading", _("Loading the model")
    RUNNING = "running", _("Writing")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    INTERRUPTED = "interrupted", _("Interrupted")
    FAILED = "failed", _("Failed")


OPEN_STATES = (MadeState.QUEUED, MadeState.LOADING, MadeState.RUNNING)


class Made(models.Model):
    """Something that a model makes or has made. A subclass says what it is about and holds what came of it."""

    # What a row becomes that could not even begin.
    given_up: ClassVar[BaseExpression] = models.Value(MadeState.FAILED)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # One more with each run of the same row ("continue").
    epoch = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=MadeState, default=MadeState.QUEUED)
    error_code = models.CharField(max_length=40, blank=True)
    # What the engine itself said about it, for administrators; never words of a conversation.
    error_detail = models.CharField(max_length=300, blank=True)
    # Host and boot of the process that makes it; a foreign one is dead.
    owner = models.CharField(max_length=80, blank=True)
    host = models.ForeignKey(Host, models.SET_NULL, null=True, related_name="+")
    model = models.CharField(max_length=200, blank=True)
    model_digest = models.CharField(max_length=80, blank=True)
    preset_version = models.ForeignKey(PresetVersion, models.PROTECT, null=True, related_name="+")
    prompt_version = models.CharField(max_length=60, blank=True)
    options = models.JSONField(default=dict)
    prompt_tokens = models.PositiveIntegerField(null=True)
    reply_tokens = models.PositiveIntegerField(null=True)
    queued_ms = models.PositiveIntegerField(null=True)
    first_token_ms = models.PositiveIntegerField(null=True)
    prompt_ms = models.PositiveIntegerField(null=True)
    writing_ms = models.PositiveIntegerField(null=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@dataclass(frozen=True)
class Provenance:
    """What makes something, noted when it begins. Without a model: an authored text, of ``prompt_version``."""

    prompt_version: str
    host_pk: int | None = None
    model: str = ""
    model_digest: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    queued_ms: int | None = None
    # The preset's version that it was asked with, where that is not the conversation's own.
    preset_version_pk: int | None = None


@dataclass(frozen=True)
class Counts:
    """What a model took for it, as far as the engine says so."""

    prompt_tokens: int | None = None
    reply_tokens: int | None = None
    first_token_ms: int | None = None
    prompt_ms: int | None = None
    writing_ms: int | None = None
