"""Questions to the engines of this server process, for pages that wait for the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.accounts.models import User
from tutor.live.supervisor import NoSupervisor, supervisor
from tutor.live.trial import Trial
from tutor.llm.engine_status import EngineState, engine_status
from tutor.llm.engines import Engines
from tutor.llm.probing import Tried, remember


def own_engines() -> Engines | None:
    """The engines, or None in a process that runs no talks."""
    try:
        return supervisor().engines
    except NoSupervisor:
        return None


def look_again_soon() -> None:
    """After a change of hosts: ask all of them at the next opportunity."""
    engines = own_engines()
    if engines is not None:
        engines.probe_soon()


async def try_out(person: User, host: str, model: str, options: Mapping[str, Any], keep_alive: str) -> Tried:
    """A test sentence by a model that an engine here has; another one is not asked."""
    try:
        runner = supervisor().runner
    except NoSupervisor:
        return Tried(model, problem="no_supervisor")
    engine = _engine(host, model)
    if engine is None:
        return Tried(model, problem="model_missing")
    tried = await Trial(person.pk, engine, model, options, keep_alive).run(runner.call())
    remember(engine.host_pk, tried)
    return tried


def _engine(host: str, model: str) -> EngineState | None:
    """The engine named ``host``, or without a name the first that has the model."""
    able = (engine for engine in engine_status().engines if engine.answers and engine.model(model) is not None)
    return next((engine for engine in able if host in {"", engine.host}), None)
