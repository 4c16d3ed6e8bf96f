"""docs/how-to.md names files that exist, counts what it lists, and stays within what was promised."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/how-to.md").read_text()
SECTIONS = re.findall(r"^## (.+?): (\d+) files\n(.*?)(?=^#|\Z)", TEXT, re.MULTILINE | re.DOTALL)
TITLES = [title for title, _, _ in SECTIONS]
PROMISED = {"A second card": 20, "A pull": 10, "A scenario that": 12}
# Something with a slash and a suffix, or one of the files at the root.
NAMED = re.compile(r"`((?:[\w.<>-]+/)+[\w.<>-]*|[\w-]+\.md)`")


def listed(body: str) -> list[str]:
    return re.findall(r"^- `([^`]+)`", body, re.MULTILINE)


def test_everything_that_is_asked_for_is_there() -> None:
    begun = ["A setting", "A command", "A kind of model work", "A job", "A scenario", "A page"]
    assert [one for one in begun if not any(title.startswith(one) for title in TITLES)] == []


@pytest.mark.parametrize(("title", "count", "body"), SECTIONS, ids=TITLES)
def test_the_count_is_that_of_the_list(title: str, count: str, body: str) -> None:
    assert len(set(listed(body))) == len(listed(body)) == int(count)


@pytest.mark.parametrize("name", sorted(set(NAMED.findall(TEXT))))
def test_what_is_named_exists(name: str) -> None:
    """Of what does not exist yet, the folder that it goes into."""
    sure = name.partition("<")[0]
    path = ROOT / sure
    assert path.exists() if sure == name or sure.endswith("/") else path.parent.exists(), name


@pytest.mark.parametrize(("begins", "most"), PROMISED.items())
def test_the_room_reaches_as_far_as_promised(begins: str, most: int) -> None:
    (count,) = [int(count) for title, count, _ in SECTIONS if title.startswith(begins)]
    assert count <= most


def test_whoever_wants_to_help_is_led_there() -> None:
    assert "](docs/how-to.md)" in (ROOT / "CONTRIBUTING.md").read_text()
