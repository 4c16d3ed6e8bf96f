"""Who is compared, under which names."""

from __future__ import annotations

import importlib
from typing import Any

LIBRARIES = {"ours": "tutor.ollama", "published": "ollama"}
TWINS = {"aio": "AsyncClient", "sync": "Client"}


def client_class(library: str, twin: str) -> Any:
    """The class; the import happens here, so that a process holds one library."""
    return getattr(importlib.import_module(LIBRARIES[library]), TWINS[twin])
