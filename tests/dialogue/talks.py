"""Talks for tests, written as a script: the tutor's and the learner's words in turn."""

from __future__ import annotations

from pathlib import Path

from tutor.dialogue.scenario import Scenario, load
from tutor.dialogue.types import Budget, Speaker, TalkContext, Utterance

HERE = Path(__file__).parent
BUDGET = Budget(num_ctx=2048, num_predict=256)
PRESET = {"temperature": 0.7, "num_predict": 256, "top_p": 0.9, "repeat_penalty": 1.1, "num_ctx": 2048}


def garden() -> Scenario:
    return load((HERE / "fixtures" / "garden.toml").read_text(encoding="utf-8"))


def talk(*words: str, language: str = "es", own_language: str = "en", seed: int = 0, **more: str) -> TalkContext:
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
    )
