"""System One: a model that scores questions about a state instead of writing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from tutor.ollama.types.base import Seldom

SystemOneContent = str | dict[str, Any] | list[Any]
"""Text, or a JSON object or array, which the server renders as text."""


class SystemOneChoiceQuestion(Seldom):
    """Which of several: `criteria` maps each choice, in order, to its description (None: the choice's own name)."""

    type: Literal["choice"] = "choice"
    instructions: SystemOneContent
    criteria: dict[str, str | None]


class SystemOneNoulQuestion(Seldom):
    """True or false, with a description of either if wanted."""

    type: Literal["noul"] = "noul"
    instructions: SystemOneContent
    criteria: dict[Literal["false", "true"], str] | None = None


class SystemOneScoreQuestion(Seldom):
    """How much: `criteria` describes the steps from the lowest to the highest."""

    type: Literal["score"] = "score"
    instructions: SystemOneContent
    criteria: list[str]


SystemOneQuestion = Annotated[
    SystemOneChoiceQuestion | SystemOneNoulQuestion | SystemOneScoreQuestion, Field(discriminator="type")
]


class SystemOneRequest(Seldom):
    """A state and the questions about it, by names of the caller's choice."""

    model: str
    state: SystemOneContent
    questions: dict[str, SystemOneQuestion]
    keep_alive: float | str | None = None


class SystemOneNoulAnswer(Seldom):
    """`noul` is the probability of true, from 0 to 1."""

    type: Literal["noul"]
    noul: float


class SystemOneChoiceAnswer(Seldom):
    """The likeliest choice, and the probability of each."""

    type: Literal["choice"]
    choice: str
    probabilities: dict[str, float]
    confidence: float


class SystemOneScoreAnswer(Seldom):
    """The expected step, counted from 0; it may lie between two."""

    type: Literal["score"]
    score: float
    legend: dict[str, str]
    probabilities: dict[str, float]
    confidence: float


SystemOneAnswer = Annotated[
    SystemOneNoulAnswer | SystemOneChoiceAnswer | SystemOneScoreAnswer, Field(discriminator="type")
]


class SystemOneUsage(Seldom):
    """What was read and written, in tokens."""

    input_tokens: int
    output_tokens: int


class SystemOneResponse(Seldom):
    """The answers by the names of their questions."""

    model: str
    answers: dict[str, SystemOneAnswer]
    usage: SystemOneUsage
