"""Chats and generations: the refusals of a real server, then what a script says, or what an obedient model would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tutor.ollama.testing import mistakes
from tutor.ollama.testing.asked import Asked
from tutor.ollama.testing.models import Model
from tutor.ollama.testing.replies import Reply, Say, Script
from tutor.ollama.testing.schemas import pieces_of
from tutor.ollama.testing.shelf import name_in
from tutor.ollama.testing.speaking import speak
from tutor.ollama.testing.speech import CHAT, GENERATE, error_reply, load_reply

DEFAULT_PIECES = ("¡", "Hola", "! ¿", "Qué", " tal", "?")
# `json` is a wish that a real server does not enforce: models answer in fenced markdown.
_FENCED = ("```", "json\n", "{\n", '  "hola"', ": true\n", "}\n", "```")
_THOUGHTS = ("Hm", ", a", " greeting", ".")


def chat(asked: Asked) -> Reply:
    """POST /api/chat."""
    return _reply(asked, CHAT, said=bool(asked.body.get("messages")))


def generate(asked: Asked) -> Reply:
    """POST /api/generate."""
    return _reply(asked, GENERATE, said=bool(asked.body.get("prompt")))


def _reply(asked: Asked, path: str, *, said: bool) -> Reply:
    body = asked.body
    # What a test wants said is said, whatever else the request holds.
    own = asked.script is None
    if own and (refusal := mistakes.in_request(body, path)):
        return refusal
    name = name_in(body)
    if isinstance(name, Reply):
        return name
    model = asked.shelf.find(name)
    if model is None:
        return error_reply(f"model '{name}' not found", 404)
    if own and (refusal := mistakes.for_model(model, body, path)):
        return refusal
    asked.shelf.load(model, body)
    if not said:
        return load_reply(body, path)
    return speak(_said(asked.script, model, asked), body, path)


def _said(script: Script | None, model: Model, asked: Asked) -> Say:
    if isinstance(script, Say):
        return script
    if isinstance(script, str):
        return Say([script])
    if isinstance(script, Sequence):
        return Say(list(script))
    thoughts = _THOUGHTS if "thinking" in model.capabilities else ()
    wanted = asked.body.get("format")
    # A real server holds the model to a schema; so does this one.
    pieces = pieces_of(wanted) if isinstance(wanted, Mapping) else _FENCED if wanted == "json" else DEFAULT_PIECES
    return Say(pieces, thinking=thoughts)
