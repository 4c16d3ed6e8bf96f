"""Forms of the console: a host, the preset, a new person."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from tutor.accounts.forms import PlainLabels
from tutor.accounts.models import User
from tutor.accounts.services import username_taken
from tutor.llm.engine_status import EngineStatus
from tutor.llm.hosts import MOST_PARALLELISM
from tutor.llm.models import PresetVersion
from tutor.llm.options import KEEP_ALIVE, RANGES, problems
from tutor.ollama.hosts import CLOUD_HOST, parse_host

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


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


def _figure(name: str, label: Any, help_text: Any, step: float) -> forms.Field:
    """A number field within the option's range."""
    between, widget = RANGES[name], forms.NumberInput(attrs={"step": step, "inputmode": "decimal"})
    if between.whole:
        least, most = int(between.least), int(between.most)
        return forms.IntegerField(label=label, help_text=help_text, min_value=least, max_value=most, widget=widget)
    return forms.FloatField(
        label=label, help_text=help_text, min_value=between.least, max_value=between.most, widget=widget
    )


class PresetForm(PlainLabels, forms.Form):
    model = forms.ChoiceField(label=_("Model"), required=False)
    mode = forms.ChoiceField(
        label=_("Kind of talk"),
        help_text=_("In guided talk the model chooses among sentences that people wrote. Small models need that."),
        choices=PresetVersion.Mode.choices,
    )
    temperature = _figure("temperature", _("Temperature"), _("0: always the same; 0.7: lively; 2: wild"), 0.05)
    num_predict = _figure("num_predict", _("Longest reply (num_predict)"), _("in tokens, some ¾ of a word each"), 1)
    top_p = _figure("top_p", _("Choice of words (top_p)"), _("0.9: the likeliest nine tenths; lower is plainer"), 0.05)
    repeat_penalty = _figure(
        "repeat_penalty", _("Against repetition (repeat_penalty)"), _("1: none; 1.1: gentle"), 0.05
    )
    num_ctx = _figure("num_ctx", _("Memory of the talk (num_ctx)"), _("in tokens; more needs more main memory"), 1)
    keep_alive = forms.ChoiceField(
        label=_("Stays loaded"), help_text=_("after the last message, so that the next one is quick")
    )
    OPTIONS: ClassVar[tuple[str, ...]] = tuple(RANGES)

    def __init__(self, *args: Any, picture: EngineStatus, current: PresetVersion, **kwargs: Any) -> None:
        kept = {name: current.options[name] for name in RANGES if name in current.options}
        initial = {"model": current.model, "mode": current.mode, "keep_alive": current.keep_alive} | kept
        super().__init__(*args, initial=initial, **kwargs)
        self._picture = picture
        self._give_choices("model", self._models(current.model))
        kept_alive = [(current.keep_alive, current.keep_alive)] if current.keep_alive not in KEEP_ALIVE else []
        self._give_choices("keep_alive", [*KEEP_ALIVE.items(), *kept_alive])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        options = {name: cleaned[name] for name in RANGES if cleaned.get(name) is not None}
        for name, words in problems(options, builtin=self._builtin_may_answer(cleaned.get("model", ""))).items():
            self.add_error(name, str(words))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What a version is made of, from a form that was found valid."""
        cleaned = self.cleaned_data
        options = {name: cleaned[name] for name in RANGES}
        return {
            "model": cleaned["model"],
            "options": options,
            "mode": cleaned["mode"],
            "keep_alive": cleaned["keep_alive"],
        }

    def _give_choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _models(self, current: str) -> list[tuple[str, Any]]:
        able = {facts.name for engine in self._picture.engines for facts in engine.models if facts.completion}
        gone = (
            [(current, _("%(model)s (not installed now)") % {"model": current})] if current not in {"", *able} else []
        )
        return [("", _("the best that is installed")), *((name, name) for name in sorted(able)), *gone]

    def _builtin_may_answer(self, model: str) -> bool:
        if not model:
            return bool(settings.ENGINE != "off")
        return any(engine.kind == "builtin" and engine.model(model) for engine in self._picture.engines)


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
