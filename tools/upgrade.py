#!/usr/bin/env python3
"""Bring the database and the static files up to this version of the code; the step between install and serve.

Where migrations wait, an existing SQLite database is first copied to var/backups/ (the last five copies stay).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
KEPT_COPIES = 5


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "polyglott.settings")
    import django
    from django.core.management import call_command

    django.setup()
    with closing(nobody_else()):
        waiting, is_new = migrations()
        if waiting:
            if not is_new:
                copy_aside()
            with step("Preparing the database"):
                call_command("migrate", interactive=False, verbosity=0)
        with step("Collecting static files"):
            call_command("collectstatic", interactive=False, verbosity=0)
            remove_old_builds()


def nobody_else() -> IO[str]:
    """No server runs on what is changed here: its database and its static files would go from under it."""
    from django.conf import settings

    from polyglott.folder import FolderInUseError, hold

    try:
        return hold(settings.VAR_DIR)
    except FolderInUseError:
        sys.exit(f"A Polyglott runs already with this folder: {settings.VAR_DIR}. Stop that one first.")


def migrations() -> tuple[bool, bool]:
    """Whether some wait, and whether the database is new: none was ever applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return waiting, not executor.loader.applied_migrations


def copy_aside() -> None:
    """Copy the database through SQLite's own backup, which sees what is still in the write-ahead log."""
    from django.db import connection

    database = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite":
        return
    folder = database.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"{database.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite3"
    with step(f"Copying the database to {copy.parent.name}/{copy.name}"):
        copy.touch(mode=0o600)
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    for old in sorted(folder.glob(f"{database.stem}-*.sqlite3"))[:-KEPT_COPIES]:
        old.unlink()


def remove_old_builds() -> None:
    """Static files of earlier versions: each build has a folder of its own."""
    from django.conf import settings

    for folder in settings.STATIC_ROOT.parent.iterdir():
        if folder != settings.STATIC_ROOT:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    began = time.monotonic()
    print(f"{name} …", flush=True)
    yield
    print(f"  done in {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
