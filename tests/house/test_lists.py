"""Every list has a way to its end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.paginator import Paginator
from django.test import RequestFactory

from tutor.paging import page_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("asked", "number"), [("", 1), ("1", 1), ("3", 3), ("last", 9), ("10", 9), ("0", 9), ("-1", 9), ("abc", 1)]
)
def test_the_page_that_is_asked_for(asked: str, number: int) -> None:
    request = RequestFactory().get("/", {"page": asked} if asked else {})
    assert page_of(range(90), request, 10).number == number


def test_the_first_and_the_last_are_always_one_click_away() -> None:
    request = RequestFactory().get("/", {"page": "5"})
    assert list(page_of(range(90), request, 10).numbers) == [1, Paginator.ELLIPSIS, 4, 5, 6, Paginator.ELLIPSIS, 9]


def test_whoever_pages_shows_the_pages() -> None:
    """What ``page_of`` has cut is led through by the part made for it."""
    templates = {path: path.read_text() for path in (ROOT / "templates").rglob("*.html")}
    listing = [path for path, text in templates.items() if re.search(r"{% for \w+ in page(\.object_list)? %}", text)]
    without = [path.name for path in listing if "parts/pages.html" not in templates[path]]
    assert len(listing) > 3
    assert without == []
