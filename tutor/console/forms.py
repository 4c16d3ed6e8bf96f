"""Forms of the console: a host, a new person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from tutor.accounts.forms import PlainLabels
from tutor.accounts.models import User
from tutor.accounts.services import username_taken
from tutor.conversations.distress import LANGUAGES, PEOPLE
from tutor.languages import autonym
from tutor.llm.hosts import MOST_PARALLELISM
from tutor.ollama.hosts import CLOUD_HOST, parse_host

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class DistressForm(PlainLabels, forms.Form):
    """One field a language, and the people to turn to."""

    people = forms.CharField(
        label=_("Whom to turn to here"),
        help_text=_("Names, rooms, telephone numbers. They follow the sentence, in every language."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, texts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, initial={"people": texts[PEOPLE]} | dict(texts), **kwargs)
        for language in LANGUAGES:
            widget = forms.Textarea(attrs={"rows": 5, "lang": language, "dir": "auto", "autocomplete": "off"})
            self.fields[language] = forms.CharField(
                label=autonym(language), max_length=1200, required=False, widget=widget
            )

    def texts(self) -> dict[str, str]:
        """What is to be kept, as :func:`tutor.conversations.distress.save_distress_texts` takes it."""
        return {PEOPLE: self.cleaned_data["people"]} | {one: self.cleaned_data[one] for one in LANGUAGES}


class HostForm(PlainLabels, forms.Form):
    base_url = forms.CharField(
        label=_("Address"),
        help_text=_("Of the Ollama server, such as http://127.0.0.1:11434 or gpu.local"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    parallelism = forms.IntegerField(
        label=_("Replies at once"),
        help_text=_("As many as the server was told to take (OLLAMA_NUM_PARALLEL). Everybody else waits in line."),
        min_value=1,
        max_value=MOST_PARALLELISM,
        initial=1,
    )
    enabled = forms.BooleanField(label=_("in use"), required=False, initial=True)

    def clean_base_url(self) -> str:
        written: str = self.cleaned_data["base_url"]
        bare = _SCHEME.sub("", written)
        if "@" in bare.partition("/")[0]:
            raise forms.ValidationError(_("Write the address without a name and password."))
        if "?" in bare or "#" in bare:
            raise forms.ValidationError(_("An address of a server has no ? and no #."))
        try:
            address = parse_host(written)
        except ValueError:
            raise forms.ValidationError(_("This is no address. One looks like http://127.0.0.1:11434")) from None
        if CLOUD_HOST in address.lower() and not settings.ALLOW_CLOUD:
            raise forms.ValidationError(_("What is written stays in this house: servers elsewhere are not asked."))
        return address


class PersonForm(PlainLabels, forms.Form):
    """A new person who chooses their password by a one-time link."""

    username = forms.CharField(
        label=_("Username"),
        help_text=_("With this name they sign in. Letters, digits and @ . + - _"),
        max_length=60,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"), max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_username(self) -> str:
        username: str = User.normalize_username(self.cleaned_data["username"])
        if username_taken(username):
            raise forms.ValidationError(_("This name is taken already."))
        return username
