"""Questions about studies, classes and families."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from tutor.accounts.models import OneTimeLink, User
from tutor.classrooms.models import Classroom, Level, Membership, Study


def studies_of(person: User) -> QuerySet[Study]:
    return Study.objects.filter(learner=person).order_by("created")


def find_study(person: User, public_id: UUID) -> Study | None:
    return Study.objects.filter(learner=person, public_id=public_id).first()


def current(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those that hold at this moment."""
    now = timezone.now()
    return memberships.filter(Q(until__isnull=True) | Q(until__gt=now), since__lte=now)


def has_ended(membership: Membership | None) -> bool:
    return membership is not None and membership.until is not None and membership.until <= timezone.now()


def memberships_of(person: User) -> QuerySet[Membership]:
    """The memberships that ``person`` has now, in whatever role."""
    return current(Membership.objects.filter(person=person)).select_related("classroom").order_by("since")


def student_memberships(person: User) -> QuerySet[Membership]:
    """The classes and families in which ``person`` is a student now: where a conversation can be opened."""
    return memberships_of(person).filter(role=Membership.Role.STUDENT)


def earlier_student_memberships(person: User) -> QuerySet[Membership]:
    """Those that have ended, the last one first."""
    ended = Membership.objects.filter(person=person, role=Membership.Role.STUDENT, until__lte=timezone.now())
    return ended.select_related("classroom").order_by("-until")


def is_learner(person: User) -> bool:
    return studies_of(person).exists() or student_memberships(person).exists()


def find_classroom(public_id: UUID | None) -> Classroom | None:
    return Classroom.objects.filter(public_id=public_id).first() if public_id else None


def with_counts(classrooms: QuerySet[Classroom]) -> QuerySet[Classroom]:
    """The same, each with ``students`` and ``teachers`` of today, by name."""
    counts = {
        f"{role}s": Count(
            "memberships__pk",
            filter=Q(memberships__role=role, memberships__until__isnull=True, memberships__person__is_active=True),
            distinct=True,
        )
        for role in ("student", "teacher")
    }
    # Asked anew by key: what narrowed ``classrooms`` down must not narrow the counts.
    return Classroom.objects.filter(pk__in=classrooms.values("pk")).annotate(**counts).order_by("name")


def members_of(classroom: Classroom) -> QuerySet[Membership]:
    """Everybody who is or was in it: teachers first, those who left last."""
    members = Membership.objects.filter(classroom=classroom).select_related("person", "classroom")
    return members.order_by("until", "-role", "person__name", "person__username")


def find_member(classroom: Classroom, public_id: UUID) -> Membership | None:
    return members_of(classroom).filter(public_id=public_id).first()


def teachers_of(classroom: Classroom) -> QuerySet[User]:
    """Those who can read, now, what is opened in this class or family."""
    teaching = current(Membership.objects.filter(classroom=classroom, role=Membership.Role.TEACHER))
    return User.objects.filter(memberships__in=teaching, is_active=True).order_by("name", "username")


def teacherships(classrooms: Collection[int]) -> dict[int, list[Membership]]:
    """Memberships of those who teach in each of these classrooms now, by the classroom's key and in order of names."""
    teaching = current(Membership.objects.filter(classroom__in=classrooms, role=Membership.Role.TEACHER))
    found: dict[int, list[Membership]] = defaultdict(list)
    seats = teaching.filter(person__is_active=True).select_related("person")
    for seat in seats.order_by("person__name", "person__username"):
        found[seat.classroom_id].append(seat)
    return found


def membership_in(classroom: Classroom, person: User) -> Membership | None:
    return current(Membership.objects.filter(classroom=classroom, person=person)).first()


def children_of(family: Classroom) -> QuerySet[User]:
    """The family's students today, in the order they came."""
    learning = current(Membership.objects.filter(classroom=family, role=Membership.Role.STUDENT))
    return User.objects.filter(memberships__in=learning, is_active=True).order_by("date_joined", "pk")


def everybody_who_learnt_in(classroom: Classroom) -> QuerySet[User]:
    """Its students of today and of before."""
    learning = Membership.objects.filter(classroom=classroom, role=Membership.Role.STUDENT)
    return User.objects.filter(memberships__in=learning).distinct()


def children_by_tap(family: Classroom) -> list[User]:
    """Its children for whom a tap on a trusted device is enough: who have no password and no rights over others."""
    teaching = current(Membership.objects.filter(role=Membership.Role.TEACHER)).values("person")
    rightless = children_of(family).filter(is_administrator=False).exclude(pk__in=teaching)
    return [child for child in rightless if not child.has_usable_password()]


def invitations_of(classroom: Classroom) -> QuerySet[OneTimeLink]:
    """Invitations that still open the door."""
    links = OneTimeLink.objects.filter(purpose=OneTimeLink.Purpose.JOIN, classroom=classroom.public_id)
    return links.filter(uses_left__gt=0, expires__gt=timezone.now()).order_by("-created")


def find_invitation(classroom: Classroom, public_id: UUID) -> OneTimeLink | None:
    return invitations_of(classroom).filter(public_id=public_id).first()


def levels() -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in Level.choices]
