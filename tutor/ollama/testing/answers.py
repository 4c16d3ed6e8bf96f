"""What the scripted server answers, and what it noted. Knows nothing of sockets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tutor.ollama.testing.call import Call
from tutor.ollama.testing.faults import ALL_FAULTS
from tutor.ollama.testing.model_store import ModelStore
from tutor.ollama.testing.models import Model
from tutor.ollama.testing.received import Received
from tutor.ollama.testing.recordings import recording
from tutor.ollama.testing.replies import Reply, Say, Script
from tutor.ollama.testing.routes import answer
from tutor.ollama.testing.scripts import Scripts
from tutor.ollama.testing.wire import CHAT, error_reply, json_reply

if TYPE_CHECKING:
    from tutor.ollama.testing.connection import Connection


class ScriptedAnswers(ModelStore):
    """First the scripts of a path, then what a real server would say.

    `hosts` are further names that a request may give in its Host header (`*` for all); a real server on loopback takes
    its own names and local ones only. `progress_delay_s` passes before each report of a pull or push.
    """

    def __init__(self, models: Sequence[Model] | None, *, tokens_per_second: float | None, token: str | None) -> None:
        super().__init__(models)
        self.version = "0.33.0"
        self.tokens_per_second = tokens_per_second
        self.token = token
        self.hosts: set[str] = set()
        self.requests: list[Received] = []
        self.connections: set[Connection] = set()
        self._scripts = Scripts()

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
        path: str = CHAT,
    ) -> None:
        """Answer every chat (or, with `once`, the next one) with these pieces. See `Say`."""
        texts = [pieces] if isinstance(pieces, str) else list(pieces)
        said = Say(texts, delay_s, first_delay_s, thinking, tool_calls, done_reason, done)
        self.script(said, once=once, path=path)

    def script(self, script: Script, *, once: bool = False, path: str = CHAT, method: str | None = None) -> None:
        """Answer requests to `path` by this script; with `once`, after those given before, a single time.

        Without a `method` all are meant; a path that ends with a slash stands for all directly below it.
        """
        self._scripts.add(script, (method, path), once=once)

    def fault(self, name: str, *, once: bool = False, path: str = CHAT, method: str | None = None) -> None:
        """Answer requests to `path` with a bad day of `faults.ALL_FAULTS`, in the shapes of that path."""
        self.script(ALL_FAULTS[name](path=path), once=once, path=path, method=method)

    def replay(self, name: str, *, in_real_time: bool = False, once: bool = False) -> None:
        """Answer requests with the recording's method and path as the recorded server did."""
        recorded = recording(name)
        reply = recorded.reply(in_real_time=in_real_time)
        self.script(reply, once=once, path=recorded.path, method=recorded.method)

    def forget(self) -> None:
        """Drop all scripts and notes."""
        self._scripts.clear()
        self.requests.clear()

    @property
    def chats(self) -> list[Received]:
        """The requests to /api/chat, in order."""
        return [r for r in self.requests if r.path == CHAT]

    @property
    def open_connections(self) -> int:
        """How many clients are connected now."""
        return len(self.connections)

    def greet(self, received: Received) -> Reply | None:
        """Look at the head of a request; the reply, if it needs no body. Uploads are noted here, not at their end."""
        reply = None if self._lacks_token(received) else self._early(received)
        if reply is not None or received.is_upload:
            self.requests.append(received)
        return reply

    def _early(self, received: Received) -> Reply | None:
        script = self._scripts.peek(received.method, received.bare_path)
        if isinstance(script, Reply) and script.before_body:
            self._scripts.take(received.method, received.bare_path)
            return script
        if script is None and received.is_upload and self.has_blob(received.bare_path.rpartition("/")[2]):
            return Reply(headers={}, framing="length", before_body=True)
        return None

    def _lacks_token(self, received: Received) -> bool:
        return self.token is not None and received.headers.get("authorization") != f"Bearer {self.token}"

    def receive(self, received: Received) -> Reply:
        """Note the request and choose the reply."""
        if not received.is_upload:
            self.requests.append(received)
        if self._lacks_token(received):
            return error_reply("unauthorized", 401)
        script = self._scripts.take(received.method, received.bare_path)
        if callable(script):
            script = script(received.body)
        if isinstance(script, Reply):
            return script
        if isinstance(script, Mapping):
            return json_reply(script)
        return answer(Call(self, self.version, self.hosts, received, script))
