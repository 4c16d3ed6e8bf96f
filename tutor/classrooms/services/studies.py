"""The languages a person learns. Conversations keep copies: what changes here applies to new ones."""

from collections.abc import Collection

from django.db import transaction

from tutor.accounts.models import User
from tutor.classrooms.models import CorrectionTiming, Study


@transaction.atomic
def add_study(person: User, language: str, level: str, goal: str = "") -> Study:
    """The study of ``language``; where there is one already, it takes the new level and goal."""
    study, _made = Study.objects.update_or_create(
        learner=person, language=language, defaults={"level": level, "goal": goal}
    )
    return study


@transaction.atomic
def change_study(
    study: Study, level: str, goal: str, corrections: str = CorrectionTiming.LIVE, kinds: Collection[str] = ()
) -> Study:
    """``kinds`` are the groups of corrections that are told of; none are all."""
    study.level, study.goal = level, goal
    study.corrections, study.correction_kinds = corrections, sorted(kinds)
    study.save(update_fields=["level", "goal", "corrections", "correction_kinds"])
    return study


@transaction.atomic
def remove_study(study: Study) -> None:
    """Forget the study. Its conversations stay, with the copies they made when they began."""
    study.delete()
