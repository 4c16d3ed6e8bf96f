"""Pages over HTTP, as a browser asks for them: how long, and how many bytes."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import statistics
import time
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urljoin

from websockets.sync.client import connect

from tests.bench.house import Crowd

_NAMED = re.compile(r'<(?:link|script)[^>]+(?:href|src)="(/[^"]+)"')
_IMPORTED = re.compile(r'(?:from|import)\s*"(\.[^"]+)"')
_HEADERS = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Answer:
    body: bytes
    took_ms: float
    packed: bool

    @property
    def packed_bytes(self) -> int:
        """What it weighs once it is collected and compressed, as `make run` leaves it."""
        return len(self.body if self.packed else gzip.compress(self.body))

    @property
    def text(self) -> str:
        return (gzip.decompress(self.body) if self.packed else self.body).decode()


class Browser:
    """One person's connection to a house; ``with`` closes it."""

    def __init__(self, crowd: Crowd, person: str) -> None:
        self._headers = {**_HEADERS, "Cookie": crowd.house.cookie(person)}
        self._connection = http.client.HTTPConnection("127.0.0.1", crowd.house.port, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._connection.close()

    def get(self, path: str) -> Answer:
        began = time.monotonic()
        self._connection.request("GET", path, headers=self._headers)
        response = self._connection.getresponse()
        body = response.read()
        assert response.status == 200, f"{path}: {response.status}"
        took_ms = (time.monotonic() - began) * 1000
        return Answer(body, took_ms, response.headers.get("Content-Encoding") == "gzip")


def opening_ms(browser: Browser, conversation: str) -> float:
    return browser.get(f"/talk/{conversation}/").took_ms


def subscribing_ms(crowd: Crowd, person: str, conversation: str) -> float:
    """From the frame that asks to the one that says everything has come."""
    headers = {"Cookie": crowd.house.cookie(person)}
    origin: Any = crowd.house.url
    with connect(crowd.socket_url, origin=origin, additional_headers=headers, compression=None) as socket:
        began = time.monotonic()
        socket.send(json.dumps({"type": "subscribe", "conversation": conversation}))
        while json.loads(socket.recv(30))["type"] != "subscribed":
            pass
        return (time.monotonic() - began) * 1000


def weight_bytes(browser: Browser, conversation: str) -> dict[str, int]:
    """What a first visit transfers: the page and everything it names or imports, in bytes by path."""
    path = f"/talk/{conversation}/"
    page = browser.get(path)
    weights = {path: len(page.body)}
    wanted = _NAMED.findall(page.text)
    while wanted:
        path = wanted.pop()
        if path not in weights:
            found = browser.get(path)
            weights[path] = found.packed_bytes
            names = _IMPORTED.findall(found.text) if path.endswith(".js") else []
            wanted += [urljoin(path, name) for name in names]
    return weights


def median(values: list[float]) -> float:
    return statistics.median(values)
