"""One server a folder: a second one would end the first one's growing replies as those of a dead process."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

from tests.live.house import ROOT, House, free_port


def test_a_second_server_on_the_same_folder_is_refused_and_named() -> None:
    with House(POLYGLOTT_ENGINE="off") as house:
        second = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env={**os.environ, **house.environment, "POLYGLOTT_PORT": str(free_port())},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert second.returncode == 1
        assert str(house.var) in second.stderr
        house.kill()
        house.start()


def test_the_folder_is_for_its_user_alone_however_it_was_made() -> None:
    house = House(POLYGLOTT_ENGINE="off")
    house.var.chmod(0o755)
    (house.var / "polyglott.sqlite3").chmod(0o644)
    with house:
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (house.var, *house.var.glob("*.sqlite3*"))}
    assert modes.pop(house.var.name) == 0o700
    assert set(modes.values()) == {0o600}
