"""Shortens a conversation that does not fit: the oldest messages go, what the system said and the newest stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Messages = Sequence[Mapping[str, str]]


def shortened(messages: Messages, *, tokens: int, context: int) -> Messages | None:
    """A shorter history, when `messages` were `tokens` long and `context` is what there is; None when none is left.

    The lengths are guessed from characters, so that the result may have to be shortened again. One is always gone.
    """
    droppable = [index for index, message in enumerate(messages[:-1]) if message["role"] != "system"]
    if not droppable:
        return None
    excess = _characters(messages) * max(0, tokens - context + 1) / max(1, tokens)
    dropped: set[int] = set()
    for index in droppable:
        if dropped and excess <= 0:
            break
        dropped.add(index)
        excess -= len(messages[index]["content"])
    return [message for index, message in enumerate(messages) if index not in dropped]


def _characters(messages: Messages) -> int:
    return sum(len(message["content"]) for message in messages)
