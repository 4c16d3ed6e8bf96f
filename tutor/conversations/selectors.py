"""What is read of conversations. Every list is paged or bounded; the number of queries does not grow with rows."""

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from tutor.accounts.models import User
from tutor.conversations.models import Card, Conversation, ReadReceipt, Reply, Turn
from tutor.conversations.provenance import OPEN_STATES, MadeState


def conversations_of(person: User, search: str = "") -> QuerySet[Conversation]:
    """The learner's own, newest first. As many as there are: whoever shows them pages them."""
    found = Conversation.objects.filter(learner=person, deleted__isnull=True)
    if search:
        found = found.filter(title__icontains=search)
    return found.order_by("-updated", "-pk")


def begun_with(model: str, *, guided: bool) -> QuerySet[Conversation]:
    """Everybody's talks of a kind that this model answers in: to be counted and given another, not to be read."""
    return Conversation.objects.filter(deleted__isnull=True, model=model, guided=guided)


def talks_by_model() -> list[tuple[int | None, str, bool, int]]:
    """How many talks each model answers in: host, model, guided or not, talks; the most first."""
    named = Conversation.objects.filter(deleted__isnull=True).exclude(model="").order_by()
    counted = named.values_list("host", "model", "guided").annotate(talks=Count("pk"))
    return list(counted.order_by("-talks", "model"))


def page(turns: QuerySet[Turn], before: int | None = None, limit: int = 40) -> tuple[list[Turn], bool]:
    """The last ``limit`` turns (before the ordinal ``before``), oldest first, and whether there are earlier ones."""
    found = turns if before is None else turns.filter(ordinal__lt=before)
    chosen = Reply.objects.filter(chosen=True).select_related("preset_version__preset", "report")
    rows: list[Turn] = list(
        found.select_related("conversation")
        .prefetch_related(Prefetch("replies", queryset=chosen, to_attr="chosen_replies"))
        .prefetch_related("cards")
        .order_by("-ordinal")[: limit + 1]
    )
    shown = rows[:limit][::-1]
    for turn in shown:
        turn.said, turn.margin = chosen_of(turn), list(turn.cards.all())
    return shown, len(rows) > limit


def chosen_of(turn: Turn) -> Reply:
    """The reply that ``page`` has prefetched."""
    found: list[Reply] = vars(turn)["chosen_replies"]
    return found[0]


def turns_after(conversation: Conversation, ordinal: int, limit: int = 40) -> list[Turn]:
    """The newest turns after ``ordinal``, oldest first, with their replies."""
    return page(conversation.turns.filter(ordinal__gt=ordinal), limit=limit)[0]


def open_reply(conversation: Conversation) -> Reply | None:
    return Reply.objects.filter(conversation=conversation, state__in=OPEN_STATES).first()


def faulty_replies(number: str = "") -> QuerySet[Reply]:
    """Replies that an engine's fault has ended, the newest first: what made them, why, and no words of anybody's.

    ``number`` is the id of one of them.
    """
    ended = Reply.objects.filter(state__in=(MadeState.FAILED, MadeState.INTERRUPTED)).exclude(error_code="restart")
    if number:
        ended = ended.filter(public_id__in=_with_id(number))
    fields = ("public_id", "finished", "model", "error_code", "error_detail", "host__base_url")
    return ended.select_related("host").only(*fields).order_by("-finished", "-pk")


def _with_id(number: str) -> list[UUID]:
    """The one id that this is, written in any way; none where it is no id."""
    try:
        return [UUID(number)]
    except ValueError:
        return []


def as_told(replies: QuerySet[Reply]) -> QuerySet[Reply]:
    """These replies with what a frame says of them: the turn, its conversation, a report, :func:`is_last` and
    :func:`has_cards`."""
    carded = Card.objects.filter(turn=OuterRef("turn"))
    later = Turn.objects.filter(conversation=OuterRef("conversation"), ordinal__gt=OuterRef("turn__ordinal"))
    return replies.select_related("turn__conversation", "report").annotate(later=Exists(later), carded=Exists(carded))


def is_last(reply: Reply) -> bool:
    """Whether nothing was said after it; of a reply that comes :func:`as_told`."""
    return not vars(reply)["later"]


def has_cards(reply: Reply) -> bool:
    """Whether cards stand beside it; of a reply that comes :func:`as_told`."""
    return bool(vars(reply)["carded"])


def receipts_of(conversation: Conversation) -> QuerySet[ReadReceipt]:
    return conversation.read_receipts.all()


def receipts_about(person: User) -> QuerySet[ReadReceipt]:
    """Who opened this person's conversations, newest first. As many as there are: whoever shows them pages them."""
    about = ReadReceipt.objects.filter(conversation__learner=person, conversation__deleted__isnull=True)
    return about.select_related("conversation").order_by("-opened", "-pk")


def latest_receipt(person: User) -> ReadReceipt | None:
    return ReadReceipt.objects.filter(Q(conversation__learner=person)).first()
