"""How much of a talk goes to the model, and where it is cut.

The engine keeps what it has read as long as the next request begins with the same text. So the
history is not trimmed a little every turn: when it no longer fits, the oldest exchanges go until it
fills at most half the room, and then it grows again. The cut is found by walking the talk from its
beginning; the same talk always gives the same cut, and nothing has to be remembered.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tutor.dialogue.alternation import SILENCE, alternating
from tutor.dialogue.types import Budget, Message, MessageTooLong

MARGIN_TOKENS = 48
TOKENS_AROUND_A_MESSAGE = 6
USUAL_CHARACTERS_PER_TOKEN = 3.0
_LEAST_RATIO, _MOST_RATIO, _RATIO_STEP = 1.0, 5.0, 0.5
_RATIO_SLACK = 0.3
_LEAST_ROOM_TOKENS = 64


def calibrated(messages: Sequence[Message], prompt_tokens: int, known: float = USUAL_CHARACTERS_PER_TOKEN) -> float:
    """The characters per token that an engine's count for these messages proves, or `known` where that still does.

    Wide and non-Latin characters are weighed here as they are in the estimate, so one ratio serves
    every script. `prompt_tokens` is Ollama's `prompt_eval_count`; where nothing was counted, `known` stays.
    It also stays until a count proves its step too hopeful, or clearly too careful: counts that go up and down
    around the edge of a step would otherwise move the cut, and the engine would read everything again.
    """
    counted = prompt_tokens - TOKENS_AROUND_A_MESSAGE * len(messages)
    if counted < 20:
        return known
    weight = sum(_weight(message["content"]) for message in messages)
    proved, step = min(max(weight / counted, _LEAST_RATIO), _MOST_RATIO), _coarse(known)
    return known if step <= proved < step + _RATIO_STEP + _RATIO_SLACK else proved


def tokens(text: str, characters_per_token: float = USUAL_CHARACTERS_PER_TOKEN) -> int:
    """An estimate, rounded up; the ratio is taken in coarse steps, downwards."""
    return math.ceil(_weight(text) / _coarse(characters_per_token))


def fitted(system: Message, talk: Sequence[Message], budget: Budget) -> list[Message]:
    """The system prompt and as much of the talk as fits, roles in turn; the newest learner message is always there.

    Raises MessageTooLong where that one does not fit by itself.
    """
    ratio, room = budget.characters_per_token, room_for_talk(system, budget)
    costs, asked_at = [_cost(message, ratio) for message in talk], _asked_at(talk)
    if asked_at and costs[asked_at[-1]] > room:
        raise MessageTooLong(f"{costs[asked_at[-1]]} tokens, where {room} fit")
    return [system, *alternating(talk[_cut(costs, asked_at, room) :])]


def room_for_talk(system: Message, budget: Budget) -> int:
    """The tokens that are left for the talk after prompt and reply."""
    ratio = budget.characters_per_token
    room = budget.num_ctx - budget.num_predict - MARGIN_TOKENS - _cost(system, ratio) - _cost(SILENCE, ratio)
    return max(room, _LEAST_ROOM_TOKENS)


def fits(text: str, system: Message, budget: Budget) -> bool:
    """Whether a message with this text can be sent whole, all older ones left out if need be."""
    message = {"role": "user", "content": text}
    return _cost(message, budget.characters_per_token) <= room_for_talk(system, budget)


def _asked_at(talk: Sequence[Message]) -> list[int]:
    return [place for place, message in enumerate(talk) if message["role"] == "user"]


def _cut(costs: Sequence[int], asked_at: Sequence[int], room: int) -> int:
    """Where the history starts, after walking through every request that this talk has made."""
    start = 0
    for turn, place in enumerate(asked_at):
        if sum(costs[start : place + 1]) <= room:
            continue
        later = [begin for begin in asked_at[: turn + 1] if begin > start]
        fits = (begin for begin in later if sum(costs[begin : place + 1]) <= room // 2)
        start = next(fits, place)
    return start


def _cost(message: Message, ratio: float) -> int:
    return tokens(message["content"], ratio) + TOKENS_AROUND_A_MESSAGE


def _coarse(ratio: float) -> float:
    kept = min(max(ratio, _LEAST_RATIO), _MOST_RATIO)
    return math.floor(kept / _RATIO_STEP) * _RATIO_STEP


def _weight(text: str) -> float:
    if text.isascii():
        return len(text)
    return sum(_character_weight(ord(character)) for character in text)


def _character_weight(code: int) -> float:
    """How many Latin letters a character is worth in tokens: an ideograph is about a token of its own."""
    if code < 0x300:
        return 1.0
    if code < 0xE00:
        return 1.5
    return 3.0 if code < 0x1E00 or code >= 0x2E80 else 1.5
