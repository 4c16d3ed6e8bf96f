"""Talks for tests, written as a script: the tutor's and the learner's words in turn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tutor.dialogue.scenario import Scenario
from tutor.dialogue.scenario_files import read
from tutor.dialogue.selection import ScenarioProgress
from tutor.dialogue.types import Budget, Speaker, TalkContext, Utterance

HERE = Path(__file__).parent
BUDGET = Budget(num_ctx=2048, num_predict=256)
PRESET = {"temperature": 0.7, "num_predict": 256, "top_p": 0.9, "repeat_penalty": 1.1, "num_ctx": 2048}


def garden() -> Scenario:
    return read(HERE / "fixtures" / "garden")


def talk(*words: str, language: str = "es", own_language: str = "en", seed: int = 0, **more: Any) -> TalkContext:
    """The tutor begins."""
    speakers: tuple[Speaker, Speaker] = ("tutor", "learner")
    said = tuple(Utterance(speakers[place % 2], text) for place, text in enumerate(words))
    return TalkContext(
        language=language,
        own_language=own_language,
        level=more.get("level", "A2"),
        style=more.get("style", "garden"),
        style_version=1,
        seed=seed,
        utterances=said,
        goal=more.get("goal", ""),
        distress=more.get("distress", ""),
    )


def progress(*words: str, scenario: Scenario | None = None, **more: Any) -> ScenarioProgress:
    """The garden's talk, or another scenario's, after these words."""
    told = scenario or garden()
    return ScenarioProgress(told, told.lines[more.get("language", "es")], talk(*words, **more))
