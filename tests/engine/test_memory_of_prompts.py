"""What was read once is not read again: within a talk, and when talks take turns."""

from __future__ import annotations

import statistics
from typing import Any

from tests.engine.raw_http import Target, exchange

TALKS = 5
TURNS = 20


async def turn(slow: Target, talk: list[dict[str, str]], text: str) -> dict[str, Any]:
    """Say `text` in `talk`, keep the reply in it, and return the reply's counters."""
    talk.append({"role": "user", "content": text})
    body = {"model": "endless", "messages": talk, "stream": False, "options": {"num_predict": 1, "temperature": 0}}
    reply: dict[str, Any] = (await exchange(slow, "POST", "/api/chat", body)).json
    talk.append(reply["message"])
    return reply


def read_s(replies: list[dict[str, Any]]) -> list[float]:
    return [reply["prompt_eval_duration"] / 1e9 for reply in replies]


async def test_talks_that_take_turns_on_fewer_slots(slow: Target) -> None:
    talks = [[{"role": "system", "content": f"{number} tutor " * 40}] for number in range(TALKS)]
    first = [await turn(slow, talk, "hola") for talk in talks]
    second = [await turn(slow, talk, "hola") for talk in talks]
    assert all(
        later["prompt_eval_count"] > reply["prompt_eval_count"] for later, reply in zip(second, first, strict=True)
    )
    assert sum(read_s(second)) < sum(read_s(first)) / 3


async def test_a_turn_costs_its_new_words(slow: Target) -> None:
    talk: list[dict[str, str]] = [{"role": "system", "content": "tutor"}]
    replies = [
        await turn(slow, talk, f"turn {number:02d}, and as many words as in any other") for number in range(TURNS)
    ]
    early, late = statistics.median(read_s(replies[1:6])), statistics.median(read_s(replies[-5:]))
    assert replies[-1]["prompt_eval_count"] > 4 * replies[3]["prompt_eval_count"]
    assert late < 3 * early
