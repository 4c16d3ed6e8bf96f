"""The queue: what comes first, what can be asked for, and that nothing of others is in it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast
from tests.review.talks import begun, days_ago, reply, reported, say
from tutor.conversations.models import ReadReceipt


@pytest.fixture
def clara(client: Client, cast: Cast) -> Client:
    client.force_login(cast.clara)
    return client


def titles(client: Client, query: str = "", **form: object) -> list[str]:
    """Those of the queue at this address, or of what this form of filters leads to."""
    answer = client.post("/review/search/", form, follow=True) if form else client.get(f"/review/{query}")
    page = answer.content.decode()
    return re.findall(r'class="queue-title" dir="auto">([^<]*)<', page)


def test_reported_first_then_the_newest(clara: Client, cast: Cast) -> None:
    for title, days in (("older", 3), ("newer", 1), ("seen", 9), ("unseen", 12)):
        conversation = begun(cast, title=title)
        turn = say(conversation, "hola", "buenas")
        conversation.turns.update(created=days_ago(days))
        if "seen" in title:
            report = reported(turn)
            report.seen = timezone.now() if title == "seen" else None
            report.save()
    assert titles(clara) == ["unseen", "seen", "newer", "older"]
    assert titles(clara, "?reported=1") == ["unseen", "seen"]
    page = clara.get("/review/").content.decode()
    assert "reported a reply" in page
    assert "report seen" in page
    assert not ReadReceipt.objects.exists()


def test_by_student_language_and_title(clara: Client, cast: Cast) -> None:
    begun(cast, "ana", "At the market")
    begun(cast, "ana", "Au marché", language="fr")
    begun(cast, "ben", "My weekend")
    assert titles(clara, f"?student={cast.ben.public_id}") == ["My weekend"]
    assert titles(clara, "?language=fr") == ["Au marché"]
    assert titles(clara, q="MARKET") == ["At the market"]
    assert titles(clara, f"?student={cast.ben.public_id}&language=fr") == []
    assert len(titles(clara, "?student=nonsense&page=abc&language=")) == 3


def test_words_of_a_title_stay_out_of_the_address(clara: Client, cast: Cast) -> None:
    talk = begun(cast, "ana", "At the market")
    begun(cast, "ana", "My diary")
    asked = {"q": "market", "student": cast.ana.public_id, "language": "es", "reported": ""}
    query = f"?student={cast.ana.public_id}&language=es&searched=1"
    assert clara.post("/review/search/", asked).headers["Location"] == f"/review/{query}"
    page = clara.get(f"/review/{talk.public_id}/{query}").content.decode()
    assert re.findall(r'class="queue-title" dir="auto">([^<]*)<', page) == ["At the market"]
    assert f"/review/{query.replace('&', '&amp;')}" in page
    assert titles(clara, query) == ["At the market"]
    assert len(titles(clara)) == 2
    assert titles(clara, q="", student="", language="") == titles(clara)


def test_only_what_was_said_in_ones_class(clara: Client, cast: Cast, client: Client) -> None:
    begun(cast, "emil", "Of another class")
    begun(cast, "ana", "Private", membership=None)
    begun(cast, "ana", "Shared")
    assert titles(clara) == ["Shared"]
    page = clara.get("/review/").content.decode()
    assert "Emil" not in page
    client.force_login(cast.dora)
    assert titles(client) == ["Of another class"]


@pytest.mark.parametrize("name", ["ana", "ben", "emil", "ada", "max"])
def test_who_teaches_nobody_has_no_such_room(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.people[name])
    assert client.get("/review/").status_code == 404
    assert client.post("/review/").status_code in {404, 405}


def test_a_stranger_is_sent_to_the_door(client: Client, cast: Cast) -> None:
    for path in ("/review/", f"/review/{begun(cast).public_id}/"):
        assert client.get(path).headers["Location"].startswith("/sign-in")


def test_an_empty_queue_says_what_it_will_show(clara: Client) -> None:
    assert "Nobody has talked yet" in clara.get("/review/").content.decode()
    assert "Nothing like that" in clara.post("/review/search/", {"q": "x"}, follow=True).content.decode()


def test_it_is_paged_and_its_queries_are_constant(clara: Client, cast: Cast) -> None:
    begun(cast, title="one")
    with CaptureQueriesContext(connection) as few:
        titles(clara)
    for number in range(30):
        turn = say(begun(cast, ("ana", "ben")[number % 2], f"talk {number}"), "hola", "buenas")
        if number % 3 == 0:
            reported(turn)
    with CaptureQueriesContext(connection) as many:
        assert len(titles(clara)) == 25
    assert len(many) == len(few)
    assert len(titles(clara, "?page=2")) == 6


def test_an_earlier_attempt_that_was_reported_brings_its_talk_to_the_top(clara: Client, cast: Cast) -> None:
    """Whoever reports a reply and tries again has still reported it."""
    talk = begun(cast, title="reported")
    turn = say(talk, "hola", "buenas")
    reported(turn)
    turn.replies.update(chosen=False)
    reply(turn, "otra vez", attempt=2)
    say(begun(cast, title="later"), "hola", "buenas")
    assert titles(clara) == ["reported", "later"]
    assert titles(clara, "?reported=1") == ["reported"]
    assert '<details class="fold" open>' in clara.get(f"/review/{talk.public_id}/").content.decode()


def test_the_greeting_is_not_counted_among_what_was_written(clara: Client, cast: Cast) -> None:
    begun(cast, title="only greeted")
    page = clara.get("/review/").content.decode()
    assert "0 turns" in page
    assert "nothing written yet" in page
    say(begun(cast, title="answered"), "hola", "buenas")
    assert "1 turn<" in clara.get("/review/").content.decode()
