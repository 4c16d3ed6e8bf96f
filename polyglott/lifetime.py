"""What a server process owns, started once its loop runs and drained before it ends.

``manage.py serve`` calls these from Daphne's reactor; under any other ASGI server the lifespan scope does.
"""

import asyncio
import logging
import sys
from typing import Any

from polyglott.wiring import make_supervisor
from tutor.chat.consumer import say_bye_to_all
from tutor.database import close_database_threads
from tutor.live.supervisor import NoSupervisor, set_supervisor, supervisor

log = logging.getLogger(__name__)
DRAIN_S = 8.0
THREADS_S = 1.0
# How long a database thread may keep the interpreter while the loop has words to pass on; Python's own 5 ms, four
# threads deep, held every frame up by 20 ms and more.
TURN_S = 0.0005


async def start() -> None:
    sys.setswitchinterval(TURN_S)
    made = make_supervisor()
    set_supervisor(made)
    await made.start()


async def drain() -> bool:
    """Tell every open socket, store what grows, stop the engines: nine seconds at most.

    False: a database thread still waits for somebody else's lock, and Python would wait for the thread.
    """
    try:
        async with asyncio.timeout(DRAIN_S):
            await say_bye_to_all()
            await supervisor().drain()
    except NoSupervisor:
        log.info("nothing to drain: this process had not begun yet")
    except TimeoutError:
        log.warning("draining took longer than %.0f s", DRAIN_S)
    finally:
        set_supervisor(None)
    try:
        async with asyncio.timeout(THREADS_S):
            await close_database_threads()
    except TimeoutError:
        return False
    return True


async def lifespan(scope: Any, receive: Any, send: Any) -> None:
    """ASGI's lifespan protocol, for servers that speak it."""
    while True:
        event = await receive()
        phase = event["type"].rpartition(".")[2]
        try:
            await (start() if phase == "startup" else drain())
        except Exception as fault:
            log.exception("%s failed", phase)
            await send({"type": f"lifespan.{phase}.failed", "message": type(fault).__name__})
            return
        await send({"type": f"lifespan.{phase}.complete"})
        if phase == "shutdown":
            return
