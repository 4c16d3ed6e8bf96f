"""Roles in turn, as strict chat templates want them: the system first, then user and assistant, beginning with a user.

Gemma's and Mistral's templates refuse anything else. Nothing here depends on what comes later in the talk, so that a
request stays the beginning of the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tutor.dialogue.types import Message

SILENCE: Final[Message] = {"role": "user", "content": "…"}


def alternating(talk: Sequence[Message]) -> list[Message]:
    """The talk with the messages of one speaker joined, and a silent learner before a tutor who opens it."""
    turns: list[Message] = []
    for message in talk:
        if not message["content"].strip():
            continue
        if not turns and message["role"] == "assistant":
            turns.append(SILENCE)
        if turns and turns[-1]["role"] == message["role"]:
            turns[-1] = {**message, "content": f"{turns[-1]['content']}\n\n{message['content']}"}
        else:
            turns.append(message)
    return turns


def awaiting_reply(messages: Sequence[Message]) -> list[Message]:
    """The same messages with the learner's turn at the end, whatever it will say."""
    return [*messages] if messages and messages[-1]["role"] == "user" else [*messages, SILENCE]
