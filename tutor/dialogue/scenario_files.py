"""The scenarios of this release, read from their folders."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from tutor.dialogue.message_signals import base
from tutor.dialogue.readings import WITH_READINGS, SpokenWord, plain, plain_table, readings_of, written_in
from tutor.dialogue.scenario import Scenario, ScenarioLines

_IDENTITY: Final = "scenario.toml"


def read(folder: Traversable) -> Scenario:
    """A scenario from its folder. Raises pydantic's ValidationError, or TOMLDecodeError."""
    identity = _table(folder.joinpath(_IDENTITY))
    written = (file for file in folder.iterdir() if file.name.endswith(".toml") and file.name != _IDENTITY)
    lines = [ScenarioLines.model_validate(_table(file)) for file in sorted(written, key=lambda file: file.name)]
    return Scenario.model_validate({**identity, "lines": {one.language: one for one in lines}})


@cache
def shipped() -> Mapping[str, Scenario]:
    """All scenarios of this release by their keys, in the order in which they are offered."""
    folders = (entry for entry in files(__package__).joinpath("scenarios").iterdir() if entry.is_dir())
    found = [read(folder) for folder in folders if folder.joinpath(_IDENTITY).is_file()]
    return {one.key: one for one in sorted(found, key=_place)}


def version(key: str, number: int) -> Scenario | None:
    """A scenario as it was in this version: the shipped one, or an older one kept beside it as `key/v3/`.

    A version that nobody keeps any more is None: a conversation that began with it goes on with the shipped one.
    """
    newest = shipped().get(key)
    if newest is None or newest.version == number:
        return newest
    folder = files(__package__).joinpath("scenarios", key, f"v{number}")
    return read(folder) if folder.is_dir() else None


@cache
def written_lines(language: str) -> Mapping[str, str]:
    """How each line of a language stands in the files, with its readings, by the plain words that are said."""
    folders = [entry for entry in files(__package__).joinpath("scenarios").iterdir() if entry.is_dir()]
    named = [folder.joinpath(f"{language}.toml") for folder in folders]
    named.append(files(__package__).joinpath("shared_lines", f"{language}.toml"))
    found = (text for file in named if file.is_file() for text in written_in(_written(file)))
    known = {plain(text): text for text in found}
    # As help shows an answer with a gap in it.
    return known | {text.replace("___", "…"): line.replace("___", "…") for text, line in known.items() if "___" in text}


def spoken_lines(text: str, language: str) -> tuple[tuple[SpokenWord, ...], ...]:
    """How the authored lines of a message are read, in a language whose script does not say it; () where none is."""
    studied = base(language)
    return readings_of(text, written_lines(studied)) if studied in WITH_READINGS else ()


def _place(one: Scenario) -> tuple[int, str]:
    order = (
        "acquaintance", "home", "day", "weekend", "market", "restaurant", "town", "travel",
        "patient", "children", "free",
    )  # fmt: skip
    return (order.index(one.key) if one.key in order else len(order), one.key)


def _table(file: Traversable) -> dict[str, Any]:
    return {key: plain_table(one) for key, one in _written(file).items()}


def _written(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
