"""The one seam between asynchronous code and Django's synchronous ORM.

Four threads of our own, not asgiref's single one: a slow query of one socket must not hold up all the others. Each
keeps its connection: opening one costs more than most questions put to it.
Functions passed in do one short transaction; nothing of the model's stream is ever awaited inside.

There are two lanes. What goes on (a reply under way: what it depends on, its checkpoints, its end) takes any thread
that is free; what comes in (a new command, a page that catches up) takes two at most, so that a hundred messages of the
same moment cannot keep the first of them from its answer.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from django.db import InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.backends.utils import CursorWrapper

from tutor.sqlite_like import is_like

P = ParamSpec("P")
R = TypeVar("R")
_THREADS = 4
_COMING_IN = 2
_pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="database")
_lanes: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def come_in(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The same as :func:`in_database`, for work that somebody outside asks for: it waits for what is under way."""
    lane = _lanes.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_COMING_IN))
    async with lane:
        return await in_database(work, *args, **kwargs)


async def in_database(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run ``work`` in a database thread. A connection that died meanwhile is renewed and the work tried once more."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool, lambda: _with_live_connection(work, *args, **kwargs))


def _with_live_connection(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return work(*args, **kwargs)
    except (InterfaceError, OperationalError):
        if connections["default"].is_usable():
            raise
        connections["default"].close()
        return work(*args, **kwargs)


def teach_capitals() -> None:
    """Let every connection of SQLite compare text as people do, in searches and among usernames. Other databases do so
    by themselves."""
    connection_created.connect(_teach, dispatch_uid="capitals beyond ASCII")


def _teach(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    if isinstance(connection.connection, sqlite3.Connection):
        connection.connection.create_function("like", 3, is_like, deterministic=True)


def empty_log() -> bool:
    """Bring SQLite's write-ahead log into the database file, write over it and empty it: erased words stand there until
    then, and what is merely cut off stays on the disk.

    Returns whether it is empty now; a reader may be in the way. Other databases keep no such file: True.
    """
    connection = connections["default"]
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(RESTART)")
        if cursor.fetchone()[0]:
            return False
        _write_over_log(cursor, Path(f"{connection.settings_dict['NAME']}-wal"))
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return not cursor.fetchone()[0]


def _write_over_log(cursor: CursorWrapper, log: Path) -> None:
    """Let SQLite itself write zeros from one end of its log to the other: a table as large as the log, for a moment.

    After a restarting checkpoint the next transaction begins at the log's first byte. Nobody else may write to that
    file; what others write meanwhile comes on top and does no harm.
    """
    cursor.execute("PRAGMA page_size")
    page_bytes = int(cursor.fetchone()[0])
    pages = log.stat().st_size // page_bytes + 1 if log.exists() else 0
    if pages > 1:
        cursor.execute("CREATE TABLE IF NOT EXISTS log_filler (filling BLOB)")
        cursor.execute("INSERT INTO log_filler VALUES (zeroblob(%s))", [pages * page_bytes])
        cursor.execute("DROP TABLE log_filler")


async def close_database_threads() -> None:
    """Close every thread's connection: at the end of a process, and between tests that drop their database."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(RuntimeError):
        await asyncio.gather(*(loop.run_in_executor(_pool, connections.close_all) for _ in range(_THREADS)))
