"""Lists, descriptions, copies, deletions and files."""

from __future__ import annotations

from tutor.ollama.testing.asked import Asked
from tutor.ollama.testing.models import full_name
from tutor.ollama.testing.replies import Reply
from tutor.ollama.testing.shelf import name_in
from tutor.ollama.testing.speech import empty_reply, error_reply, json_reply

_CONTEXT_LENGTH = 4096


def tags(asked: Asked) -> Reply:
    """GET /api/tags."""
    return json_reply({"models": [model.tags_entry() for model in asked.shelf.models]})


def ps(asked: Asked) -> Reply:
    """GET /api/ps."""
    shelf = asked.shelf
    loaded = [model.ps_entry(_CONTEXT_LENGTH) for model in shelf.models if model.name in shelf.loaded]
    return json_reply({"models": loaded})


def show(asked: Asked) -> Reply:
    """POST /api/show."""
    name = name_in(asked.body)
    if isinstance(name, Reply):
        return name
    model = asked.shelf.find(name)
    return json_reply(model.show_body()) if model else error_reply(f"model '{full_name(name)}' not found", 404)


def copy(asked: Asked) -> Reply:
    """POST /api/copy."""
    source, destination = (str(asked.body.get(key) or "") for key in ("source", "destination"))
    for name in (source, destination):
        if not name or " " in name:
            return error_reply(f'invalid model name "{name}"', 400)
    model = asked.shelf.find(source)
    if model is None:
        return error_reply(f'model "{source}" not found', 404)
    asked.shelf.add(model, destination)
    return empty_reply()


def delete(asked: Asked) -> Reply:
    """DELETE /api/delete."""
    name = name_in(asked.body)
    if isinstance(name, Reply):
        return name
    if asked.shelf.find(name) is None:
        return error_reply(f"model '{name}' not found", 404)
    asked.shelf.remove(name)
    return empty_reply()


def blob_head(asked: Asked) -> Reply:
    """HEAD /api/blobs/:digest."""
    digest = _digest(asked)
    if asked.shelf.has_blob(digest):
        return Reply(headers={}, framing="raw")
    return error_reply(f'blob "{digest}" not found', 404)


def blob_post(asked: Asked) -> Reply:
    """POST /api/blobs/:digest, once the body has been read."""
    wanted, got = _digest(asked), f"sha256:{asked.received.body_sha256}"
    if wanted != got:
        return error_reply(f'digest mismatch, expected "{wanted}", got "{got}"', 400)
    asked.shelf.blobs[wanted] = asked.received.body_bytes
    return empty_reply(201)


def _digest(asked: Asked) -> str:
    return asked.received.bare_path.rpartition("/")[2]
