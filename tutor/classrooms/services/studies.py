"""The languages a person learns. Conversations keep copies: what changes here applies to new ones."""

from django.db import transaction

from tutor.accounts.models import User
from tutor.classrooms.models import Study


@transaction.atomic
def add_study(person: User, language: str, level: str, goal: str = "") -> Study:
    """The study of ``language``; where there is one already, it takes the new level and goal."""
    study, _made = Study.objects.update_or_create(
        learner=person, language=language, defaults={"level": level, "goal": goal}
    )
    return study


@transaction.atomic
def change_study(study: Study, level: str, goal: str) -> Study:
    study.level, study.goal = level, goal
    study.save(update_fields=["level", "goal"])
    return study


@transaction.atomic
def remove_study(study: Study) -> None:
    """Forget the study. Its conversations stay, with the copies they made when they began."""
    study.delete()
