"""Exchanges with a real server, recorded chunk by chunk (see `recordings/README.md`)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tutor.ollama.testing.replies import Framing, Reply, Step

_FOLDER = resources.files("tutor.ollama.testing") / "recordings"
_FRAMING_HEADERS = ("content-length", "transfer-encoding", "date", "connection")


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded exchange. `chunks` are (seconds since the request, bytes); `end` is complete, hangup or cut."""

    name: str
    method: str
    path: str
    body: Any
    status: int
    headers: dict[str, str]
    chunks: tuple[tuple[float, bytes], ...]
    end: str

    @property
    def content(self) -> bytes:
        """The whole body."""
        return b"".join(data for _, data in self.chunks)

    def reply(self, *, in_real_time: bool = False) -> Reply:
        """The recorded answer, at once or with its pauses. Those that closed the connection did so before they had read
        the body."""
        header = {k.lower(): v for k, v in self.headers.items()}
        framing: Framing = "chunked" if "transfer-encoding" in header else "length"
        # An answer to HEAD names the length of the body that it leaves out.
        framing = "raw" if self.method == "HEAD" else framing
        dropped = ("date", "connection") if framing == "raw" else _FRAMING_HEADERS
        return Reply(
            self._steps(in_real_time=in_real_time),
            status=self.status,
            headers={k: v for k, v in self.headers.items() if k.lower() not in dropped},
            framing=framing,
            ending="finish" if self.end == "complete" else "fin",
            before_body=header.get("connection") == "close",
        )

    def _steps(self, *, in_real_time: bool) -> list[Step]:
        steps: list[Step] = []
        before = 0.0
        for at_s, data in self.chunks:
            if in_real_time:
                steps.append(at_s - before)
                before = at_s
            steps.append(data)
        return steps


@cache
def recording(name: str) -> Recording:
    """The recording of this name. Raises FileNotFoundError."""
    raw = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return Recording(
        name=name,
        method=raw["method"],
        path=raw["path"],
        body=raw.get("body"),
        status=raw["status"],
        headers=raw["headers"],
        chunks=tuple((at_s, _bytes(data)) for at_s, data in raw["chunks"]),
        end=raw["end"],
    )


def recording_names() -> list[str]:
    """All names, in order."""
    return sorted(f.name.removesuffix(".json") for f in _FOLDER.iterdir() if f.name.endswith(".json"))


def _bytes(data: str | dict[str, str]) -> bytes:
    return data.encode() if isinstance(data, str) else base64.b64decode(data["b64"])
