"""One request, with all that the server's own answer to it depends on."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from tutor.ollama.testing.model_store import ModelStore
from tutor.ollama.testing.received import Received
from tutor.ollama.testing.replies import Script


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked, of whom, and the `script` that a test wants said, if any."""

    store: ModelStore
    version: str
    hosts: AbstractSet[str]
    received: Received
    script: Script | None

    @property
    def body(self) -> dict[str, Any]:
        """The request's JSON object; empty if there is none."""
        body = self.received.body
        return body if isinstance(body, dict) else {}

    @property
    def streamed(self) -> bool:
        """Whether a stream is wanted: yes, unless the request says no."""
        return self.body.get("stream") is not False
