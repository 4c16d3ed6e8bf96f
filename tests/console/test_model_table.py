"""Does it fit? Pure arithmetic over what the engine_status shows."""

from __future__ import annotations

import pytest

from tests.console.engines import ollama
from tutor.console.model_table import ollama_rows
from tutor.llm.engine_status import EngineStatus, LoadedFacts, ModelFacts
from tutor.llm.machine import Memory, fit, memory, needed_bytes
from tutor.llm.selection import choose

GB = 1_000_000_000


@pytest.mark.parametrize(
    ("needs", "free", "verdict"),
    [(8, 16, "fits"), (8, 9, "tight"), (8, 8, "tight"), (8, 7, "too_big"), (8, 0, "unknown"), (0, 8, "unknown")],
)
def test_the_verdict(needs: int, free: int, verdict: str) -> None:
    assert fit(needs * GB, free * GB).verdict == verdict


def test_what_is_missing_or_left() -> None:
    assert fit(8 * GB, 5 * GB).missing_bytes == 3 * GB
    assert fit(8 * GB, 11 * GB).leaves_bytes == 3 * GB
    assert needed_bytes(0) == 0
    assert needed_bytes(4 * GB) > 4 * GB


def test_this_machine_has_memory() -> None:
    here = memory()
    assert 0 < here.free_bytes <= here.total_bytes


def test_recommended_first_then_the_rest_and_what_is_loaded_counts_as_free() -> None:
    state = ollama(ModelFacts("mistral:7b", size_bytes=4 * GB), loaded=(LoadedFacts("mistral:7b", 5 * GB),))
    picture = EngineStatus((state,))
    rows = ollama_rows(picture, Memory(16 * GB, 4 * GB), choose(picture, "", "auto"))
    assert [row.name for row in rows] == ["qwen2.5:7b", "qwen2.5:3b", "qwen2.5:14b", "llama3.1:8b", "mistral:7b"]
    by_name = {row.name: row for row in rows}
    assert by_name["qwen2.5:7b"].fit.verdict == "tight"
    assert by_name["qwen2.5:14b"].fit.missing_bytes == 7 * GB
    assert by_name["mistral:7b"].answering
    assert by_name["mistral:7b"].loaded is not None


def test_with_no_engine_at_all_the_recommended_are_still_held_against_this_machine() -> None:
    rows = ollama_rows(EngineStatus(), Memory(8 * GB, 6 * GB), choose(EngineStatus(), "", "auto"))
    assert [(row.name, row.fit.verdict) for row in rows] == [
        ("qwen2.5:7b", "too_big"),
        ("qwen2.5:3b", "fits"),
        ("qwen2.5:14b", "too_big"),
        ("llama3.1:8b", "too_big"),
    ]
