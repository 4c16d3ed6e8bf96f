"""Engines as they could answer."""

from __future__ import annotations

from tutor.llm.engine_status import EngineState, ModelFacts


def ollama(*models: ModelFacts, **fields: object) -> EngineState:
    """An Ollama server on this computer that answers."""
    host = "2f5c9f3e-6a52-4b51-9c37-0d7a3f0e2a11"
    values: dict[str, object] = {"answers": True, "version": "0.33.0", "latency_ms": 3, "models": models} | fields
    return EngineState(7, host, "ollama", "http://127.0.0.1:11434", 2, **values)  # type: ignore[arg-type]
