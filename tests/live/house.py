"""A whole house as a process of its own: a real server, port and database, to be killed and restarted."""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
# Two seconds of work; where twenty processes want the same two cores, a minute.
START_S = 2 * PATIENCE_S
# The system gives connections ports from 32,768 on: one of these nobody takes between our look and the server's, nor
# while the server is down.
PORTS = range(15_000, 30_000)


def free_port() -> int:
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@cache
def _template() -> tuple[Path, dict[str, Any]]:
    """A migrated database with the cast in it and what was seeded into it, made by the first process that asks."""
    folder = Path(os.environ["POLYGLOTT_TESTS_VAR"]) / "template"
    folder.mkdir(exist_ok=True)
    database, seeded = folder / "polyglott.sqlite3", folder / "seeded.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not seeded.exists():
            seeded.write_text(_seed(database))
    return database, json.loads(seeded.read_text())


def _seed(database: Path) -> str:
    made = subprocess.run(
        [sys.executable, "-m", "tests.live.seed"],
        cwd=ROOT,
        env={**os.environ, "POLYGLOTT_VAR_DIR": str(database.parent)},
        check=True,
        capture_output=True,
        timeout=START_S,
        text=True,
    )
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return made.stdout


class House:
    """``with House(ollama_url) as house``. ``kill`` is SIGKILL, ``stop`` SIGTERM; ``start`` brings it up again."""

    def __init__(self, ollama: str = "http://127.0.0.1:1", **environment: str) -> None:
        self.var = Path(tempfile.mkdtemp(prefix="polyglott-var-", dir=os.environ.get("POLYGLOTT_TESTS_VAR")))
        database, seeded = _template()
        self.sessions: dict[str, str] = seeded["sessions"]
        self.conversations: dict[str, list[str]] = seeded["conversations"]
        shutil.copy(database, self.var / "polyglott.sqlite3")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = self.var / "log"
        self.environment = {
            "POLYGLOTT_VAR_DIR": str(self.var),
            "POLYGLOTT_PORT": str(self.port),
            "POLYGLOTT_PROBE_EVERY_S": "1",
            "OLLAMA_HOST": ollama,
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self.kill()
        shutil.rmtree(self.var, ignore_errors=True)

    def start(self, *, wait_for_engine: bool = True) -> None:
        read = len(self.logged()) if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        self._wait_until_it_answers()
        if wait_for_engine:
            self.wait_for_log(r"engines: .+", since=read)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        return self._signal(signal.SIGTERM)

    @property
    def rss_bytes(self) -> int:
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) * 1024  # type: ignore[union-attr]

    def open_files(self) -> int:
        """How many files and sockets the server holds open."""
        assert self.process is not None
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def fresh(self, person: str = "ana", like: int = 0) -> str:
        """A talk that nobody has written into yet: a copy of one of those seeded, greeting included."""
        wanted = self.conversations[person][like].replace("-", "")
        pk = self.rows("select id from conversations_conversation where public_id = ?", wanted)[0][0]
        opener = self.rows("select id from conversations_turn where conversation_id = ? and ordinal = 0", pk)[0][0]
        reply = self.rows("select id from conversations_reply where turn_id = ?", opener)[0][0]
        conversation = self.copy("conversations_conversation", pk, client_id=uuid4().hex)
        turn = self.copy("conversations_turn", opener, conversation_id=conversation)
        self.copy("conversations_reply", reply, conversation_id=conversation, turn_id=turn)
        query = "select public_id from conversations_conversation where id = ?"
        return str(UUID(self.rows(query, conversation)[0][0]))

    def give(self, conversation: str, person: str) -> None:
        """Make it this person's own."""
        owner = self.rows("select id from accounts_user where username = ?", person)[0][0]
        query = "update conversations_conversation set learner_id = ? where public_id = ?"
        self.write(query, owner, conversation.replace("-", ""))

    def copy(self, table: str, pk: int, **changes: object) -> int:
        changes |= {"public_id": uuid4().hex}
        names = [row[1] for row in self.rows(f"pragma table_info({table})") if row[1] != "id"]
        values = ", ".join("?" if name in changes else name for name in names)
        statement = f"insert into {table} ({', '.join(names)}) select {values} from {table} where id = ?"  # noqa: S608
        return self.write(statement, *(changes[name] for name in names if name in changes), pk)

    def cookie(self, person: str) -> str:
        """The session cookie of one of the cast, or of a session by its key."""
        return f"sessionid={self.sessions.get(person, person)}"

    def another_session(self, person: str) -> str:
        """Sign the person in once more, as on a second device; returns the new session's key."""
        key = uuid4().hex
        self.write(
            "insert into django_session (session_key, session_data, expire_date) "
            "select ?, session_data, expire_date from django_session where session_key = ?",
            key,
            self.sessions[person],
        )
        return key

    def logged(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for_log(self, pattern: str, timeout_s: float = PATIENCE_S, *, since: int = 0) -> None:
        """Until something like this is logged, after so many characters."""
        deadline = time.monotonic() + timeout_s
        while not re.search(pattern, self.logged()[since:]):
            assert time.monotonic() < deadline, f"{pattern} never logged:\n{self.logged()}"
            time.sleep(0.05)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the database from outside."""
        with closing(
            sqlite3.connect(f"file:{self.var / 'polyglott.sqlite3'}?mode=ro", uri=True, timeout=PATIENCE_S)
        ) as database:
            return database.execute(query, values).fetchall()

    def write(self, statement: str, *values: object) -> int:
        """Change the database from outside, as another process would; the id of the row that was inserted last."""
        with closing(sqlite3.connect(self.var / "polyglott.sqlite3", timeout=PATIENCE_S)) as database, database:
            return database.execute(statement, values).lastrowid or 0

    def stored(self, reply: str) -> dict[str, Any]:
        """A reply's row: state, text, error_code, epoch, seq, attempt, chosen, earlier_texts."""
        names = ("state", "text", "error_code", "epoch", "seq", "attempt", "chosen", "earlier_texts")
        query = f"select {', '.join(names)} from conversations_reply where public_id = ?"  # noqa: S608
        return dict(zip(names, self.rows(query, reply.replace("-", ""))[0], strict=True))

    def open_replies(self) -> int:
        """Replies, and cards beside them, for which a model may still be asked."""
        made = "select state from conversations_reply union all select state from conversations_card"
        query = f"select count(*) from ({made}) where state in ('queued', 'loading', 'running')"  # noqa: S608 - as above
        return int(self.rows(query)[0][0])

    def _signal(self, number: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE_S)
        self.process = None
        return code

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_S
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=10)
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert self.process is not None
                assert self.process.poll() is None, self.logged()
                assert time.monotonic() < deadline, self.logged()
                time.sleep(0.1)
            else:
                return


@contextmanager
def running(ollama: str = "http://127.0.0.1:1", **environment: str) -> Iterator[House]:
    with House(ollama, **environment) as house:
        yield house
