"""People, and the links that let them in."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tutor.stewardship import Stewardship


class People(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        """A new person. Without a password they can only come in by a link or from their family's device."""
        return self.add(username, make_password(password), **fields)

    @transaction.atomic
    def add(self, username: str, password_hash: str, **fields: object) -> "User":
        """A new person whose password was hashed before: inside a transaction nothing waits for a hash.

        Raises ValidationError where somebody was quicker to take this name, in whatever capitals.
        """
        username = self.model.normalize_username(username)
        if self.filter(username__iexact=username).exists():
            raise ValidationError({"username": _("This name is taken already.")})
        person = self.model(username=username, password=password_hash, **fields)
        person.save()
        return person


class User(AbstractBaseUser):
    """One person, who may learn, teach and administer at once: roles are memberships, not a column."""

    stewardship = Stewardship(owner="self", export=True, erase="with owner")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(
        _("username"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This name is taken already.")},
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail (optional)"), blank=True)
    interface_language = models.CharField(_("language of the pages"), max_length=16, blank=True)
    own_language = models.CharField(_("your own language"), max_length=35, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    text_size = models.PositiveSmallIntegerField(_("text size in percent"), default=100)
    is_administrator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = People()

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.name or self.username


class OneTimeLink(models.Model):
    """Something that opens a door once, or until it expires. Only the hash of its token is stored."""

    stewardship = Stewardship(owner="made_by", export=False, erase="with owner")

    class Purpose(models.TextChoices):
        SET_UP = "set_up", _("set up this house")
        RESET = "reset", _("choose a new password")
        JOIN = "join", _("join a class or family")
        DEVICE = "device", _("make this a family's device")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=10, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    # The classroom's public id and the role to be played there: classrooms live on the floor above.
    classroom = models.UUIDField(null=True, blank=True)
    role = models.CharField(max_length=10, blank=True)
    made_by = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    uses_left = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.purpose} link {self.public_id}"
