"""The administrator's choice of model and manner, and its unchanging versions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tutor.accounts import audit
from tutor.accounts.models import User
from tutor.llm.models import Preset, PresetVersion

# The specification's "recommended settings for language tutoring", word for word; num_ctx is ours, so that every
# request of every purpose carries the same one (a changed one reloads the model).
TUTOR_OPTIONS: Mapping[str, Any] = {
    "temperature": 0.7,
    "num_predict": 256,
    "top_p": 0.9,
    "repeat_penalty": 1.1,
    "num_ctx": 4096,
}
DEFAULT_NAME = "default"


def default_preset() -> Preset:
    """The house's preset, made with the specification's options the first time anybody asks."""
    preset, fresh = Preset.objects.get_or_create(name=DEFAULT_NAME)
    if fresh or not preset.versions.exists():
        PresetVersion.objects.get_or_create(preset=preset, number=1, defaults={"options": dict(TUTOR_OPTIONS)})
    return preset


def current_version() -> PresetVersion:
    """What new conversations get."""
    newest = PresetVersion.objects.filter(preset__name=DEFAULT_NAME).order_by("-number").first()
    if newest is not None:
        return newest
    return PresetVersion.objects.get(preset=default_preset(), number=1)


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
    """The next version, and the record of who made it. Values that change nothing make none."""
    newest = preset.versions.order_by("-number").first()
    if newest is not None and all(getattr(newest, name) == value for name, value in values.items()):
        return newest
    made = next_version(preset, by, **values)
    audit.record(by, "preset.changed", f"{preset.public_id} {made.number}")
    return made


def use_again(version: PresetVersion, by: User) -> PresetVersion:
    """An earlier version's values as the next version: history only grows."""
    values = {name: getattr(version, name) for name in ("model", "options", "mode", "keep_alive")}
    return save_version(version.preset, by, **values)
