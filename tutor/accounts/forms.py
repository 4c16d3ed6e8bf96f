"""Forms about a person, used by set-up, invitations and the profile alike."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tutor.accounts.hashing import TooManyAtOnce
from tutor.accounts.models import User
from tutor.accounts.services import username_taken
from tutor.accounts.zones import zone_choices
from tutor.languages import autonym, every_language

if TYPE_CHECKING:
    _PersonModelForm = forms.ModelForm[User]
else:
    _PersonModelForm = forms.ModelForm

TEXT_SIZES = [(90, _("small")), (100, _("normal")), (115, _("large")), (130, _("larger")), (150, _("largest"))]


def interface_choices() -> list[tuple[str, str]]:
    """The complete translations, each by its own name: a person lost in a foreign page finds theirs."""
    return [(tag, autonym(tag)) for tag, _name in settings.LANGUAGES]


def _password(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, help_text=help_text, widget=widget, strip=False, max_length=200)


class PlainLabels(forms.BaseForm):
    """Labels stand above their fields and need no colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class NewPasswordForm(PlainLabels, forms.Form):
    """A password, twice, held against the house's rules. ``self.person`` is whom it must not resemble.

    ``cleaned_data["password_hash"]`` is there once everything else is right.
    """

    password1 = _password(_("Password"), _("At least 8 characters. A short sentence is easy to remember."))
    password2 = _password(_("The same password again"))

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords are not the same."))
        elif first:
            self._hold_against_the_rules(first)
        return cleaned

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound or self.errors:
            return
        try:
            self.cleaned_data["password_hash"] = make_password(self.cleaned_data["password1"])
        except TooManyAtOnce as refused:
            self.add_error(None, refused)

    def _hold_against_the_rules(self, password: str) -> None:
        try:
            validate_password(password, self.person or self._person_so_far())
        except forms.ValidationError as refused:
            self.add_error("password1", refused)

    def _person_so_far(self) -> User:
        return User(username=self.cleaned_data.get("username", ""), name=self.cleaned_data.get("name", ""))


class NewPersonForm(NewPasswordForm):
    """Everything a new account needs. E-mail is not among it."""

    username = forms.CharField(
        label=_("Username"),
        help_text=_("With this name you sign in. Letters, digits and @ . + - _"),
        max_length=60,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("How others here see you. Empty: your username."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    interface_language = forms.ChoiceField(label=_("Language of the pages"), choices=interface_choices)
    own_language = forms.ChoiceField(
        label=_("Your own language"),
        help_text=_("The one you explain things to yourself in."),
        choices=every_language,
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        required=False,
        initial="UTC",
        widget=forms.Select(attrs={"data-time-zone": "choose"}),
    )
    field_order = [
        "username",
        "name",
        "password1",
        "password2",
        "interface_language",
        "own_language",
        "time_zone",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = get_language() or "en"
        self.initial.setdefault("interface_language", here)
        self.initial.setdefault("own_language", here)

    def clean_username(self) -> str:
        username: str = User.normalize_username(self.cleaned_data["username"])
        if username_taken(username):
            raise forms.ValidationError(_("This name is taken already."))
        return username

    def create(self, **fields: Any) -> User:
        """The new person, from a form that was found valid."""
        given = {key: self.cleaned_data[key] for key in ("name", "interface_language", "own_language")}
        zone = self.cleaned_data["time_zone"] or "UTC"
        return User.objects.add(
            self.cleaned_data["username"], self.cleaned_data["password_hash"], time_zone=zone, **given, **fields
        )


class ProfileForm(PlainLabels, _PersonModelForm):
    """Name, languages, time zone and text size of a person, by themselves."""

    interface_language = forms.ChoiceField(label=_("Language of the pages"), choices=interface_choices)
    own_language = forms.ChoiceField(
        label=_("Your own language"),
        help_text=_("The tutor explains in it. A change applies to new conversations."),
        choices=every_language,
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        widget=forms.Select(attrs={"data-time-zone": "suggest"}),
    )
    text_size = forms.TypedChoiceField(label=_("Text size"), choices=TEXT_SIZES, coerce=int)

    class Meta:
        model = User
        fields: ClassVar[list[str]] = [
            "name",
            "interface_language",
            "own_language",
            "time_zone",
            "text_size",
            "email",
        ]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.initial.get("interface_language"):
            self.initial["interface_language"] = get_language() or "en"
