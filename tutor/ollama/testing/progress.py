"""Pulls, pushes and creations: status lines, one a step, and what they leave in the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tutor.ollama.testing.call import Call
from tutor.ollama.testing.model_store import ModelStore, name_in
from tutor.ollama.testing.models import Model
from tutor.ollama.testing.replies import Reply, Step
from tutor.ollama.testing.wire import encode, json_reply

Line = dict[str, Any]

# Whole answers to these calls name no charset.
_PLAIN_JSON = "application/json"
_NO_MANIFEST = {"error": "pull model manifest: file does not exist"}
_SUCCESS = {"status": "success"}
_STORE = "/usr/share/ollama/models"
_QUANTIZATIONS = ("F32", "F16", "Q4_K_S", "Q4_K_M", "Q8_0")
_PARTS = 4


def pull(call: Call) -> Reply:
    """POST /api/pull."""
    name = name_in(call.body)
    return name if isinstance(name, Reply) else _report(call, _pull_lines(call.store, name))


def push(call: Call) -> Reply:
    """POST /api/push."""
    name = name_in(call.body)
    return name if isinstance(name, Reply) else _report(call, _push_lines(call.store, name))


def create(call: Call) -> Reply:
    """POST /api/create."""
    body = call.body
    name = name_in(body)
    if isinstance(name, Reply):
        return name
    if not body.get("from") and not body.get("files"):
        return _refusal("neither 'from' or 'files' was specified", 400)
    kind = str(body.get("quantize") or "").upper()
    if kind and kind not in _QUANTIZATIONS:
        known = ", ".join(_QUANTIZATIONS)
        return _refusal(f"unsupported quantization type {kind} - supported types are {known}", 500)
    lines = _of_files(call.store, name, body) if body.get("files") else _of_model(call.store, name, body)
    return _report(call, lines)


def _report(call: Call, lines: Iterator[Line]) -> Reply:
    """The lines one by one as they come about, or only how it ended."""
    if call.streamed:
        return Reply(lambda: _steps(lines, call.store.progress_delay_s))
    last = list(lines)[-1]
    return json_reply(last, 500 if "error" in last else 200, content_type=_PLAIN_JSON)


def _steps(lines: Iterator[Line], delay_s: float) -> Iterator[Step]:
    for item in lines:
        yield encode(item) + b"\n"
        if delay_s:
            yield delay_s


def _refusal(text: str, status: int) -> Reply:
    return json_reply({"error": text}, status, content_type=_PLAIN_JSON)


def _pull_lines(store: ModelStore, name: str) -> Iterator[Line]:
    yield {"status": "pulling manifest"}
    here, there = store.find(name), store.in_registry(name)
    model = here or there
    if model is None:
        yield _NO_MANIFEST
        return
    for digest, total in model.layers():
        yield from _layer(store, digest, total, "pulling", cached=here is not None)
    yield {"status": "verifying sha256 digest"}
    yield {"status": "writing manifest"}
    store.add(model, name)
    yield _SUCCESS


def _push_lines(store: ModelStore, name: str) -> Iterator[Line]:
    yield {"status": "retrieving manifest"}
    model = store.find(name)
    if model is None:
        yield {"status": "couldn't retrieve manifest"}
        path = f"{_STORE}/manifests/registry.ollama.ai/{name.replace(':', '/')}"
        yield {"error": f"open {path}: no such file or directory"}
        return
    for digest, total in model.layers():
        yield from _layer(store, digest, total, "pushing", cached=store.in_registry(name) is not None)
    yield {"status": "pushing manifest"}
    if store.in_registry(name) is None:
        store.registry.append(model)
    yield _SUCCESS


def _layer(store: ModelStore, digest: str, total: int, doing: str, *, cached: bool) -> Iterator[Line]:
    """One that is there is told once, with all of it; another grows, `completed` absent while it is nought."""
    base: Line = {"status": f"{doing} {digest[7:19]}", "digest": digest, "total": total}
    done = total if cached else store.fetched_bytes.get(digest, 0)
    while True:
        yield base | ({"completed": done} if done else {})
        if done >= total:
            break
        done = min(total, done + -(-total // _PARTS))
        store.fetched_bytes[digest] = done
    store.fetched_bytes.pop(digest, None)


def _of_files(store: ModelStore, name: str, body: Mapping[str, Any]) -> Iterator[Line]:
    yield {"status": "parsing GGUF"}
    files: Mapping[str, str] = body["files"]
    for digest in files.values():
        if not store.has_blob(digest):
            path = f"{_STORE}/blobs/{str(digest).replace(':', '-')}"
            yield {"error": f"open {path}: no such file or directory"}
            return
    yield {"status": "verifying conversion"}
    for digest in files.values():
        yield {"status": f"using existing layer {digest}"}
    size_bytes = sum(store.blobs.get(digest, 0) for digest in files.values())
    yield from _written(store, name, Model(name, size_bytes), body)


def _of_model(store: ModelStore, name: str, body: Mapping[str, Any]) -> Iterator[Line]:
    origin = str(body["from"])
    base = store.find(origin)
    if base is None:
        for line in _pull_lines(store, origin):
            if line != _SUCCESS:
                yield line
        base = store.find(origin)
    if base is None:
        return
    yield {"status": f"using existing layer {base.layers()[0][0]}"}
    yield from _written(store, name, replace(base, parent=base.parent or base.name), body)


def _written(store: ModelStore, name: str, base: Model, body: Mapping[str, Any]) -> Iterator[Line]:
    model = replace(
        base,
        name=name,
        system=str(body.get("system") or base.system),
        template=str(body.get("template") or base.template),
        license=_text(body.get("license")) or base.license,
        parameters=_text([f"{k} {v}" for k, v in (body.get("parameters") or {}).items()]) or base.parameters,
        quantization_level=str(body.get("quantize") or base.quantization_level).upper(),
    )
    for part in ("system", "template", "license", "parameters", "messages", "quantize", "adapters"):
        if body.get(part):
            yield {"status": f"creating new layer {replace(model, parent=part).layers()[0][0]}"}
    yield {"status": "writing manifest"}
    store.add(model, name)
    yield _SUCCESS


def _text(value: object) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")
