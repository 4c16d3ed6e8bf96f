"""A one-time link that still opens something is not in the log."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.cast import Cast
from tutor.accounts.services import make_reset_code
from tutor.classrooms.services import invite


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the house's own handler writes."""
    handler = next(one for one in logging.root.handlers if one.filters and isinstance(one, logging.StreamHandler))
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    if before is not None:
        handler.setStream(before)


def test_refused_requests_name_no_token(cast: Cast, log: io.StringIO) -> None:
    _link, invitation = invite(cast.claras_class, "student", by=cast.clara)
    code = make_reset_code(cast.clara, cast.ana)
    careful = Client(enforce_csrf_checks=True)
    for path in (f"/join/{invitation}/", f"/new-password/{code}/"):
        assert careful.post(path).status_code == 403
        assert careful.put(path).status_code in {403, 405}
        assert careful.get(f"{path}and-more").status_code == 404
    said = log.getvalue()
    assert "/join/…" in said
    assert "/new-password/…" in said
    assert invitation not in said
    assert code not in said
