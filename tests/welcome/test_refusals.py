"""Pages that say no: what happened, what is safe, what to do; in the look of the house."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.accounts.doors import client_of
from tests.cast import Cast


def test_not_found(client: Client, cast: Cast) -> None:
    for who in (client, client_of(cast.ana)):
        page = who.get("/nothing/of/the/kind/")
        assert page.status_code == 404
        assert b"There is nothing here" in page.content


def test_a_form_without_its_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/sign-in/", {"login": "ana", "password": "x"})
    assert page.status_code == 403
    assert b"The page was too old" in page.content


def test_too_many_tries_from_one_place(client: Client, cast: Cast) -> None:
    # Empty ones are the quickest, and count like all others.
    answers = [client.post("/sign-in/", {}) for _ in range(301)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert b"Too many tries" in answers[-1].content


@pytest.mark.parametrize("name", ["400", "403", "404", "429", "500"])
def test_they_need_neither_request_nor_database(name: str) -> None:
    assert "To the start page" in render_to_string(f"{name}.html")
