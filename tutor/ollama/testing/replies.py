"""What the scripted server can be told to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Step = bytes | float
"""Bytes go out as one chunk; a number is a pause in seconds."""

Framing = Literal["chunked", "length", "close", "raw"]

NDJSON = "application/x-ndjson"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it goes over the wire, faults included.

    `opening` says what happens in place of the headers, `ending` what follows the last step: `finish` ends the body in
    order, `fin` closes, `rst` resets, `hang` waits for the client to leave. `framing` `close` means: no length is
    announced, the end of the connection is the end of the body; `raw`: headers and bytes go out exactly as given.
    `paced` bytes keep to the server's tokens per second. With `before_body` the answer goes out as soon as the
    request's headers are there; its body is left unread and the connection closed, so that a writer finds it broken.
    `wire` is a body as it stands on the wire: it takes the place of the steps and costs nothing per step.
    """

    steps: Iterable[Step] | Callable[[], Iterable[Step]] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": NDJSON})
    framing: Framing = "chunked"
    opening: Literal["headers", "hang", "fin", "rst"] = "headers"
    ending: Literal["finish", "fin", "rst", "hang"] = "finish"
    first_delay_s: float = 0.0
    paced: bool = False
    before_body: bool = False
    wire: bytes | None = None

    def each_step(self) -> Iterable[Step]:
        """The steps, made anew for each request where they are endless."""
        return self.steps() if callable(self.steps) else self.steps

    def whole(self) -> bytes:
        """All bytes of the body at once."""
        return b"".join(step for step in self.each_step() if isinstance(step, bytes))

    def ready(self) -> Reply:
        """The same with its body framed in advance: for measuring clients, not this server. Pauses are left out."""
        steps = [step for step in self.each_step() if isinstance(step, bytes)]
        body = b"".join(map(framed, steps)) if self.framing == "chunked" else b"".join(steps)
        return replace(self, steps=steps, wire=body)


def framed(data: bytes) -> bytes:
    """One chunk of the chunked coding."""
    return b"%x\r\n%s\r\n" % (len(data), data)


@dataclass(frozen=True, slots=True)
class Say:
    """A proper reply in these pieces: streamed one a line, or whole, as the request wants it.

    `first_delay_s` passes before the headers (as with a model that loads or reads), `delay_s` between two pieces.
    With `done=False` the reply ends as Ollama's repeat guard ends it.
    """

    pieces: Sequence[str]
    delay_s: float = 0.0
    first_delay_s: float = 0.0
    thinking: Sequence[str] = ()
    tool_calls: Sequence[Mapping[str, Any]] = ()
    done_reason: str = "stop"
    done: bool = True


Script = Reply | Say | str | Sequence[str] | Mapping[str, Any] | Callable[[Any], "Script | None"]
"""A text or texts stand for `Say`, a mapping for a JSON answer. A callable gets the request's JSON; None from it means
the server's own answer."""
