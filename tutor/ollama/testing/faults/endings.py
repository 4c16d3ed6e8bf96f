"""Replies that end too soon, too late, or without content."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tutor.ollama.testing.faults.scripted import MODEL, PIECES, content_lines, end
from tutor.ollama.testing.replies import JSON, Reply
from tutor.ollama.testing.wire import CHAT, chunk, encode, last_line, line


def done_early(*, path: str = CHAT) -> Reply:
    """The final object, then more words and another end."""
    more = [line("¡más!", path=path), last_line(eval_count=99, path=path)]
    return Reply([*content_lines(PIECES, path), last_line(path=path), *more])


def no_done(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """An end in order, without a final object."""
    return Reply(content_lines(pieces, path))


def done_false(*, path: str = CHAT) -> Reply:
    """What the repeat guard leaves: one whole object that says `done: false`."""
    return Reply([encode(chunk(MODEL, "la la la", path=path))], headers={"Content-Type": JSON}, framing="length")


def empty_body(*, path: str = CHAT) -> Reply:
    """200 and not a byte."""
    return Reply(framing="length")


def empty_reply(*, path: str = CHAT) -> Reply:
    """Only the final object: the model wrote nothing."""
    return Reply(end(path))


def only_thinking(*, path: str = CHAT) -> Reply:
    """Thoughts and an end, but no words."""
    thoughts = [encode(chunk(MODEL, message={"thinking": text}, path=path)) + b"\n" for text in ("Hm", "…")]
    return Reply([*thoughts, *end(path)])


def message_missing(*, path: str = CHAT) -> Reply:
    """A final object without its text, as old servers send it."""
    final = {k: v for k, v in json.loads(last_line(path=path)).items() if k not in {"message", "response"}}
    return Reply([*content_lines(PIECES, path), encode(final) + b"\n"])
