"""Lists, descriptions, copies, deletions and files."""

from __future__ import annotations

from tutor.ollama.testing.call import Call
from tutor.ollama.testing.model_store import name_in
from tutor.ollama.testing.models import full_name
from tutor.ollama.testing.replies import Reply
from tutor.ollama.testing.wire import empty_reply, error_reply, json_reply

_CONTEXT_LENGTH = 4096


def tags(call: Call) -> Reply:
    """GET /api/tags."""
    return json_reply({"models": [model.tags_entry() for model in call.store.models]})


def ps(call: Call) -> Reply:
    """GET /api/ps."""
    store = call.store
    loaded = [model.ps_entry(_CONTEXT_LENGTH) for model in store.models if model.name in store.loaded]
    return json_reply({"models": loaded})


def show(call: Call) -> Reply:
    """POST /api/show."""
    name = name_in(call.body)
    if isinstance(name, Reply):
        return name
    model = call.store.find(name)
    return json_reply(model.show_body()) if model else error_reply(f"model '{full_name(name)}' not found", 404)


def copy(call: Call) -> Reply:
    """POST /api/copy."""
    source, destination = (str(call.body.get(key) or "") for key in ("source", "destination"))
    for name in (source, destination):
        if not name or " " in name:
            return error_reply(f'invalid model name "{name}"', 400)
    model = call.store.find(source)
    if model is None:
        return error_reply(f'model "{source}" not found', 404)
    call.store.add(model, destination)
    return empty_reply()


def delete(call: Call) -> Reply:
    """DELETE /api/delete."""
    name = name_in(call.body)
    if isinstance(name, Reply):
        return name
    if call.store.find(name) is None:
        return error_reply(f"model '{name}' not found", 404)
    call.store.remove(name)
    return empty_reply()


def blob_head(call: Call) -> Reply:
    """HEAD /api/blobs/:digest."""
    digest = _digest(call)
    if call.store.has_blob(digest):
        return Reply(headers={}, framing="raw")
    return error_reply(f'blob "{digest}" not found', 404)


def blob_post(call: Call) -> Reply:
    """POST /api/blobs/:digest, once the body has been read."""
    wanted, got = _digest(call), f"sha256:{call.received.body_sha256}"
    if wanted != got:
        return error_reply(f'digest mismatch, expected "{wanted}", got "{got}"', 400)
    call.store.blobs[wanted] = call.received.body_bytes
    return empty_reply(201)


def _digest(call: Call) -> str:
    return call.received.bare_path.rpartition("/")[2]
