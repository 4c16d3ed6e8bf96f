"""What a server does by itself now and then, as long as it runs: look at open sessions, erase what is over."""

import asyncio
import logging
import time
from datetime import timedelta

from django.conf import settings

from tutor.accounts.sessions import erase_expired, look_again
from tutor.conversations import erasing
from tutor.database import empty_log, in_database
from tutor.live import timing

log = logging.getLogger(__name__)
SESSIONS_EVERY_S = 3600.0


async def keep_looking_at_sessions() -> None:
    """Whether the sessions of open sockets are still good: another process may have ended them, or time."""
    while True:
        await asyncio.sleep(timing.scaled(timing.SESSIONS_LOOK_EVERY_S))
        try:
            await in_database(look_again)
        except Exception:
            log.exception("sessions could not be looked at; the next round tries again")


async def keep_erasing() -> None:
    """Really erase what is over, from the database's log as well.

    That is deleted conversations after the time for undoing, and once an hour sessions that have run out.
    """
    undo, left_in_log, sessions_due = timedelta(seconds=settings.UNDO_S), True, 0.0
    while True:
        try:
            left_in_log = bool(await in_database(erasing.erase_deleted, undo)) or left_in_log
            if time.monotonic() >= sessions_due:
                left_in_log = await in_database(erase_expired) or left_in_log
                sessions_due = time.monotonic() + SESSIONS_EVERY_S
            left_in_log = left_in_log and not await in_database(empty_log)
        except Exception:
            log.exception("erasing failed; the next round tries again")
        await asyncio.sleep(min(10.0, max(1.0, settings.UNDO_S / 3)))
