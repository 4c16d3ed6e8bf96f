"""``manage.py fetch_model``: get the weights of a model for the built-in engine."""

from __future__ import annotations

import sys
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tutor.engine.weights import (
    Fetch,
    Model,
    Progress,
    Source,
    best_fit,
    default_sources,
    fitting,
    free_memory_bytes,
    installed,
    model_named,
    models,
    survey,
)
from tutor.jobs.messages import size_text, time_text
from tutor.llm.builtin import in_order
from tutor.llm.weights_messages import SOURCES, fault_text, purpose_text, usual_time_text

FAILED, USAGE, NOTHING_FITS, NO_ROOM, INTERRUPTED = 1, 2, 3, 4, 130
_DRAW_EVERY_S = 0.2
_LINE_EVERY_S = 5.0
_BAR_WIDTH = 30


class Command(BaseCommand):
    """Exit codes: 0 here, 1 failed, 2 not understood, 3 nothing fits or answers, 4 no room, 130 paused by Ctrl-C."""

    help = "Fetches the weights of a model for the built-in engine. Without a name: the best that fits."

    requires_system_checks = ()  # weights are files: neither the database nor the pages matter here

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="such as qwen2.5-coder:1.5b")
        parser.add_argument("--list", action="store_true", help="show the catalogue and what is here")
        parser.add_argument("--into", type=Path, help="folder for the weights (default: var/models)")
        parser.add_argument("--source", choices=sorted(SOURCES), help="ask this source only")
        parser.add_argument("--from", dest="local", type=Path, help="a file or folder that has the weights")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_args: Any, **options: Any) -> None:
        into = options["into"] or Path(settings.VAR_DIR) / "models"
        if options["list"]:
            self._list(into)
            return
        sources = default_sources(local=options["local"], only=options["source"])
        model = self._named(options["name"]) if options["name"] else self._best(sources)
        if model in installed(into):
            self._say(_("%(title)s is here: %(path)s") % {"title": model.title, "path": model.entry(into)})
            return
        if not options["yes"]:
            self._ask(model, into)
        self._fetch(Fetch(model, into, sources))
        if len(here := in_order(into, settings.ENGINE_MODEL)) > 1 and here[0] == model:
            self._say(
                _("If Polyglott is talking with another built-in model now, it takes this one at its next start.")
            )

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _list(self, into: Path) -> None:
        free_bytes = free_memory_bytes()
        here, fits = installed(into), fitting(free_bytes)
        for model in models():
            fit = _("fits") if model in fits else _("too big for this memory")
            state = _("here") if model in here else fit if free_bytes else _("not known")
            self._say(f"{model.name:<20} {size_text(model.bytes):>8}  {model.licence}  {state}")
            self._say(f"{'':<20} {model.title}. {purpose_text(model)}")

    def _named(self, name: str) -> Model:
        model = model_named(name)
        if model is None:
            known = ", ".join(model.name for model in models())
            words = _("There is no model “%(name)s” here. Known: %(known)s.") % {"name": name, "known": known}
            raise CommandError(words, returncode=USAGE)
        return model

    def _best(self, sources: list[Source]) -> Model:
        free_bytes = free_memory_bytes()
        self._say(_("Looking for the best model that fits and whose source answers …"))
        answers = survey(fitting(free_bytes), sources)
        model = best_fit(free_bytes, lambda model: answers.get(model.name) is not None)
        if model is None:
            words = _("No source answers.") if answers else _("The smallest model needs 1.5 GB of free memory.")
            raise CommandError(words, returncode=NOTHING_FITS)
        self._say(_("Source: %(source)s.") % {"source": SOURCES[answers[model.name] or ""]})
        return model

    def _ask(self, model: Model, into: Path) -> None:
        facts = {"title": model.title, "name": model.name, "size": size_text(model.bytes), "into": into}
        facts |= {"licence": model.licence, "time": usual_time_text(model)}
        self._say(_("%(title)s (%(name)s), %(size)s, licence %(licence)s.") % facts)
        self._say(purpose_text(model))
        self._say(_("About %(time)s at 50 Mbit/s, into %(into)s.") % facts)
        if not sys.stdin.isatty():
            raise CommandError(_("Nobody is here to be asked. Add --yes to fetch it."), returncode=USAGE)
        if input(_("Fetch it? [Y/n] ")).strip().lower() in {"n", "no", _("no")}:
            raise CommandError(_("Nothing was fetched."), returncode=FAILED)

    def _fetch(self, fetch: Fetch) -> None:
        worker = threading.Thread(target=fetch.run, name="fetch", daemon=True)
        worker.start()
        started = time.monotonic()
        try:
            self._watch(fetch, worker)
        except KeyboardInterrupt:
            fetch.cancel(keep_part=True)
            worker.join()
            self._end_line()
            words = _("Paused; what has come is kept. The same command goes on from there: fetch_model %(name)s")
            raise CommandError(words % {"name": fetch.model.name}, returncode=INTERRUPTED) from None
        self._end(fetch.progress, time.monotonic() - started)

    def _watch(self, fetch: Fetch, worker: threading.Thread) -> None:
        tty, shown_at = self.stdout.isatty(), 0.0
        while worker.is_alive():
            worker.join(_DRAW_EVERY_S)
            if tty:
                self.stdout.write(f"\r\x1b[K{_bar(fetch.progress)} {_line(fetch.progress)}", ending="")
                self.stdout.flush()
            elif time.monotonic() - shown_at >= _LINE_EVERY_S and not fetch.progress.ended:
                self._say(_line(fetch.progress))
                shown_at = time.monotonic()
        self._end_line()

    def _end_line(self) -> None:
        if self.stdout.isatty():
            self._say("")

    def _end(self, progress: Progress, took_s: float) -> None:
        for source, code in progress.failures:
            self.stderr.write(f"{SOURCES[source]}: {fault_text(Progress(progress.model, error=code))}")
        if progress.state != "done":
            full = progress.error in {"no_space", "disk_full"}
            raise CommandError(fault_text(progress), returncode=NO_ROOM if full else FAILED)
        self._say(_("%(name)s is here, checked, after %(time)s.") % {"name": progress.model, "time": time_text(took_s)})


def _bar(progress: Progress) -> str:
    full = int(_BAR_WIDTH * progress.bytes_done / max(1, progress.bytes_total))
    return f"[{'#' * full}{'.' * (_BAR_WIDTH - full)}]"


def _line(progress: Progress) -> str:
    states = {"checking": _("checking"), "downloading": _("downloading"), "verifying": _("verifying")}
    words = [states.get(progress.state, _("waiting")), f"{100 * progress.bytes_done // max(1, progress.bytes_total)} %"]
    words.append(f"{size_text(progress.bytes_done)} / {size_text(progress.bytes_total)}")
    if progress.bytes_per_s:
        words.append(f"{size_text(progress.bytes_per_s)}/s")
    if progress.seconds_left is not None:
        words.append(_("%(time)s left") % {"time": time_text(progress.seconds_left)})
    return " · ".join(words)
