"""What the pages about models show, gathered from the engines' status, the machine and the sources of weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from tutor.console import messages, model_table
from tutor.console.talks import models_gone
from tutor.jobs.messages import size_text, time_text
from tutor.jobs.presenters import jobs_shown
from tutor.llm import machine, weights
from tutor.llm.builtin import software
from tutor.llm.engine_status import EngineState, EngineStatus, engine_status
from tutor.llm.hosts import place_of
from tutor.llm.presets import current_version
from tutor.llm.probing import Tried, last_tried
from tutor.llm.selection import current_model
from tutor.llm.weights_job import engine_starts
from tutor.llm.weights_messages import SOURCES

GB = 1_000_000_000


@dataclass(frozen=True)
class ModelRow:
    """A row of the table with its figures in words."""

    row: model_table.Row
    purpose: str
    memory: str
    about: str
    leaves: str
    held: str
    source: str
    time: str


@dataclass(frozen=True)
class EngineCard:
    state: EngineState
    problem: str
    place: str
    software: str


def overview() -> dict[str, Any]:
    """The page "Models"."""
    picture, now, memory, version = engine_status(), current_model(), machine.memory(), current_version()
    return {
        "rows": [_shown(row) for row in model_table.ollama_rows(picture, memory, now)],
        "builtin": [_shown(row) for row in model_table.builtin_rows(picture, memory, now, _offers())],
        "looking": weights.looking(),
        "looked": weights.looked(),
        "engines": engines(picture),
        "asked": picture.asked,
        "now": now,
        "why": messages.why(now, version.model, picture),
        "tried": last_tried(now.host_pk, now.model) if now.host_pk is not None else None,
        "total": _gigabytes(memory.total_bytes),
        "free": _gigabytes(memory.free_bytes),
        "engine_starts": engine_starts(),
        "gone": models_gone(),
        **jobs_shown(),
    }


def engines(picture: EngineStatus) -> list[EngineCard]:
    return [_shown_engine(one) for one in picture.engines]


def _shown_engine(state: EngineState) -> EngineCard:
    place = str(messages.PLACES[place_of(state.base_url)])
    name = software() if state.kind == "builtin" else f"Ollama {state.version}".strip()
    return EngineCard(state, _problem(state), place, name)


def engine_words(state: EngineState) -> str:
    """What answers at an address, in one sentence."""
    if not state.answers:
        return _problem(state)
    words_ = _("Ollama %(version)s answers in %(ms)s ms, with %(count)s models: %(names)s")
    names = ", ".join(facts.name for facts in state.models[:8]) or "–"
    figures = {"version": state.version, "ms": state.latency_ms, "count": len(state.models), "names": names}
    return words_ % figures


def tested(tried: Tried) -> dict[str, Any]:
    return {"tried": tried, "problem_words": messages.TEST_PROBLEMS.get(tried.problem, "") if tried.problem else ""}


def _offers() -> Sequence[weights.Offer]:
    return weights.offers()


def _problem(state: EngineState) -> str:
    return (
        ""
        if state.answers
        else str(messages.ENGINE_PROBLEMS.get(state.problem, messages.ENGINE_PROBLEMS["engine_error"]))
    )


def _shown(row: model_table.Row) -> ModelRow:
    return ModelRow(
        row=row,
        purpose=str(messages.PURPOSES[row.purpose]),
        memory=_("~%(size)s GB")
        % {"size": number_format(row.memory_bytes / GB, 0 if row.memory_bytes >= 2 * GB else 1)},
        about=" · ".join(part for part in _about(row) if part),
        leaves=_leaves(row.fit),
        held=_gigabytes(row.loaded.size_bytes) if row.loaded else "",
        source=str(SOURCES.get(row.offer.source, "")) if row.offer else "",
        time=time_text(row.offer.seconds) if row.offer and row.offer.seconds else "",
    )


def _about(row: model_table.Row) -> list[str]:
    if row.facts is not None:
        return [row.facts.parameter_size, size_text(row.facts.size_bytes) if row.facts.size_bytes else ""]
    if row.offer is not None:
        return [row.offer.title, size_text(row.offer.size_bytes), row.offer.licence]
    return [_("not installed")]


def _leaves(suits: machine.Fit) -> str:
    if suits.verdict == "unknown":
        return ""
    if suits.missing_bytes:
        return _("%(size)s too little") % {"size": _gigabytes(suits.missing_bytes)}
    return _("leaves %(size)s") % {"size": _gigabytes(suits.leaves_bytes)}


def _gigabytes(size_bytes: int) -> str:
    return _("%(size)s GB") % {"size": number_format(size_bytes / GB, 1)} if size_bytes else "–"
