"""The repository speaks of the product alone, to a stranger who has nothing else."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = {".png", ".mo", ".gguf", ".ico", ".jpg", ".webp", ".woff2"}
VENDORED = "static/vendor/"

# Written in pieces, so that this file doesn't name what no file may name.
FOREIGN = re.compile(
    "|".join(
        [
            r"(?<![\w./])/wor" + r"k/",
            r"(?<![\w./])/roo" + r"t/(?!\.)",
            r"\.\./sha" + r"red",
            r"\bpypi\.or" + r"g",
            r"pythonhosted\.or" + r"g",
            r"registry\.npmj" + r"s",
        ]
    )
)
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)[^>]*>|<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name and not name.startswith(VENDORED)]
    return [path for path in paths if path.suffix not in BINARY and path.is_file()]


def test_no_path_of_one_machine_and_no_address_of_a_registry() -> None:
    found = {
        str(path.relative_to(ROOT)): sorted(set(FOREIGN.findall(path.read_text(errors="replace"))))
        for path in tracked()
        if FOREIGN.search(path.read_text(errors="replace"))
    }
    assert found == {}


def test_no_inline_script_or_style() -> None:
    found = {str(path.relative_to(ROOT)): INLINE.findall(path.read_text()) for path in TEMPLATES}
    assert len(found) > 10
    assert {name: inline for name, inline in found.items() if inline} == {}


def test_the_changelog_is_open() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()


def test_the_glossary_names_what_the_code_names() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text().lower()
    words = ["learner", "conversation", "turn", "reply", "delta", "frame", "chunk", "preset", "level", "guided talk"]
    assert [word for word in words if f"**{word}**" not in glossary] == []


DECISIONS = sorted(path for path in (ROOT / "docs/decisions").glob("*.md") if path.name != "README.md")


def test_every_decision_is_numbered_and_short() -> None:
    assert [path.name for path in DECISIONS if not re.match(r"\d{4}-[a-z0-9-]+\.md$", path.name)] == []
    words = {path.name: len(path.read_text().split()) for path in DECISIONS}
    assert {name: count for name, count in words.items() if count > 400} == {}
