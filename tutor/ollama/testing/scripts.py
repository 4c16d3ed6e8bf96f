"""Which script answers which request."""

from __future__ import annotations

from collections import deque

from tutor.ollama.testing.replies import Script

Key = tuple[str | None, str]


class Scripts:
    """By method (None for any) and path: first those said once, in order, then the standing one.

    A path that ends with a slash stands for all paths directly below it.
    """

    def __init__(self) -> None:
        self._once: dict[Key, deque[Script]] = {}
        self._standing: dict[Key, Script] = {}

    def add(self, script: Script, key: Key, *, once: bool) -> None:
        """Keep a script; a standing one takes the place of the one before."""
        if once:
            self._once.setdefault(key, deque()).append(script)
        else:
            self._standing[key] = script

    def peek(self, method: str, path: str) -> Script | None:
        """The script that is next for this request."""
        keys = _keys(method, path)
        for key in keys:
            if waiting := self._once.get(key):
                return waiting[0]
        return next((self._standing[key] for key in keys if key in self._standing), None)

    def take(self, method: str, path: str) -> Script | None:
        """The same; one said once is gone then."""
        script = self.peek(method, path)
        for key in _keys(method, path):
            if waiting := self._once.get(key):
                return waiting.popleft()
        return script

    def clear(self) -> None:
        """Drop all."""
        self._once.clear()
        self._standing.clear()


def _keys(method: str, path: str) -> list[Key]:
    above = path.rpartition("/")[0] + "/"
    paths = [path, above] if len(above) > 1 else [path]
    return [(name, place) for place in paths for name in (method, None)]
