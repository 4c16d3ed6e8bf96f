"""A scripted Ollama for tests: real sockets, recorded exchanges, and every fault by name."""

from tutor.ollama.testing import faults
from tutor.ollama.testing.models import Model
from tutor.ollama.testing.proxy import ProxyAsked, ScriptedProxy
from tutor.ollama.testing.received import Received
from tutor.ollama.testing.recordings import Recording, recording, recording_names
from tutor.ollama.testing.replies import Reply, Say, Script
from tutor.ollama.testing.server import ScriptedOllama
from tutor.ollama.testing.transport import ScriptedTransport

__all__ = [
    "Model",
    "ProxyAsked",
    "Received",
    "Recording",
    "Reply",
    "Say",
    "Script",
    "ScriptedOllama",
    "ScriptedProxy",
    "ScriptedTransport",
    "faults",
    "recording",
    "recording_names",
]
