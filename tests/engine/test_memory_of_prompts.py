"""What was read once is not read again: within a talk, and when talks take turns."""

from __future__ import annotations

import statistics
from typing import Any

from tests.engine.raw_http import Target, exchange

TALKS = 5
TURNS = 20
OLD_TURNS = 15


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
    later = [[await turn(slow, talk, "hola") for talk in talks] for _ in range(3)]
    assert all(
        more["prompt_eval_count"] > reply["prompt_eval_count"] for more, reply in zip(later[0], first, strict=True)
    )
    # A busy machine makes a turn take longer; whoever reads everything again does so each time.
    assert min(sum(read_s(turns)) for turns in later) < sum(read_s(first)) / 3


async def test_a_turn_costs_its_new_words(slow: Target) -> None:
    """A long talk and a short one take turns: however busy the machine is, it is so for both."""
    old: list[dict[str, str]] = [{"role": "system", "content": "tutor"}]
    young: list[dict[str, str]] = [{"role": "system", "content": "teacher"}]
    for number in range(OLD_TURNS):
        await turn(slow, old, f"turn {number:02d}, and as many words as in any other")
    await turn(slow, young, "turn 00, and as many words as in any other")
    early, late = [], []
    for number in range(1, TURNS - OLD_TURNS + 1):
        early.append(await turn(slow, young, f"turn {number:02d}, and as many words as in any other"))
        late.append(await turn(slow, old, f"turn {number:02d}, and as many words as in any other"))
    assert late[2]["prompt_eval_count"] > 4 * early[2]["prompt_eval_count"]
    assert statistics.median(read_s(late)) < 3 * statistics.median(read_s(early))
