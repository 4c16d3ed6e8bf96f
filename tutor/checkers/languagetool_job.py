"""The fetch of LanguageTool, as a job."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tutor.checkers import jars
from tutor.jobs.job import Job, JobFault, register
from tutor.jobs.messages import size_text


@register
class LanguageToolJob(Job):
    """``name`` is the version."""

    kind: ClassVar[str] = "languagetool"
    phases: ClassVar[Mapping[str, object]] = {"fetching": _("fetching"), "checking": _("checking")}
    faults: ClassVar[Mapping[str, object]] = {
        "no_maven": _("Maven, which fetches LanguageTool, is not installed on this computer."),
        "no_java": _("LanguageTool needs Java, and there is none on this computer."),
        "maven": _("Maven could not fetch it. Nothing was changed."),
        "wrong_file": _("A file is not the one it should be. Nothing of it was kept."),
    }

    def __init__(self, name: str) -> None:
        super().__init__(name)
        if name != jars.VERSION:
            raise LookupError(name)

    def work(self) -> None:
        into = jars.folder(Path(settings.VAR_DIR))
        self.show(phase="checking", total=jars.BYTES)
        if jars.wrong_ones(into):
            self.show(phase="fetching")
            try:
                jars.fetch(into, self.check, lambda came: self.show(done=min(came, jars.BYTES)))
            except jars.FetchFault as fault:
                raise JobFault(fault.code, fault.detail) from fault

    @classmethod
    def title(cls, name: str) -> str:
        return f"LanguageTool {name}"

    @classmethod
    def amount_text(cls, amount: float) -> str:
        return size_text(amount)
