"""The engine put together: models, queue, routes, and the socket they answer on."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tutor.engine.admission import Admission
from tutor.engine.chat import KEEP_ALIVE_S, Chat
from tutor.engine.connection import Connection
from tutor.engine.launch import Launch
from tutor.engine.llama import LoadedModel
from tutor.engine.residence import Residence
from tutor.engine.routes import Gate, Routes
from tutor.engine.shelf import Model, Shelf, open_model

LOOPBACK: Final = "127.0.0.1"


@dataclass(frozen=True)
class Service:
    """A listening engine. Keep it as long as it should answer."""

    port: int
    server: asyncio.Server


async def begin(launch: Launch) -> Service:
    """Load the first model and listen. Raises BadName, NotAModel, OSError or CannotLoad."""
    models = [open_model(name, path) for name, path in launch.models]
    residence = Residence(lambda model: LoadedModel(model.paths, launch.capacity))
    await _load(residence, models)
    shelf = Shelf(models)
    context = launch.capacity.context
    chat = Chat(shelf, residence, Admission(launch.capacity.slots, launch.waiting), context=context)
    listening = _listen(launch.port)
    port = listening.getsockname()[1]
    gate = Gate(Routes(shelf, residence, chat, context=context).serve, launch.token, port)
    everyone: set[Connection] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(gate.serve, everyone), sock=listening)
    return Service(port, server)


async def _load(residence: Residence, models: Sequence[Model]) -> None:
    async with residence.use(models[0], KEEP_ALIVE_S):
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
