"""Chats and generations: the refusals of a real server, then what a script says, or what an obedient model would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tutor.ollama.testing import validation
from tutor.ollama.testing.call import Call
from tutor.ollama.testing.completion import speak
from tutor.ollama.testing.model_store import name_in
from tutor.ollama.testing.models import Model
from tutor.ollama.testing.replies import Reply, Say, Script
from tutor.ollama.testing.schemas import pieces_of
from tutor.ollama.testing.wire import CHAT, GENERATE, error_reply, load_reply

DEFAULT_PIECES = ("¡", "Hola", "! ¿", "Qué", " tal", "?")
# `json` is a wish that a real server does not enforce: models answer in fenced markdown.
_FENCED = ("```", "json\n", "{\n", '  "hola"', ": true\n", "}\n", "```")
_THOUGHTS = ("Hm", ", a", " greeting", ".")


def chat(call: Call) -> Reply:
    """POST /api/chat."""
    return _reply(call, CHAT, said=bool(call.body.get("messages")))


def generate(call: Call) -> Reply:
    """POST /api/generate."""
    return _reply(call, GENERATE, said=bool(call.body.get("prompt")))


def _reply(call: Call, path: str, *, said: bool) -> Reply:
    body = call.body
    # What a test wants said is said, whatever else the request holds.
    own = call.script is None
    if own and (refusal := validation.in_request(body, path)):
        return refusal
    name = name_in(body)
    if isinstance(name, Reply):
        return name
    model = call.store.find(name)
    if model is None:
        return error_reply(f"model '{name}' not found", 404)
    if own and (refusal := validation.for_model(model, body, path)):
        return refusal
    call.store.load(model, body)
    if not said:
        return load_reply(body, path)
    return speak(_said(call.script, model, call), body, path)


def _said(script: Script | None, model: Model, call: Call) -> Say:
    if isinstance(script, Say):
        return script
    if isinstance(script, str):
        return Say([script])
    if isinstance(script, Sequence):
        return Say(list(script))
    thoughts = _THOUGHTS if "thinking" in model.capabilities else ()
    wanted = call.body.get("format")
    # A real server holds the model to a schema; so does this one.
    pieces = pieces_of(wanted) if isinstance(wanted, Mapping) else _FENCED if wanted == "json" else DEFAULT_PIECES
    return Say(pieces, thinking=thoughts)
