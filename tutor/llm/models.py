"""Where models run, and which one answers with what options."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tutor.stewardship import Stewardship


class Host(models.Model):
    """A server that speaks Ollama's API. The built-in engine is one too; its address changes with every start."""

    stewardship = Stewardship(owner="house", export=False, erase="kept")

    class Kind(models.TextChoices):
        OLLAMA = "ollama", _("Ollama")
        BUILTIN = "builtin", _("built-in engine")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    base_url = models.CharField(_("address"), max_length=200, blank=True)
    parallelism = models.PositiveSmallIntegerField(_("replies at once"), default=1)
    enabled = models.BooleanField(default=True)
    # What kind of talk the model chosen here last was good for: what is offered while nobody answers.
    was_free = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.base_url or str(self.get_kind_display())


class Preset(models.Model):
    """A choice of model, options and manner, by an administrator. What it says stands in its versions."""

    stewardship = Stewardship(owner="house", export=False, erase="kept")

    class Purpose(models.TextChoices):
        REPLY = "reply", _("Replies")
        CORRECTION = "correction", _("Corrections")
        EXPLANATION = "explanation", _("Explanations")
        REPORT = "report", _("Reports")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60, unique=True)
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.REPLY)
    created = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


class PresetVersion(models.Model):
    """Never changed once saved: every reply names the version that made it."""

    stewardship = Stewardship(owner="house", export=False, erase="kept without names")

    class Mode(models.TextChoices):
        AUTO = "auto", _("guided on small models, free on big ones")
        GUIDED = "guided", _("always guided")
        FREE = "free", _("always free")

    preset = models.ForeignKey(Preset, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    model = models.CharField(_("model (empty: the best that is installed)"), max_length=200, blank=True)
    options = models.JSONField(default=dict)
    mode = models.CharField(_("kind of talk"), max_length=10, choices=Mode, default=Mode.AUTO)
    keep_alive = models.CharField(_("keep in memory"), max_length=12, default="30m")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["preset", "number"], name="one_preset_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.preset} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a preset's version is never changed: make the next one")
        super().save(*args, **kwargs)
