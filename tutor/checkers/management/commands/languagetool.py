"""``manage.py languagetool``: fetch LanguageTool, check it, and run it beside the house until Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import time
from argparse import ArgumentParser
from http.client import HTTPException
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tutor.checkers import jars
from tutor.checkers.languagetool import address_file, ask
from tutor.checkers.languagetool_job import LanguageToolJob
from tutor.jobs.job import Progress
from tutor.jobs.messages import size_text
from tutor.jobs.registry import registry
from tutor.jobs.store import Busy

_LINE_EVERY_S = 5.0
_START_S = 180.0
# The first sentence of a language takes up to a minute; nobody who writes is to wait for that.
_FIRST = {"es": "Tengo un perro.", "fr": "J'ai un chien.", "de-DE": "Ich habe einen Hund.", "en-US": "I have a dog."}
_FIRST |= {"it": "Ho un cane.", "pt-BR": "Eu tenho um cachorro."}


class Command(BaseCommand):
    """Exit codes: 0 after Ctrl-C or once fetched, 1 failed."""

    help = "Fetches LanguageTool (256 MB, LGPL; needs Java and Maven), checks it and runs it here until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8081, help="where it listens on this computer (default: 8081)")
        parser.add_argument("--fetch", action="store_true", help="fetch and check it only")

    def handle(self, *_args: Any, **options: Any) -> None:
        # Whoever ends services says so by this signal: the server is to end with us.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self._fetch()
        if options["fetch"]:
            return
        try:
            server = jars.start(jars.folder(Path(settings.VAR_DIR)), options["port"])
        except jars.FetchFault as fault:
            raise CommandError(LanguageToolJob.fault_text(Progress(error=fault.code))) from None
        try:
            self._serve(server, options["port"])
        except KeyboardInterrupt:
            self._say(_("LanguageTool is stopped."))
        finally:
            address_file().unlink(missing_ok=True)
            server.terminate()
            server.wait()

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _fetch(self) -> None:
        """As a job, which the pages about models show too."""
        job = LanguageToolJob(jars.VERSION)
        try:
            registry.begin(job)
        except Busy:
            raise CommandError(_("Another one is under way. One at a time.")) from None
        try:
            self._watch(job)
        except KeyboardInterrupt:
            job.cancel()
            raise CommandError(_("Nothing was fetched.")) from None
        finally:
            while not job.progress.ended:
                time.sleep(0.1)
            registry.write_down()
        if job.progress.state != "done":
            raise CommandError(f"{job.fault_text(job.progress)} {job.progress.detail}".strip())
        self._say(_("LanguageTool %(version)s is here, and checked.") % {"version": jars.VERSION})

    def _watch(self, job: LanguageToolJob) -> None:
        shown_at = time.monotonic()
        while not job.progress.ended:
            time.sleep(0.1)
            if time.monotonic() - shown_at >= _LINE_EVERY_S:
                seen, shown_at = job.progress, time.monotonic()
                self._say(f"{job.phase_text(seen.phase)} · {size_text(seen.done)} / {size_text(seen.total)}")
                registry.write_down()

    def _serve(self, server: subprocess.Popen[bytes], port: int) -> None:
        """Wait until it answers, let it load its languages, tell the house, and stay."""
        url = f"http://127.0.0.1:{port}"
        self._say(_("LanguageTool starts …"))
        deadline = time.monotonic() + _START_S
        for tag, sentence in _FIRST.items():
            while not self._answers(url, tag, sentence):
                if server.poll() is not None or time.monotonic() > deadline:
                    raise CommandError(_("LanguageTool did not start. Is the port free, and 2 GB of memory?"))
                time.sleep(0.5)
        address_file().write_text(str(port), "ascii")
        words = _("LanguageTool answers on port %(port)s. Ctrl-C stops it.")
        self._say(words % {"port": port})
        server.wait()

    def _answers(self, url: str, tag: str, sentence: str) -> bool:
        try:
            ask(url, tag, sentence, _START_S)
        except (OSError, HTTPException, ValueError):
            return False
        return True
