"""What the scripted server answers, and what it noted. Knows nothing of sockets."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tutor.ollama.testing.models import Model
from tutor.ollama.testing.received import Received
from tutor.ollama.testing.recordings import recording
from tutor.ollama.testing.replies import Reply, Say, Script
from tutor.ollama.testing.schemas import pieces_of
from tutor.ollama.testing.speech import error_reply, json_reply, load_reply, speak, text_reply

if TYPE_CHECKING:
    from tutor.ollama.testing.connection import Connection

CHAT = "/api/chat"
DEFAULT_PIECES = ("¡", "Hola", "! ¿", "Qué", " tal", "?")


class ScriptedDesk:
    """Scripts by path: first those said once, in order, then the standing one, then what a real server would say."""

    def __init__(self, models: Sequence[Model] | None, *, tokens_per_second: float | None, token: str | None) -> None:
        self.models: list[Model] = list(models) if models is not None else [Model("qwen2.5:7b")]
        self.loaded: list[str] = []
        self.version = "0.33.0"
        self.tokens_per_second = tokens_per_second
        self.token = token
        self.requests: list[Received] = []
        self.connections: set[Connection] = set()
        self._once: dict[str, deque[Script]] = {}
        self._standing: dict[str, Script] = {}

    def say(  # noqa: PLR0913
        self,
        pieces: str | Sequence[str],
        *,
        delay_s: float = 0.0,
        first_delay_s: float = 0.0,
        thinking: Sequence[str] = (),
        tool_calls: Sequence[Mapping[str, Any]] = (),
        done_reason: str = "stop",
        done: bool = True,
        once: bool = False,
    ) -> None:
        """Answer every chat (or, with `once`, the next one) with these pieces. See `Say`."""
        texts = [pieces] if isinstance(pieces, str) else list(pieces)
        said = Say(texts, delay_s, first_delay_s, thinking, tool_calls, done_reason, done)
        self.script(said, once=once)

    def script(self, script: Script, *, once: bool = False, path: str = CHAT) -> None:
        """Answer requests to `path` by this script; with `once`, after those given before, a single time."""
        if once:
            self._once.setdefault(path, deque()).append(script)
        else:
            self._standing[path] = script

    def replay(self, name: str, *, in_real_time: bool = False, once: bool = False) -> None:
        """Answer requests to the recording's path as the recorded server did."""
        recorded = recording(name)
        self.script(recorded.reply(in_real_time=in_real_time), once=once, path=recorded.path)

    def forget(self) -> None:
        """Drop all scripts and notes."""
        self._once.clear()
        self._standing.clear()
        self.requests.clear()

    @property
    def chats(self) -> list[Received]:
        """The requests to /api/chat, in order."""
        return [r for r in self.requests if r.path == CHAT]

    @property
    def open_connections(self) -> int:
        """How many clients are connected now."""
        return len(self.connections)

    def receive(self, received: Received) -> Reply:
        """Note the request and choose the reply."""
        self.requests.append(received)
        if self.token and received.headers.get("authorization") != f"Bearer {self.token}":
            return error_reply("unauthorized", 401)
        script = self._script_for(received.path)
        if callable(script):
            script = script(received.body)
        if isinstance(script, Reply):
            return script
        if received.path == CHAT and received.method == "POST":
            return self._chat(received, script)
        return self._route(received)

    def _script_for(self, path: str) -> Script | None:
        waiting = self._once.get(path)
        return waiting.popleft() if waiting else self._standing.get(path)

    def _chat(self, received: Received, script: Say | str | Sequence[str] | Callable[..., Any] | None) -> Reply:
        body = received.body
        if not isinstance(body, dict):
            return error_reply("missing request body" if not received.raw else "invalid request body", 400)
        model = self._model(body)
        if isinstance(model, Reply):
            return model
        self._load(model, body)
        if not body.get("messages"):
            return load_reply(body)
        return speak(_said(script, body), body)

    def _route(self, received: Received) -> Reply:
        route = f"{'GET' if received.method == 'HEAD' else received.method} {received.path}"
        match route:
            case "GET /":
                return text_reply("Ollama is running")
            case "GET /api/version":
                return json_reply({"version": self.version})
            case "GET /api/tags":
                return json_reply({"models": [model.tags_entry() for model in self.models]})
            case "GET /api/ps":
                return json_reply({"models": [m.ps_entry(4096) for m in self.models if m.name in self.loaded]})
            case "POST /api/show":
                model = self._model(received.body)
                return model if isinstance(model, Reply) else json_reply(model.show_body())
        return text_reply("404 page not found", 404)

    def _model(self, body: Any) -> Model | Reply:
        name = str((body or {}).get("model") or (body or {}).get("name") or "")
        if not name:
            return error_reply("model is required", 400)
        found = next((model for model in self.models if model.called(name)), None)
        return found or error_reply(f"model '{name}' not found", 404)

    def _load(self, model: Model, body: Mapping[str, Any]) -> None:
        if model.name in self.loaded:
            self.loaded.remove(model.name)
        if body.get("keep_alive") != 0:
            self.loaded.insert(0, model.name)


def _said(script: object, body: Mapping[str, Any]) -> Say:
    if isinstance(script, Say):
        return script
    if isinstance(script, str):
        return Say([script])
    if isinstance(script, Sequence):
        return Say(list(script))
    # A real server holds the model to the schema; so does this one.
    wanted = body.get("format")
    return Say(pieces_of(wanted) if isinstance(wanted, Mapping) else DEFAULT_PIECES)
