"""The pages of the talk, as the server makes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.cast import Cast
from tutor.classrooms.models import Classroom, Membership, Study
from tutor.conversations import services
from tutor.conversations.models import Conversation, ReadReceipt, Reply, Report, Turn
from tutor.conversations.provenance import MadeState
from tutor.conversations.rendering import render


@pytest.fixture
def ana(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ana)
    return client


def begin(client: Client, chosen: Study, **fields: object) -> str:
    values = {"client_id": uuid4(), "study": chosen.public_id, "style": "market", "place": ""} | fields
    answer = client.post("/talk/new", values)
    assert answer.status_code == 302
    return str(answer.url)  # type: ignore[attr-defined]


def grow(conversation: Conversation, turns: int) -> None:
    for number in range(1, turns + 1):
        turn = Turn.objects.create(
            conversation=conversation,
            author=conversation.learner,
            ordinal=number,
            text=f"message {number}",
            client_id=uuid4(),
        )
        Reply.objects.create(turn=turn, conversation=conversation, state=MadeState.DONE, text=f"**reply {number}**")


def test_somebody_without_a_language_is_shown_where_to_begin(client: Client, cast: Cast) -> None:
    client.force_login(cast.clara)
    page = client.get("/talk/").content.decode()
    assert "Which language shall it be?" in page
    assert "/you/studies/" in page


def test_the_chooser_offers_styles_and_says_who_reads(ana: Client) -> None:
    page = ana.get("/talk/").content.decode()
    assert "Talk in Spanish" in page
    assert 'value="market"' in page
    assert "Spanish 1: Clara" in page
    assert "Private: only you" in page


def test_in_a_family_nothing_is_private(ana: Client, cast: Cast) -> None:
    family = Classroom.objects.create(name="At home", kind=Classroom.Kind.FAMILY)
    Membership.objects.create(person=cast.ana, classroom=family, role=Membership.Role.STUDENT)
    assert "Private: only you" not in ana.get("/talk/").content.decode()
    begin(ana, cast.anas_study, place="")
    assert Conversation.objects.get().membership is not None


def test_beginning_twice_with_one_form_begins_one(ana: Client, cast: Cast) -> None:
    client_id = uuid4()
    first = begin(ana, cast.anas_study, client_id=client_id)
    assert begin(ana, cast.anas_study, client_id=client_id) == first
    conversation = Conversation.objects.get()
    assert first == f"/talk/{conversation.public_id}/"
    assert conversation.turns.count() == 1


def test_what_was_begun_without_a_greeting_was_not_begun(ana: Client, cast: Cast) -> None:
    """The process ends in the middle of it; the browser sends the same form again."""
    client_id = uuid4()

    def ends_at_the_greeting(execute: Callable[..., Any], query: str, *asked: Any) -> Any:
        if query.startswith("INSERT") and "conversations_turn" in query:
            raise ProcessLookupError
        return execute(query, *asked)

    with connection.execute_wrapper(ends_at_the_greeting), pytest.raises(ProcessLookupError):
        begin(ana, cast.anas_study, client_id=client_id)
    assert not Conversation.objects.exists()
    begin(ana, cast.anas_study, client_id=client_id)
    assert Reply.objects.get().text


def test_a_conversation_is_opened_where_it_was_said(ana: Client, cast: Cast) -> None:
    begin(ana, cast.anas_study, place=cast.anas_membership.public_id)
    begin(ana, cast.anas_study)
    memberships = set(Conversation.objects.values_list("membership", flat=True))
    assert memberships == {cast.anas_membership.pk, None}


@pytest.mark.parametrize("broken", [{"study": "x"}, {"study": uuid4()}, {"client_id": ""}, {"style": "nothing"}])
def test_what_cannot_be_begun_begins_nothing(ana: Client, cast: Cast, broken: dict[str, object]) -> None:
    assert begin(ana, cast.anas_study, **broken) == "/talk/"
    assert not Conversation.objects.exists()


def test_a_conversation_can_be_read_without_scripts(ana: Client, cast: Cast) -> None:
    address = begin(ana, cast.anas_study)
    grow(Conversation.objects.get(), 45)
    page = ana.get(address).content.decode()
    assert page.count("data-turn=") == 41  # 40 and the template
    assert "<strong>reply 45</strong>" in page
    assert "message 5<" not in page
    older = ana.get(f"{address}?before=6").content.decode()
    assert "message 5<" in older


@pytest.mark.parametrize(
    ("state", "code", "words"),
    [
        ("done", "length", "The reply is cut off here."),
        ("done", "repetition", "began to repeat itself"),
        ("done", "wrong_language", "not in the language"),
        ("stopped", "", "You stopped here."),
        ("interrupted", "stalled", "The reply was interrupted."),
        ("done", "", ""),
    ],
)
def test_how_a_reply_ended_is_read_without_scripts(ana: Client, cast: Cast, state: str, code: str, words: str) -> None:
    page = begin(ana, cast.anas_study)
    grow(Conversation.objects.get(), 1)
    Reply.objects.filter(turn__ordinal=1).update(state=state, error_code=code)
    ending = re.findall(
        r'<p class="ending" data-ending( hidden)?>(.*?)</p>', ana.get(page).content.decode(), re.DOTALL
    )[1]
    assert bool(ending[0]) == (not words)
    assert words in ending[1]


def test_earlier_turns_come_as_a_piece_of_the_page(ana: Client, cast: Cast) -> None:
    address = begin(ana, cast.anas_study)
    grow(Conversation.objects.get(), 45)
    piece = ana.get(f"{address}earlier?before=6").content.decode()
    assert piece.count("data-turn=") == 6
    assert "<html" not in piece
    assert "data-earlier" not in piece


def test_queries_do_not_grow_with_turns(ana: Client, cast: Cast, django_assert_max_num_queries: object) -> None:
    address = begin(ana, cast.anas_study)
    grow(Conversation.objects.get(), 60)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        ana.get(address)


def test_markup_in_a_message_is_text(ana: Client, cast: Cast) -> None:
    address = begin(ana, cast.anas_study)
    conversation = Conversation.objects.get()
    grow(conversation, 1)
    Turn.objects.filter(ordinal=1).update(text="<script>alert(1)</script>")
    Reply.objects.filter(turn__ordinal=1).update(text="<img src=x onerror=alert(1)> [x](javascript:alert(1))")
    services.rename(conversation, "<b>title</b>")
    page = Tags(ana.get(address).content.decode())
    assert page.inline_scripts == 0
    assert page.handlers == []
    assert "img" not in page.names


def test_rename_delete_and_take_back(ana: Client, cast: Cast) -> None:
    address = begin(ana, cast.anas_study)
    ana.post(f"{address}rename", {"title": " En el mercado, otra vez "})
    conversation = Conversation.objects.get()
    assert conversation.title == "En el mercado, otra vez"
    gone = ana.post(f"{address}delete", follow=True).content.decode()
    assert "En el mercado, otra vez” is deleted" in gone
    assert ana.get(address).status_code == 404
    assert ana.post(f"{address}undo").status_code == 302
    assert ana.get(address).status_code == 200


def test_search_is_by_title_and_leaves_no_words_in_addresses(ana: Client, cast: Cast) -> None:
    address = begin(ana, cast.anas_study)
    ana.post(f"{address}rename", {"title": "Mi abuela"})
    for words, expected in (("ABUELA", "Mi abuela"), ("perro", "No title has these words"), ("", "Mi abuela")):
        found = ana.post("/talk/search", {"q": words}, follow=True)
        shown = found.redirect_chain[-1][0]
        assert shown == ("/talk/all/?searched=1" if words else "/talk/all/")
        for page in (found, ana.get(shown)):
            assert expected in page.content.decode(), words
    assert "perro" not in ana.get("/talk/").content.decode()
    assert 'action="/talk/search"' in ana.get(address).content.decode()


def test_the_time_to_undo_is_what_was_set(ana: Client, cast: Cast, settings: Settings) -> None:
    settings.UNDO_S = 90.0
    page = ana.post(f"{begin(ana, cast.anas_study)}delete", follow=True).content.decode()
    assert re.search(r"For (90|8\d) seconds you can undo that", page)
    gone = Conversation.objects.get()
    assert gone.deleted is not None
    address = f"/talk/?deleted={gone.public_id}"
    Conversation.objects.update(deleted=gone.deleted - timedelta(seconds=50))
    assert re.search(r"For (40|3\d) seconds you can undo that", ana.get(address).content.decode())
    Conversation.objects.update(deleted=gone.deleted - timedelta(seconds=91))
    assert "can undo that" not in ana.get(address).content.decode()


def test_a_report_is_stored_once(ana: Client, cast: Cast) -> None:
    begin(ana, cast.anas_study, place=cast.anas_membership.public_id)
    reply = Reply.objects.get()
    for _ in range(2):
        assert ana.post(f"/talk/replies/{reply.public_id}/report").status_code == 200
    assert Report.objects.count() == 1


@pytest.mark.parametrize(("place", "words"), [("class", "A grown-up of Spanish 1"), ("", "nobody will look at it")])
def test_the_report_says_who_looks(ana: Client, cast: Cast, place: str, words: str) -> None:
    address = begin(ana, cast.anas_study, place=cast.anas_membership.public_id if place else "")
    assert words in ana.get(address).content.decode()


def test_the_page_says_who_has_read_it(ana: Client, cast: Cast) -> None:
    address = begin(ana, cast.anas_study, place=cast.anas_membership.public_id)
    assert "Nobody but you, so far" in ana.get(address).content.decode()
    ReadReceipt.objects.create(conversation=Conversation.objects.get(), reader=cast.clara, reader_name="Clara")
    page = ana.get(address).content.decode()
    assert "Nobody but you" not in page
    assert "Last read by Clara" in page


def test_a_strangers_conversation_is_not_found(ana: Client, client: Client, cast: Cast) -> None:
    address = begin(ana, cast.anas_study)
    client.force_login(cast.ben)
    assert client.get(address).status_code == 404
    for action in ("rename", "delete", "undo"):
        assert client.post(f"{address}{action}", {"title": "x"}).status_code == 404


def test_links_and_images_of_a_reply_load_nothing() -> None:
    html = render("![a](http://evil.example/x.png) [b](https://evil.example/?q=1) <b onclick=x>c</b>")
    assert "<img" not in html
    assert "onclick=x&gt;" in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert "(evil.example)" in html


class Tags(HTMLParser):
    """What elements a page has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.handlers: list[str] = []
        self.inline_scripts = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        self.names.add(tag)
        self.handlers += [name for name in names if name.startswith("on") or name == "style"]
        self.inline_scripts += tag == "script" and "src" not in names
