"""Forms about what somebody learns, and about classes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tutor.accounts.forms import PlainLabels
from tutor.classrooms.models import Classroom, CorrectionTiming
from tutor.classrooms.selectors import levels
from tutor.dialogue import languages
from tutor.dialogue.corrections import GROUPS
from tutor.languages import in_order, label


def studied_choices() -> list[tuple[str, object]]:
    """Languages to learn: first those in which every model can teach, then those that need a bigger one."""
    guided = _named(languages(guided=True))
    free = [choice for choice in _named(languages(guided=False)) if choice not in guided]
    return [
        ("", _("choose a language")),
        (str(_("With every model")), guided),
        (str(_("With a bigger model only (Ollama)")), free),
    ]


def _named(tags: Any) -> list[tuple[str, str]]:
    return sorted(((tag, label(tag)) for tag in tags), key=lambda choice: in_order(choice[1]))


def correction_groups() -> list[tuple[str, object]]:
    """The groups of kinds, as people choose among them."""
    names = {
        "verbs": _("Verbs"),
        "agreement": _("Gender, number and case"),
        "small-words": _("Articles and other small words"),
        "order": _("Order of words, words missing or too many"),
        "words": _("Choice of words"),
        "spelling": _("Spelling and accents"),
    }
    return [(group, names[group]) for group in GROUPS]


class LevelForm(PlainLabels, forms.Form):
    """Level and goal of one study."""

    level = forms.ChoiceField(
        label=_("Level"), help_text=_("Your guess is good enough; you can change it."), choices=levels
    )
    goal = forms.CharField(
        label=_("Goal (optional)"),
        help_text=_("For example: talk with my grandmother, order in a café."),
        max_length=200,
        required=False,
    )


class StudySettingsForm(LevelForm):
    """Level and goal, and when and of what a learner is told that it was wrong."""

    corrections = forms.ChoiceField(
        label=_("Corrections"),
        help_text=_("The last one puts a button beside each of your messages."),
        choices=CorrectionTiming.choices,
        widget=forms.RadioSelect,
    )
    correction_kinds = forms.MultipleChoiceField(
        label=_("Only of these kinds"),
        help_text=_("None ticked: all of them."),
        choices=correction_groups,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class StudyForm(LevelForm):
    """A language to learn, with level and goal."""

    language = forms.ChoiceField(label=_("Language"), choices=studied_choices)
    field_order = ["language", "level", "goal"]


def _kinds() -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in Classroom.Kind.choices]


class ClassroomForm(PlainLabels, forms.Form):
    """A new class or family."""

    kind = forms.ChoiceField(label=_("Kind"), choices=_kinds)
    name = forms.CharField(label=_("Name"), max_length=80)
    taught_by_me = forms.BooleanField(
        label=_("I teach it myself"),
        help_text=_("Otherwise you invite a teacher. In a family you are its first parent."),
        required=False,
    )


class NameForm(PlainLabels, forms.Form):
    """One name: of a class, a family or a child."""

    name = forms.CharField(label=_("Name"), max_length=80)
