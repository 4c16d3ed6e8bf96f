"""Queries of a teacher or parent. Every one stays within what the policy lets them read."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language

from tutor import policy
from tutor.accounts.models import User
from tutor.conversations.models import Card, CardKind, Conversation, ReadReceipt, Reply, Report, Turn
from tutor.conversations.provenance import MadeState
from tutor.dialogue import Utterance, scenario_title
from tutor.review.filters import QueueFilter

BROKEN = (MadeState.FAILED, MadeState.INTERRUPTED)


def queue(person: User, wanted: QueueFilter) -> QuerySet[Conversation]:
    """Conversations to look at: unseen reports first, then other reported ones, then by when something was said."""
    shared = policy.shared_turns(person)
    replies = policy.shared_replies(person).filter(conversation=OuterRef("pk"))
    reports = policy.shared_reports(person).filter(conversation=OuterRef("pk"))
    found = _narrowed(policy.reviewable(person), wanted).annotate(
        messages=Coalesce(Subquery(_tally(shared.filter(client_id__isnull=False), Count("pk"))), 0),
        last_turn_at=Subquery(_tally(shared, Max("created"))),
        unseen=Exists(reports.filter(seen__isnull=True)),
        reported=Exists(reports),
        broken=Exists(replies.filter(chosen=True, state__in=BROKEN)),
    )
    rows = found.filter(reported=True) if wanted.reported else found
    related = rows.select_related("learner", "membership__classroom")
    return related.order_by("-unseen", "-reported", "-last_turn_at", "-pk")


def _tally(turns: QuerySet[Turn], figure: Count | Max) -> QuerySet[Turn, Any]:
    within = turns.filter(conversation=OuterRef("pk")).order_by()
    return within.values("conversation").annotate(figure=figure).values("figure")


def _narrowed(found: QuerySet[Conversation], wanted: QueueFilter) -> QuerySet[Conversation]:
    if wanted.student:
        found = found.filter(learner__public_id=wanted.student)
    if wanted.language:
        found = found.filter(language=wanted.language)
    return _titled(found, wanted.search) if wanted.search else found


def _titled(found: QuerySet[Conversation], search: str) -> QuerySet[Conversation]:
    """By the titles that are shown: of who has left, the one that the talk began with."""
    left = Q(membership__until__lte=timezone.now())
    named = Q(title__icontains=search) & ~left
    begun = found.filter(left).order_by().values_list("style", "language").distinct()
    for style, language in begun:
        if search.casefold() in scenario_title(style, language, get_language() or "en").casefold():
            named |= left & Q(style=style, language=language)
    return found.filter(named)


def students_to_review(person: User) -> list[User]:
    learners = policy.reviewable(person).order_by().values("learner")
    return list(User.objects.filter(pk__in=learners).order_by("name", "username"))


def languages_to_review(person: User) -> list[str]:
    return sorted(policy.reviewable(person).order_by().values_list("language", flat=True).distinct())


def find(person: User, public_id: UUID) -> Conversation | None:
    related = ("learner", "membership__classroom", "host", "preset_version__preset")
    return policy.reviewable(person).select_related(*related).filter(public_id=public_id).first()


def find_steered(person: User, public_id: UUID) -> Conversation | None:
    """One that ``person`` may give another model."""
    related = ("learner", "membership__classroom")
    return policy.steered(person).select_related(*related).filter(public_id=public_id).first()


def find_report(person: User, public_id: UUID) -> Report | None:
    """A report of something that ``person`` may read."""
    within = policy.shared_reports(person).filter(conversation__in=policy.reviewable(person))
    return within.filter(public_id=public_id).first()


def span(turns: QuerySet[Turn]) -> tuple[int, timedelta]:
    """The number of messages, and the time from the first turn to the last."""
    figures = turns.aggregate(first=Min("created"), last=Max("created"), messages=Count("client_id"))
    took = figures["last"] - figures["first"] if figures["first"] else timedelta()
    return figures["messages"], took


def told(person: User, conversation: Conversation) -> dict[int, str]:
    """The chosen replies as far as ``person`` may read them, by the key of their turn."""
    replies = policy.shared_replies(person).filter(conversation=conversation, chosen=True)
    words = ((reply.turn_id, policy.words_in_time(reply, conversation.membership)) for reply in replies)
    return {turn: text for turn, text in words if text}


def utterances(person: User, conversation: Conversation) -> list[Utterance]:
    """What was said as far as ``person`` may read it, oldest first; two queries."""
    replies = told(person, conversation)
    said: list[Utterance] = []
    for pk, text in policy.readable_turns(person, conversation).order_by("ordinal").values_list("pk", "text"):
        said += [Utterance("learner", text)] if text else []
        said += [Utterance("tutor", replies[pk])] if pk in replies else []
    return said


def attempts(person: User, turns: Iterable[Turn]) -> dict[int, list[Reply]]:
    """Replies that ``person`` may read, by the key of their turn, oldest first; one query for all turns."""
    found: dict[int, list[Reply]] = defaultdict(list)
    replies = policy.shared_replies(person).filter(turn__in=list(turns)).select_related("preset_version__preset")
    for reply in replies.order_by("attempt"):
        found[reply.turn_id].append(reply)
    return found


def reports_in(person: User, turns: Iterable[Turn]) -> dict[int, Report]:
    """Reports of these turns, by the key of the reply: each attempt has its own; one query."""
    found = policy.shared_reports(person).filter(reply__turn__in=list(turns)).select_related("seen_by")
    return {report.reply_id: report for report in found}


def corrections_in(person: User, turns: Iterable[Turn]) -> dict[int, Card]:
    """The corrections of these turns that are done, by the key of the turn; one query."""
    found = policy.shared_cards(person).filter(turn__in=list(turns), kind=CardKind.CORRECTION)
    return {card.turn_id: card for card in found.exclude(body={})}


def opened_lately(person: User, conversation: Conversation, within: timedelta) -> bool:
    since = timezone.now() - within
    return ReadReceipt.objects.filter(conversation=conversation, reader=person, opened__gte=since).exists()
