"""LanguageTool's files: whole and the right ones, or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tutor.checkers import jars
from tutor.checkers.languagetool_job import LanguageToolJob
from tutor.jobs.models import JobRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Path:
    """Two jars of one line each in place of all of them, and a Maven that brings them."""
    hello = {"a.jar": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"}  # hello\n
    monkeypatch.setattr(jars, "fingerprints", lambda: hello)
    settings.VAR_DIR = tmp_path / "var"
    bring(tmp_path, monkeypatch, 'echo hello > "$came/a.jar"')
    return jars.folder(Path(settings.VAR_DIR))


def bring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    program = tmp_path / "mvn"
    # Its last argument names the folder.
    program.write_text(
        f'#!/bin/sh\nfor last; do :; done\ncame="${{last#-DoutputDirectory=}}"\nmkdir -p "$came"\n{does}\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")


def test_they_are_fetched_checked_and_kept(small: Path, tmp_path: Path) -> None:
    job = LanguageToolJob(jars.VERSION)
    assert job.run().state == "done"
    assert [file.name for file in small.iterdir()] == ["a.jar"]
    assert [file.name for file in small.parent.iterdir()] == [small.name]
    (tmp_path / "mvn").unlink()
    assert LanguageToolJob(jars.VERSION).run().state == "done", "what is here is not fetched again"


@pytest.mark.parametrize(
    "does", ['echo hallo > "$came/a.jar"', 'echo hello > "$came/a.jar"; echo x > "$came/b.jar"', ":"]
)
def test_another_file_is_not_kept(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    bring(tmp_path, monkeypatch, does)
    ended = LanguageToolJob(jars.VERSION).run()
    assert (ended.state, ended.error) == ("failed", "wrong_file")
    assert not small.exists()


def test_a_maven_that_fails_says_why(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(tmp_path, monkeypatch, "echo no network; exit 1")
    ended = LanguageToolJob(jars.VERSION).run()
    assert (ended.error, ended.detail) == ("maven", "no network")


def test_without_maven_or_java_it_is_said_plainly(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mvn").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="Maven"):
        call_command("languagetool")
    assert JobRecord.objects.get().state == "failed"
    small.mkdir(parents=True)
    (small / "a.jar").write_text("hello\n")
    with pytest.raises(CommandError, match="Java"):
        call_command("languagetool")


def test_the_command_fetches_as_a_job(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("languagetool", "--fetch")
    assert "is here, and checked" in capsys.readouterr().out
    row = JobRecord.objects.get()
    assert (row.kind, row.name, row.state) == ("languagetool", jars.VERSION, "done")


def test_every_jar_has_a_fingerprint() -> None:
    known = jars.fingerprints()
    assert len(known) == 165
    assert all(name.endswith(".jar") and len(digest) == 64 for name, digest in known.items())
    assert f"languagetool-core-{jars.VERSION}.jar" in known
