"""A house whose model corrects what learners write, and what a card says."""

from __future__ import annotations

from typing import Any

from tests.live.talking import Talker

_OPEN = frozenset({"queued", "loading", "running"})
WRONG = "Yo tiene un perro. Busco el gafas de mi hermana."


async def card_of(ana: Talker) -> dict[str, Any]:
    """The next correction that is over."""
    return await ana.until(lambda frame: frame.get("kind") == "correction" and frame["state"] not in _OPEN)


def changes(card: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(one["old"], one["answer"], one["certainty"], one["name"]) for one in card["body"]["findings"]]
