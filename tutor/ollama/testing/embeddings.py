"""Vectors: the same for the same text, of length one, and cut where fewer dimensions are asked for."""

from __future__ import annotations

import hashlib
import math
import struct
from typing import Any

from tutor.ollama.testing.call import Call
from tutor.ollama.testing.model_store import name_in
from tutor.ollama.testing.models import Model
from tutor.ollama.testing.replies import Reply
from tutor.ollama.testing.wire import error_reply, json_reply

_NS_PER_TOKEN = 80_000
_LOAD_NS = 1_200_000
_HALF = 1 << 31


def vector_of(text: str, dimensions: int, model: str = "") -> list[float]:
    """A unit vector that depends on the text, the model's name and the number of dimensions alone."""
    drawn = hashlib.shake_256(f"{model}\0{text}".encode()).digest(4 * dimensions)
    return _normalised([number / _HALF - 1 for number in struct.unpack(f"<{dimensions}I", drawn)])


def embed(call: Call) -> Reply:
    """POST /api/embed."""
    body = call.body
    given = body.get("input", "")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return error_reply("invalid input type", 400)
    model = _model(call)
    if isinstance(model, Reply):
        return model
    tokens = [_tokens(text) for text in texts]
    if body.get("truncate") is False and any(count > model.context_length for count in tokens):
        return error_reply("the input length exceeds the context length", 400)
    call.store.load(model, body)
    return json_reply(_body(model, body, texts, sum(tokens)))


def embeddings(call: Call) -> Reply:
    """POST /api/embeddings, the older form."""
    model = _model(call)
    if isinstance(model, Reply):
        return model
    call.store.load(model, call.body)
    prompt = str(call.body.get("prompt") or "")
    return json_reply({"embedding": vector_of(prompt, model.embedding_length, model.name) if prompt else []})


def _body(model: Model, body: dict[str, Any], texts: list[str], tokens: int) -> dict[str, Any]:
    if not any(texts):
        return {"model": body["model"], "embeddings": []}
    wanted = int(body.get("dimensions") or model.embedding_length)
    size = min(wanted, model.embedding_length)
    vectors = [_short(vector_of(text, model.embedding_length, model.name)[:size]) for text in texts]
    return {
        "model": body["model"],
        "embeddings": vectors,
        "total_duration": _LOAD_NS + tokens * _NS_PER_TOKEN,
        "load_duration": _LOAD_NS,
        "prompt_eval_count": tokens,
    }


def _model(call: Call) -> Model | Reply:
    name = name_in(call.body)
    if isinstance(name, Reply):
        return name
    model = call.store.find(name)
    if model is None:
        return error_reply(f'model "{name}" not found, try pulling it first', 404)
    if "embedding" not in model.capabilities:
        return error_reply("This server does not support embeddings. Start it with `--embeddings`", 501)
    return model


def _tokens(text: str) -> int:
    return 2 + len(text.split())


def _normalised(vector: list[float]) -> list[float]:
    length = math.sqrt(sum(x * x for x in vector)) or 1.0
    return [x / length for x in vector]


def _short(vector: list[float]) -> list[float]:
    """Normalised again, with as many digits as a 32-bit float is written with."""
    return [round(x, 9) for x in _normalised(vector)]
