"""``manage.py serve``: Daphne in this process, with what the process owns started and drained around it."""

import asyncio
import contextlib
import errno
import logging
import os
import socket
import sys
import threading
from typing import Any

import segno
from daphne.server import Server, twisted_loop
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from polyglott import lifetime, open_files
from polyglott.env import env
from polyglott.folder import FolderInUseError, hold
from tutor.accounts.links import renew_set_up_link

LAST_S = 9.5
# Who may knock at the same moment: after a restart, every open page does.
BACKLOG = 1024


class Command(BaseCommand):
    help = "Run Polyglott: pages, sockets, the queue for the model and the built-in engine, in one process."
    requires_system_checks: list[str] = []
    _drained = True

    def handle(self, *args: Any, **options: Any) -> None:
        open_files.raise_limit()
        self._refuse_used_port()
        self._close_the_folder()
        self._refuse_second_server()
        self._greet()
        from twisted.internet import reactor

        from polyglott import asgi, frames, intake

        frames.send_at_once()
        intake.measure_requests(open_files.most_waiting(), max(settings.TIME_SCALE, intake.LEAST_SCALE))

        # Daphne has put its reactor on a loop of its own; what the process owns must live on that one.
        asyncio.set_event_loop(twisted_loop)
        as_deferred = _as_deferred(twisted_loop)
        reactor.callWhenRunning(lambda: as_deferred(lifetime.start()).addErrback(_give_up))
        reactor.addSystemEventTrigger("before", "shutdown", lambda: as_deferred(self._drain()))
        Server(
            application=asgi.application,
            endpoints=[f"tcp:port={env.port}:interface={_interface()}:backlog={BACKLOG}"],
            signal_handlers=True,
            server_name="",
            verbosity=0,
            websocket_timeout=4 * 3600,
        ).run()
        if not self._drained:
            _end_at_once()

    async def _drain(self) -> None:
        # Pages, too, may wait for somebody else's lock; what must be kept is kept by then.
        last = threading.Timer(LAST_S, _end_at_once)
        last.daemon = True
        last.start()
        self._drained = await lifetime.drain()

    def _refuse_used_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_interface(), env.port))
            except OSError as fault:
                if fault.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    raise
                raise CommandError(
                    _("Port %(port)d is in use. Stop what uses it, or choose another one: make run PORT=8001")
                    % {"port": env.port}
                ) from None

    def _close_the_folder(self) -> None:
        """What people write is for this user alone, however the folder came to be: not only by ``make run``."""
        os.umask(0o077)
        with contextlib.suppress(OSError):
            settings.VAR_DIR.chmod(0o700)
            for file in settings.VAR_DIR.glob("*.sqlite3*"):
                file.chmod(0o600)

    def _refuse_second_server(self) -> None:
        try:
            self._lock = hold(settings.VAR_DIR)
        except FolderInUseError:
            raise CommandError(
                _("A Polyglott runs already with this folder: %(folder)s. Stop that one first.")
                % {"folder": settings.VAR_DIR}
            ) from None

    def _greet(self) -> None:
        say = self.stdout.write
        say("\n  " + _("Polyglott is at %(address)s") % {"address": settings.PUBLIC_URL})
        link = renew_set_up_link()
        if link is not None:
            say("  " + _("Set it up here, within an hour: %(link)s") % {"link": link})
        if env.lan:
            self._greet_network(link or settings.PUBLIC_URL)
        say("  " + _("Stop with Ctrl-C; nothing is lost.") + "\n")
        self.stdout.flush()

    def _greet_network(self, address: str) -> None:
        say = self.stdout.write
        if not env.secure:
            say("  " + _("Anyone in this network can listen in: the connection is plain http, not encrypted."))
        segno.make(address).terminal(out=sys.stdout, compact=True, border=2)


def _end_at_once() -> None:
    """Without waiting for threads that wait themselves: SQLite keeps all of a transaction or nothing."""
    logging.shutdown()
    os._exit(0)


def _interface() -> str:
    return "0.0.0.0" if env.lan else "127.0.0.1"  # noqa: S104 - only when the local network was asked for


def _as_deferred(loop: asyncio.AbstractEventLoop) -> Any:
    from twisted.internet.defer import Deferred

    def convert(coroutine: Any) -> Any:
        return Deferred.fromFuture(asyncio.ensure_future(coroutine, loop=loop))

    return convert


def _give_up(failure: Any) -> None:
    logging.getLogger("polyglott").critical("could not start: %s", failure.type.__name__, exc_info=failure.value)
    from twisted.internet import reactor

    reactor.stop()
