"""Studies (a person and a language), classes and families, and who belongs to them from when until when."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tutor.stewardship import Stewardship


class Level(models.TextChoices):
    """The Common European Framework's six levels."""

    A1 = "A1", _("A1: first words")
    A2 = "A2", _("A2: simple talk")
    B1 = "B1", _("B1: everyday life")
    B2 = "B2", _("B2: at ease")
    C1 = "C1", _("C1: advanced")
    C2 = "C2", _("C2: near native")


class Classroom(models.Model):
    """A class, or a family: a family's parents have a teacher's rights in it."""

    stewardship = Stewardship(owner="house", export=False, erase="kept")

    class Kind(models.TextChoices):
        CLASS = "class", _("class")
        FAMILY = "family", _("family")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(max_length=10, choices=Kind)
    # A family's devices carry this number in a signed cookie; raising it signs all of them out.
    device_generation = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in a classroom, as a teacher or student, from when until when. Ended, never deleted."""

    stewardship = Stewardship(owner="person", export=True, erase="with owner")

    class Role(models.TextChoices):
        TEACHER = "teacher", _("teacher")
        STUDENT = "student", _("student")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "classroom"], condition=Q(until__isnull=True), name="one_current_membership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.public_id}"


class CorrectionTiming(models.TextChoices):
    """When a learner is told of what was wrong."""

    LIVE = "live", _("during the talk")
    AFTER = "after", _("after the talk")
    ASKED = "asked", _("only when I ask")


class Study(models.Model):
    """One person learning one language. Level and goal apply to new conversations; old ones keep their copies."""

    stewardship = Stewardship(owner="learner", export=True, erase="with owner")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="studies")
    language = models.CharField(_("language"), max_length=35)
    level = models.CharField(_("level"), max_length=2, choices=Level, default=Level.A1)
    goal = models.CharField(_("goal"), max_length=200, blank=True)
    # Of every talk in this language, from the next message on.
    corrections = models.CharField(
        _("corrections"), max_length=10, choices=CorrectionTiming, default=CorrectionTiming.LIVE
    )
    # Groups of kinds that are told of; empty: all.
    correction_kinds = models.JSONField(_("kinds of corrections"), default=list, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["learner", "language"], name="one_study_a_language")
        ]
        verbose_name_plural = "studies"

    def __str__(self) -> str:
        return f"{self.language} {self.level}"
