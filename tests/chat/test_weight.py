"""What a browser loads for a conversation: everything ours or vendored, nothing from elsewhere, 200 KB at most."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

from tests.cast import Cast
from tests.chat.test_pages import begin

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
LIMIT_BYTES = 200_000


def loaded(page: str) -> dict[Path, bytes]:
    """The static files that a page names, and what those import."""
    wanted = [STATIC / path for path in re.findall(r'(?:src|href)="/static/[0-9a-f]+/([^"]+)"', page)]
    files: dict[Path, bytes] = {}
    while wanted:
        path = wanted.pop().resolve()
        if path not in files:
            files[path] = path.read_bytes()
            names = re.findall(r'(?:from|import) ?"(\.[^"]+)"', files[path].decode()) if path.suffix == ".js" else []
            wanted += [path.parent / name for name in names]
    return files


@pytest.fixture
def page(client: Client, cast: Cast) -> str:
    client.force_login(cast.ana)
    return client.get(begin(client, cast.anas_study)).content.decode()


def test_a_conversation_weighs_little(page: str) -> None:
    files = loaded(page)
    assert STATIC / "vendor/markdown-it.js" in files
    weight = sum(len(gzip.compress(content)) for content in files.values()) + len(gzip.compress(page.encode()))
    assert weight < LIMIT_BYTES


def test_nothing_comes_from_elsewhere(page: str) -> None:
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page)
    for path, content in loaded(page).items():
        if "vendor" not in path.parts:
            assert b"http://" not in content.replace(b"http://www.w3.org/2000/svg", b"")
            assert path.suffix != ".css" or b"@import" not in content
            assert b"url(" not in content


@pytest.mark.parametrize("path", sorted((STATIC / "js").rglob("*.js")), ids=lambda path: path.name)
def test_scripts_are_typed_and_small(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("// @ts-check")
    assert text.count("\n") <= 300
    assert not re.search(r"\.innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)


def test_nothing_needs_https() -> None:
    """In a house's own network pages come over plain http, where a browser leaves these out."""
    scripts = {path: path.read_text() for path in (STATIC / "js").rglob("*.js")}
    code = {path: re.sub(r"/\*\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL) for path, text in scripts.items()}
    for name in ("randomUUID", "crypto.subtle", "serviceWorker", "mediaDevices", "wakeLock", "navigator.locks"):
        assert [path.name for path, text in code.items() if name in text] == []
    assert [path.name for path, text in code.items() if "navigator.clipboard" in text] == ["copy.js"]
