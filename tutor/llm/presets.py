"""The administrator's choice of model and manner for each purpose, and its unchanging versions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tutor.accounts.models import User
from tutor.audit import chain
from tutor.llm.models import Preset, PresetVersion
from tutor.llm.options import loaded_with, loading
from tutor.prepared import Prepared, Slot

# The specification's "recommended settings for language tutoring", word for word; num_ctx is ours, so that every
# request of every purpose carries the same one (a changed one reloads the model).
TUTOR_OPTIONS: Mapping[str, Any] = {
    "temperature": 0.7,
    "num_predict": 256,
    "top_p": 0.9,
    "repeat_penalty": 1.1,
    "num_ctx": 4096,
}
Purpose = Preset.Purpose
# What is judged or explained should come out the same twice; a report is longer than a reply.
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    Purpose.REPLY: TUTOR_OPTIONS,
    Purpose.CORRECTION: {**TUTOR_OPTIONS, "temperature": 0.2},
    Purpose.EXPLANATION: {**TUTOR_OPTIONS, "temperature": 0.3},
    Purpose.REPORT: {**TUTOR_OPTIONS, "temperature": 0.3, "num_predict": 512},
}
_NAMES: Mapping[str, str] = {purpose.value: purpose.value for purpose in Purpose} | {Purpose.REPLY.value: "default"}


_newest = Prepared(lambda: PresetVersion.objects.filter(preset__name=Slot("name")).order_by("-number")[:1])


def default_preset(purpose: str = Purpose.REPLY) -> Preset:
    """The house's preset for a purpose, made with the purpose's own options the first time anybody asks."""
    preset, fresh = Preset.objects.get_or_create(name=_NAMES[purpose], defaults={"purpose": purpose})
    if fresh or not preset.versions.exists():
        options = dict(_DEFAULTS[purpose])
        if purpose != Purpose.REPLY:
            options |= loading(current_version().options)
        PresetVersion.objects.get_or_create(preset=preset, number=1, defaults={"options": options})
    return preset


def current_version(purpose: str = Purpose.REPLY) -> PresetVersion:
    """What is asked with from now on; for replies: in new conversations."""
    newest = _newest.first(name=_NAMES[purpose])
    if newest is not None:
        return newest
    return PresetVersion.objects.get(preset=default_preset(purpose), number=1)


def options_now(version: PresetVersion, model: str) -> dict[str, Any]:
    """What a talk that began with ``version`` asks this model with: its own options, and for those that the model is
    loaded with the house's of now. Two talks that differed in one would load the model anew with each turn."""
    newest = current_version()
    return loaded_with(version.options, newest.options if may_share(newest.model, model) else version.options)


def others_than(purpose: str) -> list[PresetVersion]:
    """What the other purposes ask with."""
    return [current_version(other) for other in Purpose if other != purpose]


def may_share(model: str, other: str) -> bool:
    """Whether two presets may ask the same model: "", the best that is installed, can be any."""
    return model == other or not model or not other


def next_version(preset: Preset, by: User | None, **values: Any) -> PresetVersion:
    """Save ``values`` (model, options, mode, keep_alive) as the preset's next version."""
    newest = preset.versions.order_by("-number").first()
    number = newest.number + 1 if newest else 1
    return PresetVersion.objects.create(preset=preset, number=number, made_by=by, **values)


def versions_of(preset: Preset) -> QuerySet[PresetVersion]:
    """The newest first, with who made them."""
    return preset.versions.select_related("made_by").order_by("-number")


def find_version(preset: UUID, number: int) -> PresetVersion | None:
    return PresetVersion.objects.filter(preset__public_id=preset, number=number).select_related("preset").first()


@transaction.atomic
def save_version(preset: Preset, by: User, **values: Any) -> PresetVersion:
    """The next version, and the record of who made it. Values that change nothing make none.

    Options that the model is loaded with become those of all purposes that ask the same model: one that differed would
    load it anew with each change of purpose.
    """
    newest = preset.versions.order_by("-number").first()
    if newest is not None and all(getattr(newest, name) == value for name, value in values.items()):
        return newest
    made = _record(preset, by, **values)
    for other in others_than(preset.purpose):
        if not may_share(made.model, other.model):
            continue
        options = loaded_with(other.options, made.options)
        if options != other.options:
            _record(other.preset, by, **{**values_of(other), "options": options})
    return made


def values_of(version: PresetVersion) -> dict[str, Any]:
    """What a version says, as another one could say it."""
    return {name: getattr(version, name) for name in ("model", "options", "mode", "keep_alive")}


def _record(preset: Preset, by: User, **values: Any) -> PresetVersion:
    made = next_version(preset, by, **values)
    chain.record(by, "preset.changed", f"{preset.public_id} {made.number}")
    return made


def use_again(version: PresetVersion, by: User) -> PresetVersion:
    """An earlier version's values as the next version: history only grows."""
    return save_version(version.preset, by, **values_of(version))
