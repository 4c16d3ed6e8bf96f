"""LanguageTool, asked over HTTP: the one that `manage.py languagetool` runs on this computer, or `LANGUAGETOOL_URL`."""

from __future__ import annotations

import json
import logging
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from tutor.dialogue.corrections import Objection

log = logging.getLogger(__name__)
TIMEOUT_S: Final = 4.0
# A server that did not answer is left alone for so long.
SILENT_S: Final = 60.0
silent_until: dict[str, float] = {}
_ANSWER_BYTES: Final = 1_000_000
# Marks, capitals and style are no mistakes of a beginner's.
_LEFT_OUT: Final = (
    "TYPOGRAPHY", "STYLE", "PUNCTUATION", "CASING", "REDUNDANCY", "PLAIN_ENGLISH", "COLLOQUIALISMS", "REGIONALISMS",
    "GENDER_NEUTRALITY", "CREATIVE_WRITING", "WIKIPEDIA", "REPETITIONS", "REPETITIONS_STYLE", "TEXT_ANALYSIS",
)  # fmt: skip
_SPELLING: Final = "TYPOS"
_LANGUAGES: Final = {"en": "en-US", "de": "de-DE", "pt": "pt-BR", "es": "es", "fr": "fr", "it": "it"}


def address() -> str:
    """Return where LanguageTool answers: as the environment says, else as the one that runs here has written down."""
    return settings.LANGUAGETOOL_URL or _on_this_computer(address_file())


def address_file() -> Path:
    return Path(settings.VAR_DIR) / "languagetool" / "address"


def _on_this_computer(file: Path) -> str:
    """Return the address in a file, which can only be of this computer; "" where there is none."""
    try:
        port = int(file.read_text("ascii"))
    except (OSError, ValueError):
        return ""
    return f"http://127.0.0.1:{port}"


def objections(language: str, sentence: str) -> list[Objection]:
    """Return what LanguageTool objects to in a sentence; nothing where none runs, or it is silent."""
    url, tag = address(), _tag(language)
    if not url or not tag or time.monotonic() < silent_until.get(url, 0.0):
        return []
    try:
        answer = ask(url, tag, sentence)
        return [one for row in answer["matches"] if (one := _objection(row, sentence)) is not None]
    except (OSError, HTTPException, ValueError, KeyError, TypeError) as fault:
        # Nothing of what was sent: it is a learner's.
        log.warning("LanguageTool does not answer (%s); it is asked again in a minute", type(fault).__name__)
        silent_until[url] = time.monotonic() + SILENT_S
        return []


def ask(url: str, tag: str, sentence: str, timeout_s: float = TIMEOUT_S) -> Any:
    """Return LanguageTool's own answer about a sentence. No proxy is asked, and no redirect followed."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)
    values = {"language": tag, "text": sentence, "disabledCategories": ",".join(_LEFT_OUT)}
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"{parts.path.rstrip('/')}/v2/check", urlencode(values), headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise HTTPException(answer.status)
        return json.loads(answer.read(_ANSWER_BYTES))
    finally:
        connection.close()


def _tag(language: str) -> str:
    base = language.split("-", maxsplit=1)[0].lower()
    return language if base in _LANGUAGES and "-" in language else _LANGUAGES.get(base, "")


def _objection(row: Any, sentence: str) -> Objection | None:
    """Return one of its matches; None for a word that begins large, which may be a name that it does not know."""
    start = _place(sentence, int(row["offset"]))
    end = _place(sentence, int(row["offset"]) + int(row["length"]))
    words = sentence[start:end]
    if not words or (row["rule"]["category"]["id"] == _SPELLING and words != words.lower()):
        return None
    return Objection(start, end, tuple(str(one["value"]) for one in row["replacements"][:5]))


def _place(sentence: str, units: int) -> int:
    """Return the place in code points of one in UTF-16 units, which Java counts."""
    return len(sentence.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
