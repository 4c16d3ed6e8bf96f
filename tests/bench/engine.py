"""The built-in engine with real weights: what a turn's prompt costs, and how soon a cancelled one lets go."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.bench.ollama import ROOT
from tests.bench.table import RUNS, Figure, middle
from tutor.dialogue import Budget, ModelRequest, TalkContext, Utterance, dialogue_for
from tutor.engine.child import EngineChild
from tutor.engine.weights import installed
from tutor.ollama import AsyncClient, ChatResponse
from tutor.ollama.testing.schemas import example_of

WEIGHTS = Path(os.environ.get("POLYGLOTT_BENCH_WEIGHTS") or ROOT / "var" / "models")
TALKS, TURNS = 5, 20
BUDGET = Budget(4096, 256)
NANOSECONDS = 1e9
# What the first preset of a house says.
OPTIONS = {"temperature": 0.7, "num_predict": 256, "top_p": 0.9, "repeat_penalty": 1.1, "num_ctx": 4096}
SAID = (
    "Ayer yo voy al cine con mi hermana.",
    "La película fue muy aburrido.",
    "Después comimos una pizza en el centro.",
    "El domingo dormí mucho.",
    "Mi familia vive en una casa pequeña.",
)


def prompts() -> list[Figure]:
    return asyncio.run(_prompts())


async def _prompts() -> list[Figure]:
    async with engine(slots=2) as (client, name):
        talks = [_talk(number) for number in range(TALKS)]
        seconds: list[list[float]] = [[] for _ in talks]
        for turn in range(TURNS):
            for number, talk in enumerate(talks):
                talks[number], took = await _turn(client, name, talk, turn)
                seconds[number].append(took)
    early, late = (middle(s for talk in seconds for s in talk[part]) for part in (slice(2, 7), slice(15, 20)))
    # A further talk finds what all talks of a scenario begin with already read.
    first, further = seconds[0][0], middle(talk[0] for talk in seconds[1:])
    async with engine(slots=1) as (client, name):
        freed = [await _freed_s(client, name, number) for number in range(RUNS)]
    talked = f"{name}, {TALKS} guided talks in turn"
    return [
        Figure(
            "reading the prompt, turns 16 to 20; beside it turns 3 to 7",
            f"{talked}, {TURNS} turns each; one run",
            "flat (≤ 1.5 ×)",
            f"{late:.2f} s",
            f"{early:.2f} s",
            f"{late / early:.2f} ×",
        ),
        Figure(
            "reading the prompt, first turn of the first talk (nothing is known yet)",
            f"{talked}; one run",
            "",
            f"{first:.2f} s",
        ),
        Figure("reading the prompt, first turn of a further talk", f"{talked}; one run", "", f"{further:.2f} s"),
        Figure(
            "from hanging up while a long prompt is read to the next reply's first chunk",
            f"{name}, one slot, a new prompt of 1,500 words",
            "≤ 3 s",
            f"{middle(freed):.2f} s",
        ),
    ]


@asynccontextmanager
async def engine(slots: int) -> AsyncIterator[tuple[AsyncClient, str]]:
    found = installed(WEIGHTS)
    if not found:
        raise SystemExit("No weights: run manage.py fetch_model, or name their folder in POLYGLOTT_BENCH_WEIGHTS.")
    model = min(found, key=lambda one: one.entry(WEIGHTS).stat().st_size)
    child = EngineChild(model.entry(WEIGHTS), model.name, slots=slots)
    await child.start()
    try:
        assert await child.wait_ready(120), child.reason
        async with AsyncClient(child.base_url, headers=child.headers) as client:
            yield client, model.name
    finally:
        await child.stop()


def _talk(number: int) -> TalkContext:
    empty = TalkContext("es", "en", "A2", "weekend", 1, number, ())
    opener = _dialogue().opener(empty)
    return replace(empty, utterances=(Utterance("tutor", opener),))


def _dialogue() -> Any:
    return dialogue_for("weekend", guided=True, language="es")


async def _turn(client: AsyncClient, name: str, talk: TalkContext, turn: int) -> tuple[TalkContext, float]:
    """The talk one turn longer, and the seconds that its prompt took."""
    talk = replace(talk, utterances=(*talk.utterances, Utterance("learner", SAID[(turn + talk.seed) % len(SAID)])))
    dialogue = _dialogue()
    request = dialogue.request(talk, BUDGET, OPTIONS)
    reply = await _asked(client, name, request)
    reader = dialogue.reader(talk)
    # One token is enough to know what reading cost; the line that goes into the talk is the first that would fit.
    text = reader.feed(json.dumps(example_of(request.format or {}))) + reader.finish()
    took_s = (reply.prompt_eval_duration or 0) / NANOSECONDS
    return replace(talk, utterances=(*talk.utterances, Utterance("tutor", text))), took_s


async def _asked(client: AsyncClient, name: str, request: ModelRequest) -> ChatResponse:
    return await client.chat(
        name, request.messages, format=request.format, options={**request.options, "num_predict": 1}
    )


async def _freed_s(client: AsyncClient, name: str, number: int) -> float:
    """Seconds from hanging up, half a second into a new long prompt, to the first chunk of the next reply."""
    long = " ".join(f"{number} palabra {word}" for word in range(500))
    await _hang_up_early(client, name, long)
    began = time.monotonic()
    messages = [{"role": "user", "content": f"Hola {number}"}]
    async with await client.chat(name, messages, stream=True, options={"num_predict": 2, "num_ctx": 4096}) as stream:
        async for _ in stream:
            break
    return time.monotonic() - began


async def _hang_up_early(client: AsyncClient, name: str, text: str) -> None:
    async def ask() -> None:
        messages = [{"role": "user", "content": text}]
        await client.chat(name, messages, options={"num_predict": 2, "num_ctx": 4096})

    asking = asyncio.create_task(ask())
    await asyncio.sleep(0.5)
    assert not asking.done()
    asking.cancel()
    await asyncio.wait([asking])
