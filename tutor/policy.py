"""Rights. Pages, sockets and templates ask here and nowhere else; the answer is asked anew every time.

A learner reads and writes their own. A teacher (in a family: a parent) reads conversations that belong to a membership
of their class, within the dates of both, and never writes into them. An administrator sees people, models and figures,
never words. Everyone else gets "not found".
"""

from collections.abc import Collection
from datetime import UTC, datetime

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from tutor.accounts.models import OneTimeLink, User
from tutor.classrooms.models import Classroom, Membership
from tutor.classrooms.selectors import current, has_ended, teachers_of, teacherships
from tutor.conversations.models import Card, Conversation, Reply, Report, TalkReport, Turn
from tutor.prepared import Slot

_NEVER = datetime.min.replace(tzinfo=UTC)


def own(person: User | Slot) -> QuerySet[Conversation]:
    """Conversations that ``person`` may read, write into, rename and delete."""
    return Conversation.objects.filter(learner=person, deleted__isnull=True)


def own_deleted(person: User) -> QuerySet[Conversation]:
    """Conversations that ``person`` has deleted and may still take back."""
    return Conversation.objects.filter(learner=person, deleted__isnull=False)


def reviewable(person: User) -> QuerySet[Conversation]:
    """Other people's conversations that ``person`` may read: something was said while both were in the class."""
    turns = shared_turns(person).filter(conversation=OuterRef("pk"))
    return Conversation.objects.filter(Exists(turns), deleted__isnull=True).exclude(learner=person)


def steered(person: User) -> QuerySet[Conversation]:
    """Those of them that ``person`` may give another model: the student is still in the class that is taught."""
    teaching = _teaching(person).filter(classroom=OuterRef("membership__classroom"))
    there = current(Membership.objects.filter(pk=OuterRef("membership")))
    return reviewable(person).filter(Exists(teaching), Exists(there))


def shared_turns(person: User) -> QuerySet[Turn]:
    """Turns in classes that ``person`` teaches today, within the dates of both memberships."""
    teaching = _teaching(person).filter(
        classroom=OuterRef("conversation__membership__classroom"), since__lte=OuterRef("created")
    )
    return Turn.objects.filter(Exists(teaching), _in_time())


def shared_replies(person: User) -> QuerySet[Reply]:
    """Replies that were asked for there, while the student was in the class; their words: :func:`words_in_time`."""
    return Reply.objects.filter(_in_time(), turn__in=shared_turns(person))


def shared_cards(person: User) -> QuerySet[Card]:
    """Cards that were begun there beside such turns, while the student was in the class."""
    return Card.objects.filter(_in_time(), turn__in=shared_turns(person))


def shared_reports(person: User) -> QuerySet[Report]:
    """Reports that the student made there, while in the class."""
    return Report.objects.filter(_in_time(), reply__in=shared_replies(person))


def shared_talk_reports(person: User) -> QuerySet[TalkReport]:
    """Reports of talks that ``person`` may read, made while the student was in the class; of what they quote only that
    is shown which may be read."""
    return TalkReport.objects.filter(_in_time(), conversation__in=reviewable(person))


def readers(membership: Membership | None) -> QuerySet[User]:
    """Those who can read, now, what a student writes in a talk that was opened there; nobody, if it is private."""
    if membership is None or has_left(membership):
        return User.objects.none()
    return teachers_of(membership.classroom)


def readers_of_each(memberships: Collection[Membership]) -> dict[int, list[User]]:
    """Those who can read, now, what was written in each of these students' memberships, by its key; two queries in all.

    In one that holds these are its classroom's teachers; in one that ended, those of them who were there when something
    was said in it, but for the student, who may teach there by now.
    """
    teachers = teacherships({membership.classroom_id for membership in memberships})
    latest = _latest_turns([membership for membership in memberships if has_left(membership)])
    return {
        membership.pk: [
            seat.person
            for seat in teachers[membership.classroom_id]
            if not has_left(membership)
            or (seat.person_id != membership.person_id and seat.since <= latest.get(membership.pk, _NEVER))
        ]
        for membership in memberships
    }


def _latest_turns(ended: Collection[Membership]) -> dict[int, datetime]:
    """The last moment before its end at which something was said in each membership, in a talk that is still there."""
    turns = Turn.objects.filter(_in_time(), conversation__membership__in=ended, conversation__deleted=None)
    return dict(turns.order_by().values_list("conversation__membership").annotate(Max("created")))


def is_looked_at(reply: Reply) -> bool:
    """Tell if a report of this reply would reach somebody: a reader who was there when it was asked for."""
    membership = reply.conversation.membership
    there = _teaching(OuterRef("pk")).filter(
        classroom=membership.classroom_id if membership else None, since__lte=reply.turn.created
    )
    return readers(membership).filter(Exists(there)).exists()


def words_in_time(reply: Reply, membership: Membership | None) -> str | None:
    """The text that a teacher reads of a shared reply. None: it was still written when the student had left.

    A reply that was continued after that is read as it first stood.
    """
    until = membership.until if membership else None
    written = timezone.now() if reply.is_open else reply.finished or reply.created
    if until is None or written <= until:
        return reply.text
    return reply.earlier_texts[0] if reply.earlier_texts else None


def has_left(membership: Membership | None) -> bool:
    """Tell if the student is in the class no more: what they write there now, titles included, nobody else reads."""
    return has_ended(membership)


def has_come_back(membership: Membership | None) -> bool:
    """Tell if the person is in the class again, by another membership: talks of this one stay as private as it left
    them."""
    if membership is None or not has_left(membership):
        return False
    again = Membership.objects.filter(person=membership.person_id, classroom=membership.classroom_id)
    return current(again).exists()


def is_closed(membership: Membership | None) -> bool:
    """Tell if nothing can be said any more in its talks: of a family that the person has left and come back to. What a
    child says in a family is open to its parents, and there it would not be."""
    family = membership is not None and membership.classroom.kind == Classroom.Kind.FAMILY
    return family and has_come_back(membership)


def own_replies(person: User | Slot) -> QuerySet[Reply]:
    return Reply.objects.filter(conversation__learner=person, conversation__deleted__isnull=True, chosen=True)


def own_turns(person: User | Slot) -> QuerySet[Turn]:
    return Turn.objects.filter(conversation__learner=person, conversation__deleted__isnull=True)


def own_cards(person: User | Slot) -> QuerySet[Card]:
    return Card.objects.filter(conversation__learner=person, conversation__deleted__isnull=True)


def taught(person: User) -> QuerySet[Classroom]:
    """Classes and families in which ``person`` is a teacher or parent today."""
    return Classroom.objects.filter(memberships__in=_teaching(person)).distinct()


def teaches(person: User) -> bool:
    return taught(person).exists()


def organised(person: User) -> QuerySet[Classroom]:
    """Classes and families whose members ``person`` may see, invite and let go: those taught; an administrator: all."""
    return Classroom.objects.all() if person.is_administrator else taught(person)


def organises(person: User) -> str:
    """The name of the room of their classes: "family" where there are families alone, "class", or "" for none."""
    kinds = set(organised(person).values_list("kind", flat=True))
    if kinds == {Classroom.Kind.FAMILY}:
        return "family"
    return "class" if kinds else ""


def may_invite(person: User, classroom: Classroom, role: str) -> bool:
    """Tell if ``person`` may make a link into this class. An administrator calls a teacher only where there is none:
    nobody gives themselves a seat from which words are read."""
    if taught(person).filter(pk=classroom.pk).exists():
        return True
    if not person.is_administrator or classroom.kind == Classroom.Kind.FAMILY:
        return False
    return role == Membership.Role.STUDENT or not teachers_of(classroom).exists()


def helped(person: User) -> QuerySet[User]:
    """Those for whom ``person`` may make a one-time code: for an administrator everybody else, for a teacher their
    students.

    Who teaches somewhere is helped by an administrator only: a code must not open other people's words.
    """
    others = User.objects.filter(is_active=True).exclude(pk=person.pk)
    if person.is_administrator:
        return others
    learning = current(Membership.objects.filter(role=Membership.Role.STUDENT, classroom__in=taught(person)))
    teaching = current(Membership.objects.filter(role=Membership.Role.TEACHER))
    students = others.filter(pk__in=learning.values("person"), is_administrator=False)
    return students.exclude(pk__in=teaching.values("person"))


def may_help(person: User, other: User) -> bool:
    """Tell if ``person`` may make a one-time code for ``other``."""
    return helped(person).filter(pk=other.pk).exists()


def holds(link: OneTimeLink) -> bool:
    """Tell if whoever made this link might make it today: what it opens ends with the right behind it."""
    maker = link.made_by
    if maker is None:
        return True
    if not maker.is_active:
        return False
    if link.purpose == OneTimeLink.Purpose.RESET:
        return link.person is not None and may_help(maker, link.person)
    classroom = Classroom.objects.filter(public_id=link.classroom).first() if link.classroom else None
    if classroom is None:
        return False
    if link.purpose == OneTimeLink.Purpose.JOIN:
        return may_invite(maker, classroom, link.role)
    return taught(maker).filter(pk=classroom.pk).exists()


def may_take_back(person: User, membership: Membership) -> bool:
    """Tell if ``person`` may undo this ending. Nobody gives themselves a seat from which words are read."""
    return membership.person_id != person.pk or membership.role == Membership.Role.STUDENT


def readable_turns(person: User, conversation: Conversation) -> QuerySet[Turn]:
    """The turns that ``person`` may read: all of one's own; of others', those said while both were in the class."""
    turns = Turn.objects.all() if conversation.learner_id == person.pk else shared_turns(person)
    return turns.filter(conversation=conversation)


def _in_time() -> Q:
    """Of rows that belong to a conversation: made before its learner left the class."""
    until = "conversation__membership__until"
    return Q(**{f"{until}__isnull": True}) | Q(created__lte=F(until))


def _teaching(person: User | OuterRef) -> QuerySet[Membership]:
    return current(Membership.objects.filter(person=person, role=Membership.Role.TEACHER))
