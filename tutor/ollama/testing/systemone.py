"""Questions with a fixed set of answers: one JSON reply that fits what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.ollama.testing.call import Call
from tutor.ollama.testing.model_store import name_in
from tutor.ollama.testing.replies import Reply
from tutor.ollama.testing.wire import encode, error_reply, json_reply

_SURE = 0.9


def answer(call: Call) -> Reply:
    """POST /v1/systemone: the first choice, the highest score, and true, each with probability 0.9."""
    name = name_in(call.body)
    if isinstance(name, Reply):
        return name
    if call.store.find(name) is None:
        return error_reply(f"model '{name}' not found", 404)
    questions = call.body.get("questions")
    if not questions or not isinstance(questions, Mapping):
        return error_reply("questions are required", 400)
    answers = {key: _answer(question) for key, question in questions.items()}
    unfit = next((key for key, given in answers.items() if given is None), None)
    if unfit is not None:
        return error_reply(f'invalid question "{unfit}"', 400)
    tokens = len(encode(call.body)) // 4
    usage = {"input_tokens": tokens, "output_tokens": len(answers)}
    return json_reply({"model": name, "answers": answers, "usage": usage})


def _answer(question: Any) -> dict[str, Any] | None:
    kind, criteria = (question.get("type"), question.get("criteria")) if isinstance(question, dict) else (None, None)
    if kind == "noul":
        return {"type": "noul", "noul": _SURE}
    if kind == "choice" and isinstance(criteria, dict) and criteria:
        names = list(criteria)
        return {"type": "choice", "choice": names[0], "probabilities": _spread(names, names[0]), "confidence": _SURE}
    if kind == "score" and isinstance(criteria, list) and criteria:
        return _score([str(text) for text in criteria])
    return None


def _score(criteria: list[str]) -> dict[str, Any]:
    steps = [str(number) for number in range(len(criteria))]
    probabilities = _spread(steps, steps[-1])
    expected = sum(int(step) * share for step, share in probabilities.items())
    return {
        "type": "score",
        "score": round(expected, 6),
        "legend": dict(zip(steps, criteria, strict=True)),
        "probabilities": probabilities,
        "confidence": _SURE,
    }


def _spread(names: list[str], likely: str) -> dict[str, float]:
    """0.9 for one, the rest in equal shares; all of it where there is no other."""
    if len(names) == 1:
        return {likely: 1.0}
    return {name: _SURE if name == likely else round((1 - _SURE) / (len(names) - 1), 6) for name in names}
