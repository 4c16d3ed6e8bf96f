#!/usr/bin/env python3
"""The strings that people read: collected from code, templates and scripts, and compiled. Needs GNU gettext.

tools/messages.py          write locale/*/LC_MESSAGES/*.po anew, keeping translations, and compile them
tools/messages.py --check  in a copy: every string of the source has a translation, and the compiled file is that one
"""

from __future__ import annotations

import gettext
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ["es"]
DOMAINS = ["django", "djangojs"]
SOURCES = ["polyglott", "tutor", "templates", "static", "locale", "manage.py"]
NOT_OURS = ["var/*", ".venv/*", "tests/*", "tools/*", "static/vendor/*", "node_modules/*"]


def main(arguments: list[str]) -> int:
    if shutil.which("msgfmt") is None:
        print("Translations need GNU gettext. Run: sudo apt-get install gettext", file=sys.stderr)
        return 1
    if "--check" not in arguments:
        collect(ROOT)
        manage(ROOT, "compilemessages", *(f"--locale={language}" for language in LANGUAGES))
        return 0
    problems = drift()
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def collect(root: Path, *options: str) -> None:
    (root / "locale").mkdir(exist_ok=True)
    ignored = [f"--ignore={pattern}" for pattern in NOT_OURS]
    locales = [f"--locale={language}" for language in LANGUAGES]
    for domain in DOMAINS:
        manage(
            root, "makemessages", f"--domain={domain}", "--no-location", "--no-obsolete", *locales, *ignored, *options
        )


def manage(root: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def drift() -> list[str]:
    """What the catalogues lack, or have too much of, against strings collected afresh in a copy of the sources."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch)
        for name in SOURCES:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
            elif source.exists():
                shutil.copy(source, copy / name)
        collect(copy, "--keep-pot")
        return [
            problem
            for language in LANGUAGES
            for domain in DOMAINS
            for problem in flaws(language, domain, copy / "locale" / f"{domain}.pot")
        ]


def flaws(language: str, domain: str, template: Path) -> list[str]:
    if not template.exists():
        return []
    catalogue = ROOT / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
    name = catalogue.relative_to(ROOT)
    if not catalogue.exists():
        return [f"{name} is missing: run make messages"]
    compared = run("msgcmp", str(catalogue), str(template))
    if compared:
        return [f"{name} is not complete or not fresh (make messages, then translate):", *compared[-12:]]
    return stale(catalogue, template.with_suffix(".mo"))


def stale(catalogue: Path, scratch: Path) -> list[str]:
    complaints = run("msgfmt", "--check-format", f"--output-file={scratch}", str(catalogue))
    compiled = catalogue.with_suffix(".mo")
    if complaints or not compiled.exists() or messages(compiled) != messages(scratch):
        return [*complaints, f"{compiled.relative_to(ROOT)} is not compiled from its catalogue: run make messages"]
    return []


def messages(compiled: Path) -> dict[object, str]:
    with compiled.open("rb") as stream:
        catalogue: dict[object, str] = vars(gettext.GNUTranslations(stream))["_catalog"]
    return {key: text for key, text in catalogue.items() if key != ""}


def run(*command: str) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).splitlines()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
