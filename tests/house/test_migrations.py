"""A database that people have used already becomes today's, and loses not a row."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.live.house import ROOT, START_S

# As it was before roles, modes, receipts and cards: the cast with classes, talks, replies of every kind of ending, an
# invitation, readings, a report and an audit.
BEFORE = Path(__file__).parent / "samples" / "database.sql"
TABLES = {"conversations_reading": "conversations_readreceipt"}
COLUMNS = {
    ("learners_membership", "part"): "role",
    ("accounts_onetimelink", "part"): "role",
    ("catalogue_presetversion", "talk"): "mode",
    ("conversations_reading", "part"): "section",
}
# What Django keeps for itself and makes anew.
OWN = {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}
WHOLE_CHAIN = """
from tutor.audit.chain import broken_at
from tutor.audit.models import AuditEvent
assert AuditEvent.objects.count() == 2
assert broken_at() is None
"""
Row = dict[str, Any]


def test_every_row_is_found_again(tmp_path: Path) -> None:
    database = tmp_path / "polyglott.sqlite3"
    with closing(sqlite3.connect(database)) as opened:
        opened.executescript(BEFORE.read_text())
        before = {table: rows(opened, table) for table in tables(opened)}
    manage(tmp_path, "migrate", "--verbosity", "0")
    manage(tmp_path, "shell", "--verbosity", "0", "--command", WHOLE_CHAIN)
    with closing(sqlite3.connect(database)) as opened:
        after = {table: rows(opened, TABLES.get(table, table)) for table in before}
        assert opened.execute("pragma foreign_key_check").fetchall() == []
    assert sum(map(len, before.values())) > 40
    for table, known in before.items():
        wanted = [{COLUMNS.get((table, name), name): value for name, value in row.items()} for row in known]
        found = [{name: row[name] for name in (wanted[0] if wanted else ())} for row in after[table]]
        assert found == wanted, table


def tables(opened: sqlite3.Connection) -> list[str]:
    names = (name for (name,) in opened.execute("select name from sqlite_master where type = 'table'"))
    return [name for name in names if name not in OWN]


def rows(opened: sqlite3.Connection, table: str) -> list[Row]:
    found = opened.execute(f'select * from "{table}" order by 1')  # noqa: S608
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def manage(folder: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "POLYGLOTT_VAR_DIR": str(folder)},
        check=True,
        timeout=START_S,
    )
