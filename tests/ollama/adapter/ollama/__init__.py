"""Our client under the published client's name, for the published client's own tests (`tools/published_tests.py`)."""

from importlib import import_module
from typing import Any

from tutor.ollama import *  # noqa: F403

_private: Any = import_module("ollama._client")

# In the published package too, the client behind the functions hides the module.
_client = _private.Client()
systemone = _client.systemone
