"""The form of a preset, for one purpose."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tutor.accounts.forms import PlainLabels
from tutor.dialogue import GUIDED_OPTIONS
from tutor.llm.engine_status import EngineStatus
from tutor.llm.models import PresetVersion
from tutor.llm.options import KEEP_ALIVE, RANGES, loading, problems
from tutor.llm.presets import Purpose, may_share, others_than
from tutor.llm.selection import choose


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
        help_text=_(
            "In guided talk the model chooses among sentences that were written beforehand. Small models need that."
        ),
        choices=PresetVersion.Mode.choices,
    )
    temperature = _figure("temperature", _("Temperature"), _("0: always the same; 0.7: lively; 2: wild"), 0.05)
    num_predict = _figure("num_predict", _("Longest reply (num_predict)"), _("in tokens, some ¾ of a word each"), 1)
    top_p = _figure("top_p", _("Choice of words (top_p)"), _("0.9: the likeliest nine tenths; lower is plainer"), 0.05)
    repeat_penalty = _figure(
        "repeat_penalty", _("Against repetition (repeat_penalty)"), _("1: none; 1.1: gentle"), 0.05
    )
    num_ctx = _figure(
        "num_ctx",
        _("Memory of the talk (num_ctx)"),
        _("in tokens; more needs more main memory. One for all purposes of a model: a change here is one there"),
        1,
    )
    keep_alive = forms.ChoiceField(
        label=_("Stays loaded"), help_text=_("after the last message, so that the next one is quick")
    )

    def __init__(self, *args: Any, picture: EngineStatus, current: PresetVersion, **kwargs: Any) -> None:
        kept = {name: current.options[name] for name in RANGES if name in current.options}
        initial = {"model": current.model, "mode": current.mode, "keep_alive": current.keep_alive} | kept
        super().__init__(*args, initial=initial, **kwargs)
        self._picture, self._current = picture, current
        self._purpose, self._others = current.preset.purpose, others_than(current.preset.purpose)
        self._give_choices("model", self._models(current.model))
        kept_alive = [(current.keep_alive, current.keep_alive)] if current.keep_alive not in KEEP_ALIVE else []
        self._give_choices("keep_alive", [*KEEP_ALIVE.items(), *kept_alive])
        if self._purpose != Purpose.REPLY:
            del self.fields["mode"]
        for name in self.idle:
            self.fields[name].help_text = _("has no effect now: guided talk sets it")
            self.fields[name].widget.attrs["data-idle"] = ""

    @property
    def idle(self) -> set[str]:
        """Options that count for nothing now, because replies are guided talk: it brings its own, and with temperature
        0 the choice of words is none."""
        if self._purpose != Purpose.REPLY:
            return set()
        answer = choose(self._picture, self._current.model, self._current.mode)
        return {*GUIDED_OPTIONS, "top_p"} if answer.guided else set()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        options = {name: cleaned[name] for name in RANGES if cleaned.get(name) is not None}
        for name, words in problems(options, builtin=self._builtin_may_answer(cleaned.get("model", ""))).items():
            self.add_error(name, str(words))
        self._check_sharing(cleaned.get("model", ""), options)
        return cleaned

    def values(self) -> dict[str, Any]:
        """What a version is made of, from a form that was found valid."""
        cleaned = self.cleaned_data
        options = self._current.options | {name: cleaned[name] for name in RANGES}
        mode = cleaned.get("mode", self._current.mode)
        return {"model": cleaned["model"], "options": options, "mode": mode, "keep_alive": cleaned["keep_alive"]}

    def _check_sharing(self, model: str, options: dict[str, Any]) -> None:
        """What the model is loaded with becomes that of its other purposes: they must be able to live with it."""
        for other in self._others:
            both = other.options | loading(options)
            if may_share(model, other.model) and problems(both, builtin=False) and "num_ctx" not in self.errors:
                words = _("Too little for “%(purpose)s” by the same model: its answers may have %(most)s tokens.")
                facts = {"purpose": other.preset.get_purpose_display(), "most": other.options["num_predict"]}
                self.add_error("num_ctx", str(words) % facts)

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
