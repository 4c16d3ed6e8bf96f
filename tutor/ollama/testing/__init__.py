"""A scripted Ollama for tests: real sockets, recorded exchanges, and every fault by name."""

from tutor.ollama.testing import faults
from tutor.ollama.testing.models import Model
from tutor.ollama.testing.received import Received
from tutor.ollama.testing.recordings import Recording, recording, recording_names
from tutor.ollama.testing.replies import Reply, Say, Script
from tutor.ollama.testing.server import ScriptedOllama

__all__ = [
    "Model",
    "Received",
    "Recording",
    "Reply",
    "Say",
    "Script",
    "ScriptedOllama",
    "faults",
    "recording",
    "recording_names",
]
