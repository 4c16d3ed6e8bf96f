"""Options are cut to what a model can keep: what is more would be cut short by its engine, and nobody told."""

from __future__ import annotations

import pytest

from tutor.live.budget import options_for
from tutor.llm.selection import CurrentModel

PRESET = {"num_ctx": 4096, "num_predict": 1500, "temperature": 0.7}


@pytest.mark.parametrize(
    ("kind", "context_length", "num_ctx", "num_predict"),
    [
        ("ollama", 0, 4096, 1500),
        ("ollama", 32_768, 4096, 1500),
        ("ollama", 4096, 4096, 1500),
        ("ollama", 2048, 2048, 1024),
        ("builtin", 32_768, 2048, 1024),
    ],
)
def test_no_context_is_asked_for_that_the_model_has_not(
    kind: str, context_length: int, num_ctx: int, num_predict: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.live.budget.CONTEXT_TOKENS", 2048)
    model = CurrentModel(available=True, guided=False, host_kind=kind, context_length=context_length)
    assert options_for(model, PRESET) == {"num_ctx": num_ctx, "num_predict": num_predict, "temperature": 0.7}
