"""The form with which a house begins."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tutor.accounts.codes import read_code
from tutor.accounts.forms import NewPersonForm, PlainLabels
from tutor.classrooms.forms import studied_choices
from tutor.classrooms.selectors import levels

KINDS = [("me", _("Just me")), ("family", _("A family")), ("class", _("A class"))]
MOST_CHILDREN = 12


class CodeForm(PlainLabels, forms.Form):
    """A one-time code as somebody typed it; ``cleaned_data`` has what they meant."""

    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("Twelve letters and digits. Capitals, spaces and dashes do not matter."),
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "class": "one-time-code",
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "autocorrect": "off",
                "spellcheck": "false",
                "dir": "ltr",
                "autofocus": True,
            }
        ),
    )

    def clean_code(self) -> str:
        return read_code(self.cleaned_data["code"])


class FirstLanguageForm(NewPersonForm):
    """A new person and the first language they want to learn, which who only teaches leaves out."""

    language = forms.ChoiceField(label=_("I want to learn"), choices=studied_choices)
    level = forms.ChoiceField(
        label=_("My level in it"), help_text=_("Your guess is good enough; you can change it."), choices=levels
    )

    def __init__(self, *args: Any, study_optional: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if study_optional:
            self.fields["language"].required = self.fields["level"].required = False
            self.fields["language"].help_text = _("A parent or teacher may leave it open.")


class SetUpForm(FirstLanguageForm):
    """The administrator, and whom the house is for."""

    kind = forms.ChoiceField(label=_("Who is it for?"), choices=KINDS, initial="me", widget=forms.RadioSelect)
    family_name = forms.CharField(label=_("Name of the family"), max_length=80, required=False)
    children = forms.CharField(
        label=_("First names of the children, one a line"),
        help_text=_("They sign in by a tap on their name, without password or e-mail. More can be added later."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    class_name = forms.CharField(label=_("Name of the class"), max_length=80, required=False)
    whom_to_turn_to = forms.CharField(
        label=_("Whom can somebody in distress turn to here?"),
        help_text=_(
            "Names, rooms, telephone numbers. The tutor says them to who writes that they are in danger. "
            "They can be changed later under Administration."
        ),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, study_optional=True, **kwargs)

    def clean_children(self) -> list[str]:
        names = [line.strip()[:80] for line in self.cleaned_data["children"].splitlines() if line.strip()]
        if len(names) > MOST_CHILDREN:
            raise forms.ValidationError(_("At most 12 children here; more can be added later."))
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._need("family", "family_name", _("What is the family called?"))
        self._need("class", "class_name", _("What is the class called?"))
        if cleaned.get("kind") == "me" and not cleaned.get("language") and "language" not in self.errors:
            self.add_error("language", _("Which language do you want to learn?"))
        return cleaned

    def _need(self, kind: str, field: str, question: Any) -> None:
        if self.cleaned_data.get("kind") == kind and not self.cleaned_data.get(field):
            self.add_error(field, question)
