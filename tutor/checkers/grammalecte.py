"""Grammalecte, for French, where its program is installed. Its flag counts; its suggestion is never taken."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
from functools import cache
from tempfile import NamedTemporaryFile
from typing import Any, Final

from tutor.dialogue.corrections import Objection

log = logging.getLogger(__name__)
TIMEOUT_S: Final = 5.0
PROGRAM: Final = "grammalecte-cli"
# Apostrophes, spaces, commas and capitals are typed by learners as their keyboards have them; style is no mistake.
_RULES_OFF: Final = (
    "apos", "bs", "date", "eepi", "esp", "maj", "minis", "nbsp", "nf", "num", "pleo", "tab", "tu", "typo", "unit",
    "virg",
)  # fmt: skip


@cache
def program() -> str:
    """Return where the program is; "" where it isn't installed. Looked for once in the life of a process."""
    return shutil.which(PROGRAM) or ""


def objections(language: str, sentence: str) -> list[Objection]:
    """Return what Grammalecte objects to in a French sentence; nothing where it isn't installed or does not answer."""
    if not program() or language.split("-", maxsplit=1)[0].lower() != "fr":
        return []
    try:
        return [_objection(row) for piece in _answer(sentence)["data"] for row in piece["lGrammarErrors"]]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as fault:
        # Nothing of what was asked about: it is a learner's.
        log.warning("Grammalecte does not answer (%s)", type(fault).__name__)
        return []


def _answer(sentence: str) -> Any:
    """Ask about one paragraph. The program reads files only: this one is nobody else's, and gone at once."""
    with NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.write(" ".join(sentence.split("\n")) + "\n")
        file.flush()
        command = [program(), "--json", "--file", file.name, "--opt_off", *_RULES_OFF]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=True)  # noqa: S603
    return json.loads(done.stdout)


def _objection(row: Any) -> Objection:
    return Objection(int(row["nStart"]), int(row["nEnd"]))
