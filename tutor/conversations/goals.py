"""The goals of a conversation as pages show them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import get_language

from tutor.conversations.models import Conversation
from tutor.dialogue import goals_of


@dataclass(frozen=True)
class GoalRow:
    id: str
    title: str
    met: bool


@dataclass(frozen=True)
class Goals:
    """What the learner set out to do, and how much of it is done."""

    rows: list[GoalRow]
    met: int


def goal_rows(conversation: Conversation, met: Collection[str]) -> Goals:
    """In the language of the interface; none where the scenario has none."""
    interface = (get_language() or "en").split("-")[0]
    found = goals_of(conversation.style, conversation.style_version, conversation.language)
    rows = [GoalRow(one.id, one.title.get(interface) or one.title["en"], one.id in met) for one in found]
    return Goals(rows, sum(row.met for row in rows))
