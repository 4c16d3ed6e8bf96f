"""The engine put together: models, queue, routes, and the socket they answer on."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tutor.engine.admission_queue import AdmissionQueue
from tutor.engine.chat import KEEP_ALIVE_S, Chat
from tutor.engine.connection import Connection
from tutor.engine.launch import Launch
from tutor.engine.llama import LlamaModel
from tutor.engine.loaded_model import LoadedModel
from tutor.engine.model_store import Model, ModelStore, open_model
from tutor.engine.routes import Gate, Routes

LOOPBACK: Final = "127.0.0.1"


@dataclass(frozen=True)
class Service:
    """A listening engine. Keep it as long as it should answer."""

    port: int
    server: asyncio.Server


async def begin(launch: Launch) -> Service:
    """Load the first model and listen. Raises BadName, NotAModel, OSError or CannotLoad."""
    models = [open_model(name, path) for name, path in launch.models]
    loaded_model = LoadedModel(lambda model: LlamaModel(model.paths, launch.capacity))
    await _load(loaded_model, models)
    store = ModelStore(models)
    context = launch.capacity.context
    chat = Chat(store, loaded_model, AdmissionQueue(launch.capacity.slots, launch.waiting), context=context)
    listening = _listen(launch.port)
    port = listening.getsockname()[1]
    gate = Gate(Routes(store, loaded_model, chat, context=context).serve, launch.token, port)
    everyone: set[Connection] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(gate.serve, everyone), sock=listening)
    return Service(port, server)


async def _load(loaded_model: LoadedModel, models: Sequence[Model]) -> None:
    async with loaded_model.use(models[0], KEEP_ALIVE_S):
        pass


def _listen(port: int) -> socket.socket:
    """The port of before, so that the engine's address outlives a crash; any other one when that is taken."""
    try:
        return _bound(port)
    except OSError:
        return _bound(0)


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
    except OSError:
        listening.close()
        raise
    return listening
