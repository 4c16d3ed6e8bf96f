"""A LanguageTool that says what a test told it: a real server on a real socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


class ScriptedLanguageTool(ThreadingHTTPServer):
    """Objects to ``words`` wherever they stand, with these suggestions. ``asked`` holds what came, as its fields."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], category: str = "GRAMMAR") -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.words, self.category = words, category
        self.asked: list[dict[str, str]] = []
        self.body: bytes | None = None
        """Said in place of an answer."""
        self.status = 200
        self.silent = threading.Event()
        """Set: it takes the question and says nothing."""
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def matches(self, text: str) -> list[dict[str, Any]]:
        return [self._match(text, word) for word in self.words if word in text]

    def _match(self, text: str, word: str) -> dict[str, Any]:
        """Places are counted as Java counts them."""
        offset = len(text[: text.index(word)].encode("utf-16-le")) // 2
        return {
            "offset": offset,
            "length": len(word.encode("utf-16-le")) // 2,
            "replacements": [{"value": one} for one in self.words[word]],
            "rule": {"id": "A_RULE", "category": {"id": self.category}},
        }


class _Answers(BaseHTTPRequestHandler):
    server: ScriptedLanguageTool

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        fields = {name: values[0] for name, values in asked.items()} | {"path": self.path}
        self.server.asked.append(fields)
        if self.server.silent.is_set():
            self.server.over.wait()
            return
        body = self.server.body or json.dumps({"matches": self.server.matches(fields["text"])}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def languagetool(words: Mapping[str, tuple[str, ...]], category: str = "GRAMMAR") -> Iterator[ScriptedLanguageTool]:
    server = ScriptedLanguageTool(words, category)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
