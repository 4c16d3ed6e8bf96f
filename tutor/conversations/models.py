"""Conversations, their turns and replies, who read them, and what was reported."""

import uuid
from collections.abc import Sequence
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tutor.classrooms.models import CorrectionTiming, Level, Membership, Study
from tutor.conversations.provenance import OPEN_STATES, Made, MadeState
from tutor.llm.models import Host, PresetVersion
from tutor.stewardship import Stewardship


class Conversation(models.Model):
    """A thread. Language, level, style and model are copies from its start: later changes leave it as it is."""

    stewardship = Stewardship(owner="learner", export=True, erase="with owner")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="conversations")
    study = models.ForeignKey(Study, models.SET_NULL, null=True, related_name="conversations")
    # Null: private. Who can read a conversation is fixed by where it was opened.
    membership = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="conversations")
    client_id = models.UUIDField()
    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(max_length=35)
    own_language = models.CharField(max_length=35)
    level = models.CharField(max_length=2, choices=Level)
    goal = models.CharField(max_length=200, blank=True)
    style = models.CharField(max_length=40)
    style_version = models.PositiveIntegerField()
    guided = models.BooleanField()
    seed = models.PositiveIntegerField()
    host = models.ForeignKey(Host, models.SET_NULL, null=True)
    model = models.CharField(max_length=200)
    # The model that answered before this one, once it had to be replaced: a switch is said.
    switched_from = models.CharField(max_length=200, blank=True)
    preset_version = models.ForeignKey(PresetVersion, models.PROTECT)
    # Calibrated by what the engine says it counted; decides how much history fits.
    characters_per_token = models.FloatField(default=3.0)
    created = models.DateTimeField(default=timezone.now, editable=False)
    updated = models.DateTimeField(default=timezone.now)
    deleted = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["learner", "client_id"], name="one_conversation_a_command")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["learner", "-updated"])]

    def __str__(self) -> str:
        return f"conversation {self.public_id}"


class Turn(models.Model):
    """One message of the learner and what the tutor said to it. The tutor's opener is a turn without a message."""

    # The chosen reply, and the cards at its margin, where a selector has put them at hand.
    said: "Reply"
    margin: Sequence["Card"]

    stewardship = Stewardship(owner="conversation.learner", export=True, erase="with owner")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="turns")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ordinal = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    client_id = models.UUIDField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["conversation", "ordinal"], name="one_turn_an_ordinal"),
            models.UniqueConstraint(fields=["author", "client_id"], name="one_turn_a_command"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["author", "-created"])]

    def __str__(self) -> str:
        return f"turn {self.public_id}"


class Reply(Made):
    """What the tutor said, and everything that made it. ``text`` is, byte for byte, what was sent and shown."""

    stewardship = Stewardship(owner="conversation.learner", export=True, erase="with owner")
    given_up = Case(When(text="", then=Value(MadeState.FAILED)), default=Value(MadeState.INTERRUPTED))

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="replies")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    attempt = models.PositiveIntegerField(default=1)
    chosen = models.BooleanField(default=True)
    seq = models.PositiveIntegerField(default=0)
    text = models.TextField(blank=True)
    thinking = models.TextField(blank=True)
    # The texts of earlier epochs: what stood there before somebody said "continue".
    earlier_texts = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["turn", "attempt"], name="one_reply_an_attempt"),
            models.UniqueConstraint(fields=["turn"], condition=Q(chosen=True), name="one_chosen_reply_a_turn"),
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(state__in=OPEN_STATES),
                name="one_open_reply_a_conversation",
            ),
        ]
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return f"reply {self.public_id}"


class CardKind(models.TextChoices):
    CORRECTION = "correction", _("Correction")
    HELP = "help", _("Help")
    ANSWERS = "answers", _("Suggested answers")


class Card(Made):
    """Something a model made beside a reply: it stands at the margin of its turn. One of a kind a turn."""

    stewardship = Stewardship(owner="conversation.learner", export=True, erase="with owner")

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="cards")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=CardKind)
    # *after*: it waits for the end of its talk; *asked*: the learner wants to know, and is told of nothing too.
    timing = models.CharField(max_length=10, choices=CorrectionTiming, default=CorrectionTiming.LIVE)
    # What the kind's own type describes; empty until it is done.
    body = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["turn", "kind"], name="one_card_a_kind_and_turn")
        ]
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class TalkReport(Made):
    """What came of a talk: its goals, what went well, what to work on, words to keep, each with its quote. Code makes
    it at once; a model may add to it. Another one is made when the talk has gone on."""

    stewardship = Stewardship(owner="conversation.learner", export=True, erase="with owner")

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="talk_reports")
    # What it was made of, in short: the same again is the same report.
    basis = models.CharField(max_length=80)
    # A ``ReportBody`` of :mod:`tutor.dialogue.reports`.
    body = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["conversation", "basis"], name="one_talk_report_a_basis")
        ]
        ordering: ClassVar[list[str]] = ["-created", "-pk"]

    def __str__(self) -> str:
        return f"report of talk {self.conversation_id}"


class DistressText(models.Model):
    """What the house says to somebody in distress, by own language; without one: the people to turn to here."""

    stewardship = Stewardship(owner="house", export=False, erase="kept")

    language = models.CharField(max_length=35, blank=True, unique=True)
    text = models.TextField()

    def __str__(self) -> str:
        return f"distress text {self.language or 'people'}"


class ReadReceipt(models.Model):
    """Somebody else opened a learner's conversation. One row an opening; the learner sees them all."""

    stewardship = Stewardship(owner="conversation.learner", export=True, erase="with owner")

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="read_receipts")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reader_name = models.CharField(max_length=80)
    opened = models.DateTimeField(default=timezone.now, editable=False)
    section = models.CharField(max_length=20, default="transcript")

    class Meta:
        ordering: ClassVar[list[str]] = ["-opened"]

    def __str__(self) -> str:
        return f"receipt of {self.conversation_id}"


class Report(models.Model):
    """A learner said that something about a reply is not right; a grown-up of the classroom looks at it."""

    stewardship = Stewardship(owner="conversation.learner", export=True, erase="with owner")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reply = models.OneToOneField(Reply, models.CASCADE, related_name="report")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="reports")
    created = models.DateTimeField(default=timezone.now, editable=False)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    seen = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"report of {self.reply_id}"
