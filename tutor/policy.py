"""Who may do what. Pages, sockets and templates ask here and nowhere else; the answer is asked anew every time.

A learner reads and writes their own. A teacher (in a family: a parent) reads conversations that belong to a membership
of their class, within the dates of both, and never writes into them. An administrator sees people, models and figures,
never words. Everyone else gets "not found".
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tutor.accounts.models import User
from tutor.conversations.models import Conversation, Reply, Turn
from tutor.learners.models import Classroom, Membership


def own(person: User) -> QuerySet[Conversation]:
    """Conversations that ``person`` may read, write into, rename and delete."""
    return Conversation.objects.filter(learner=person, deleted__isnull=True)


def reviewable(person: User) -> QuerySet[Conversation]:
    """Other people's conversations that ``person`` may read: opened in a class while both were in it."""
    return Conversation.objects.filter(_taught_by(person), deleted__isnull=True).exclude(learner=person)


def own_replies(person: User) -> QuerySet[Reply]:
    return Reply.objects.filter(conversation__learner=person, conversation__deleted__isnull=True, chosen=True)


def taught(person: User) -> QuerySet[Classroom]:
    """Classes and families in which ``person`` is a teacher or parent today."""
    return Classroom.objects.filter(memberships__in=_teaching(person)).distinct()


def teaches(person: User) -> bool:
    return taught(person).exists()


def organised(person: User) -> QuerySet[Classroom]:
    """Classes and families whose members ``person`` may see, invite and let go: those taught; an administrator's are all."""
    return Classroom.objects.all() if person.is_administrator else taught(person)


def may_invite(person: User, classroom: Classroom, part: str) -> bool:
    """Whether ``person`` may make a link into this class. An administrator calls a teacher only where there is none:
    nobody gives themselves a seat from which words are read."""
    if taught(person).filter(pk=classroom.pk).exists():
        return True
    if not person.is_administrator or classroom.kind == Classroom.Kind.FAMILY:
        return False
    teachers = Membership.objects.filter(classroom=classroom, part=Membership.Part.TEACHER)
    return part == Membership.Part.STUDENT or not current(teachers).exists()


def may_help(person: User, other: User) -> bool:
    """Whether ``person`` may make a one-time code for ``other``: an administrator, or a teacher of one of their students.

    Who teaches somewhere is helped by an administrator only: a code must not open other people's words.
    """
    if not other.is_active or other == person:
        return False
    if person.is_administrator:
        return True
    if other.is_administrator or teaches(other):
        return False
    students = current(Membership.objects.filter(person=other, part=Membership.Part.STUDENT))
    return taught(person).filter(memberships__in=students).exists()


def current(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those that hold at this moment."""
    now = timezone.now()
    return memberships.filter(Q(until__isnull=True) | Q(until__gt=now), since__lte=now)


def readable_turns(person: User, conversation: Conversation) -> QuerySet[Turn]:
    """The turns that ``person`` may read: all of one's own; of others', those said while both were in the class."""
    turns = conversation.turns.all()
    if conversation.learner_id == person.pk:
        return turns
    teaching = _teaching(person).filter(classroom__memberships=conversation.membership_id).order_by("since").first()
    if teaching is None or conversation.membership is None:
        return turns.none()
    until = conversation.membership.until
    return turns.filter(created__gte=teaching.since, **({"created__lte": until} if until else {}))


def _teaching(person: User) -> QuerySet[Membership]:
    return current(Membership.objects.filter(person=person, part=Membership.Part.TEACHER))


def _taught_by(person: User) -> Exists:
    teaching = _teaching(person).filter(classroom=OuterRef("membership__classroom"), since__lte=OuterRef("updated"))
    return Exists(teaching)
