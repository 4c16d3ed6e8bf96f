"""Talks whose model no engine has any more: how many, who answers instead, and who could. Figures only, never words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.conversations.selectors import begun_with, talks_by_model
from tutor.conversations.services import use_model_instead
from tutor.llm.engine_status import EngineStatus, engine_status
from tutor.llm.selection import CurrentModel, able_model, able_models, for_conversation


@dataclass(frozen=True)
class ModelGone:
    """A model that talks were begun with and that is nowhere now; ``instead`` answers meanwhile, if anybody can."""

    host_pk: int | None
    model: str
    guided: bool
    talks: int
    instead: CurrentModel
    able: Sequence[CurrentModel]


def models_gone() -> list[ModelGone]:
    """Those that are missed, the one with most talks first. While no engine answers, nobody knows what is gone."""
    picture = engine_status()
    if not any(engine.answers for engine in picture.engines):
        return []
    return [
        ModelGone(
            host_pk=host,
            model=model,
            guided=guided,
            talks=talks,
            instead=for_conversation(host, model, guided=guided),
            able=able_models(guided=guided),
        )
        for host, model, guided, talks in talks_by_model()
        if _is_gone(picture, model)
    ]


def give_another(gone_model: str, host_pk: str, model: str, *, guided: bool) -> int | None:
    """Give all such talks another model; tells how many, or None where that one cannot hold them (any more)."""
    chosen = able_model(model, host_pk, guided=guided)
    if chosen is None or not _is_gone(engine_status(), gone_model):
        return None
    return use_model_instead(begun_with(gone_model, guided=guided), chosen.host_pk, chosen.model)


def _is_gone(picture: EngineStatus, model: str) -> bool:
    """Whether no engine has it. One that does not answer now may have it."""
    return all(engine.answers and engine.model(model) is None for engine in picture.engines)
