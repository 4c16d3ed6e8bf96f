"""CI leaves out tests of the client only where it knows that nothing they depend on has changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / ".ci/client-tests"
ALL, HEART = "test-client", "test-client-heart"


class Repository:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "-q", "-b", "work")
        self.commit("tutor/ollama/client.py", "tutor/chat/views.py", "requirements.lock")
        self.base = self.git("rev-parse", "HEAD")

    def git(self, *arguments: str) -> str:
        who = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
        command = ["git", *who, *arguments]
        return subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True).stdout.strip()

    def write(self, *paths: str) -> None:
        for path in paths:
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{file.read_text() if file.exists() else ''}one more line\n")

    def commit(self, *paths: str) -> None:
        self.write(*paths)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "one more")

    def target(self, base: str = "") -> str:
        environment = {"PATH": "/usr/bin:/bin", "CI_BASE": base} if base else {"PATH": "/usr/bin:/bin"}
        done = subprocess.run([SCRIPT], cwd=self.root, env=environment, check=True, capture_output=True, text=True)
        return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_all_where_nothing_is_known_of_the_commit_before(repository: Repository) -> None:
    repository.commit("tutor/chat/views.py")
    assert [repository.target(), repository.target("nowhere"), repository.target("0" * 40)] == [ALL] * 3


def test_all_where_there_is_nothing_to_compare_with(repository: Repository) -> None:
    assert repository.target(repository.base) == ALL


def test_the_heart_where_something_else_changed(repository: Repository) -> None:
    repository.commit("tutor/chat/views.py")
    assert repository.target(repository.base) == HEART


@pytest.mark.parametrize("path", ["tutor/ollama/client.py", "tests/ollama/test_new.py", "requirements.lock"])
def test_all_where_the_client_its_tests_or_what_it_stands_on_changed(repository: Repository, path: str) -> None:
    repository.commit(path)
    repository.commit("tutor/chat/views.py")
    assert repository.target(repository.base) == ALL


def test_all_where_a_change_is_not_committed_yet(repository: Repository) -> None:
    repository.commit("tutor/chat/views.py")
    repository.write("tutor/ollama/client.py")
    assert repository.target(repository.base) == ALL


def test_what_main_did_meanwhile_counts_for_nothing(repository: Repository) -> None:
    repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
    repository.commit("tutor/chat/views.py")
    assert repository.target() == HEART
    repository.git("checkout", "-q", "-b", "elsewhere", repository.base)
    repository.commit("tutor/ollama/client.py")
    repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
    repository.git("checkout", "-q", "work")
    assert repository.target() == HEART
