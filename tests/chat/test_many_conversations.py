"""A learner with more conversations than fit on a page: each can be opened, found and erased within three clicks."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.accounts.doors import client_of
from tests.cast import Cast
from tutor.chat.page import RAIL_LISTED
from tutor.conversations.models import Conversation
from tutor.llm.presets import current_version

MANY = 201


@pytest.fixture
def ana(cast: Cast) -> Client:
    _conversations(cast, MANY)
    return client_of(cast.ana)


def _conversations(cast: Cast, number: int) -> None:
    preset, now = current_version(), timezone.now()
    Conversation.objects.bulk_create(
        Conversation(
            learner=cast.ana,
            client_id=uuid4(),
            title=f"Talk {number}",
            language="es",
            level="A1",
            style="patient",
            style_version=1,
            guided=False,
            seed=1,
            preset_version=preset,
            updated=now - timedelta(days=MANY - number),
        )
        for number in range(number)
    )


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def link(html: str, words: str) -> str:
    """Where the link with these words leads."""
    found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>\s*(?:<[^>]+>)*{re.escape(words)}<', html)
    assert found, words
    return found[1].replace("&amp;", "&")


def test_the_oldest_is_opened_with_two_clicks(ana: Client) -> None:
    last = page(ana, link(page(ana, "/talk/"), "The oldest"))
    assert "Talk 0" in page(ana, link(last, "Talk 0"))


def test_the_oldest_is_erased_with_two_clicks(ana: Client) -> None:
    last = page(ana, link(page(ana, "/talk/"), "The oldest"))
    oldest = Conversation.objects.get(title="Talk 0")
    assert f'action="/talk/{oldest.public_id}/delete"' in last
    answer = ana.post(f"/talk/{oldest.public_id}/delete", follow=True)
    assert "“Talk 0” is deleted" in answer.content.decode()


def test_the_oldest_is_found_with_one_search(ana: Client) -> None:
    found = ana.post("/talk/search", {"q": "talk 0"}, follow=True).content.decode()
    assert "Talk 0" in page(ana, link(found, "Talk 0"))


def test_what_is_found_has_pages_too_and_keeps_words_out_of_addresses(ana: Client) -> None:
    found = ana.post("/talk/search", {"q": "talk"}, follow=True).content.decode()
    assert "Talk 0<" not in found
    last = link(found, "5")
    assert last == "?searched=1&page=5"
    assert "Talk 0<" in page(ana, f"/talk/all/{last}")


def test_every_one_stands_on_one_page(ana: Client) -> None:
    html = "".join(page(ana, f"/talk/all/?page={number}").partition("<main")[2] for number in range(1, 6))
    assert sorted(set(re.findall(r">Talk (\d+)<", html)), key=int) == [str(number) for number in range(MANY)]


@pytest.mark.parametrize(("number", "offered"), [(RAIL_LISTED, False), (RAIL_LISTED + 1, True)])
def test_the_way_to_all_is_offered_where_there_are_more(cast: Cast, number: int, *, offered: bool) -> None:
    _conversations(cast, number)
    assert ("The oldest" in page(client_of(cast.ana), "/talk/")) is offered
