"""One conversation, opened by somebody else: who may, what they see, and what the student is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast
from tests.review.talks import begun, days_ago, reply, reported, say
from tutor.classrooms.models import Classroom, Membership
from tutor.conversations.models import Conversation, ReadReceipt
from tutor.conversations.provenance import MadeState


def enter(client: Client, cast: Cast, name: str) -> Client:
    client.force_login(cast.people[name])
    return client


@pytest.fixture
def clara(client: Client, cast: Cast) -> Client:
    return enter(client, cast, "clara")


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    conversation = begun(cast)
    say(conversation, "Quiero dos kilos", "Aquí **tiene**.")
    return conversation


def address(conversation: Conversation) -> str:
    return f"/review/{conversation.public_id}/"


def page_of(client: Client, conversation: Conversation, query: str = "") -> str:
    answer = client.get(address(conversation) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_transcript_says_who_when_and_what_made_it(clara: Client, talk: Conversation) -> None:
    page = page_of(clara, talk)
    assert "Quiero dos kilos" in page
    assert "<strong>tiene</strong>" in page
    assert "<bdi>Ana</bdi> sees that you read this." in page
    for figure in (
        "qwen2.5:7b · 2.0 s · 45 tokens",
        "321 tokens",
        "0.4 s",
        "temperature",
        "0.7",
        "free-1",
        "default · 1",
    ):
        assert figure in page, figure


def test_one_opening_is_one_row(clara: Client, talk: Conversation, cast: Cast) -> None:
    page_of(clara, talk)
    row = ReadReceipt.objects.get()
    assert (row.conversation, row.reader, row.reader_name) == (talk, cast.clara, "Clara")
    page_of(clara, talk)
    assert ReadReceipt.objects.count() == 2
    assert clara.head(address(talk)).status_code == 200
    assert ReadReceipt.objects.count() == 2


def test_paging_deeper_is_the_same_opening(clara: Client, talk: Conversation) -> None:
    for number in range(45):
        say(talk, f"message {number:02}", "bien")
    page = page_of(clara, talk)
    assert "message 44" in page
    assert "message 02" not in page
    assert "?before=7" in page
    assert "message 02" in page_of(clara, talk, "?before=7")
    assert ReadReceipt.objects.count() == 1


@pytest.mark.parametrize("query", ["?before=999999999", "?seen=1"])
def test_an_address_that_claims_to_go_on_is_an_opening(clara: Client, talk: Conversation, query: str) -> None:
    page_of(clara, talk, query)
    assert ReadReceipt.objects.count() == 1


def test_after_half_an_hour_paging_is_an_opening_again(clara: Client, talk: Conversation) -> None:
    page_of(clara, talk)
    ReadReceipt.objects.update(opened=timezone.now() - timedelta(minutes=31))
    page_of(clara, talk, "?before=99")
    assert ReadReceipt.objects.count() == 2


@pytest.mark.parametrize("name", ["ana", "ben", "dora", "emil", "ada", "max"])
def test_for_others_it_is_not_there(client: Client, cast: Cast, talk: Conversation, name: str) -> None:
    report = reported(talk.turns.get(ordinal=1))
    enter(client, cast, name)
    assert client.get(address(talk)).status_code == 404
    assert client.post(f"/review/reports/{report.public_id}/seen/").status_code == 404
    assert not ReadReceipt.objects.exists()
    report.refresh_from_db()
    assert report.seen is None


def test_whoever_has_stopped_teaching_finds_nothing(clara: Client, cast: Cast, talk: Conversation) -> None:
    Membership.objects.filter(person=cast.clara).update(until=timezone.now())
    assert clara.get(address(talk)).status_code == 404
    assert clara.get("/review/").status_code == 404


def test_private_and_deleted_conversations_are_not_there(clara: Client, cast: Cast, talk: Conversation) -> None:
    private = begun(cast, membership=None)
    assert clara.get(address(private)).status_code == 404
    talk.deleted = timezone.now()
    talk.save()
    assert clara.get(address(talk)).status_code == 404


def test_what_was_said_before_the_teacher_came_is_not_shown(clara: Client, cast: Cast, talk: Conversation) -> None:
    talk.turns.update(created=days_ago(5))
    say(talk, "después", "claro")
    Membership.objects.filter(person=cast.clara).update(since=days_ago(1))
    page = page_of(clara, talk)
    assert "después" in page
    assert "Quiero dos kilos" not in page
    assert "1 turn" in page


def test_what_was_said_after_the_student_left_is_not_shown(clara: Client, cast: Cast, talk: Conversation) -> None:
    talk.turns.update(created=days_ago(5))
    Membership.objects.filter(pk=cast.anas_membership.pk).update(until=days_ago(1))
    late = say(talk, "ya no estoy", "adiós")
    page = page_of(clara, talk)
    assert "Quiero dos kilos" in page
    assert "ya no estoy" not in page
    assert clara.post(f"/review/reports/{reported(late).public_id}/seen/").status_code == 404
    assert "reported a reply" not in clara.get("/review/").content.decode()


def test_dates_without_a_common_day_hide_the_whole_conversation(clara: Client, cast: Cast, talk: Conversation) -> None:
    talk.turns.update(created=days_ago(5))
    Membership.objects.filter(pk=cast.anas_membership.pk).update(until=days_ago(3))
    Membership.objects.filter(person=cast.clara).update(since=days_ago(1))
    talk.updated = timezone.now()
    talk.save()
    assert clara.get(address(talk)).status_code == 404
    assert "At the market" not in clara.get("/review/").content.decode()


def test_a_parent_reads_what_is_said_in_the_family(clara: Client, cast: Cast) -> None:
    family = Classroom.objects.create(name="At home", kind=Classroom.Kind.FAMILY)
    Membership.objects.create(person=cast.emil, classroom=family, role="student", since=days_ago(2))
    Membership.objects.create(person=cast.clara, classroom=family, role="teacher", since=days_ago(2))
    at_home = begun(cast, "emil", "In the kitchen", membership=Membership.objects.get(classroom=family, role="student"))
    assert "In the kitchen" in page_of(clara, at_home)
    assert clara.get(address(begun(cast, "emil"))).status_code == 404


def test_marking_a_report_as_seen_is_no_second_opening(clara: Client, cast: Cast, talk: Conversation) -> None:
    report = reported(talk.turns.get(ordinal=1))
    assert "Mark as seen" in page_of(clara, talk)
    answer = clara.post(f"/review/reports/{report.public_id}/seen/", follow=True)
    assert "Reported; seen by Clara" in answer.content.decode()
    report.refresh_from_db()
    assert report.seen_by == cast.clara
    assert ReadReceipt.objects.count() == 1


def test_each_report_of_a_turn_is_marked_by_itself(clara: Client, talk: Conversation) -> None:
    """Attempt one was reported, tried again, and attempt two reported as well."""
    turn = talk.turns.get(ordinal=1)
    first = reported(turn)
    turn.replies.update(chosen=False)
    reply(turn, "Otra vez", attempt=2)
    second = reported(turn)
    page = page_of(clara, talk)
    for one in (first, second):
        assert f"/review/reports/{one.public_id}/seen/" in page
    assert '<details class="fold" open>' in page
    for one in (second, first):
        assert "reported a reply" in clara.get("/review/").content.decode()
        clara.post(f"/review/reports/{one.public_id}/seen/")
    assert "report seen" in clara.get("/review/").content.decode()
    assert page_of(clara, talk).count("Reported; seen by Clara") == 2


def test_earlier_attempts_and_broken_replies_are_shown(clara: Client, talk: Conversation) -> None:
    turn = talk.turns.get(ordinal=1)
    turn.replies.update(chosen=False, state=MadeState.FAILED, error_code="engine_lost", text="Aq")
    reply(turn, "", attempt=2, state=MadeState.INTERRUPTED)
    page = page_of(clara, talk)
    assert "1 earlier attempt" in page
    assert "engine_lost" in page
    assert "No words came." in page
    assert "a reply broke off" in page


def test_nothing_that_people_or_models_write_becomes_html(clara: Client, cast: Cast) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    cast.ana.name = evil[:80]
    cast.ana.save()
    talk = begun(cast, title=evil, model=evil, goal=evil)
    turn = say(talk, evil, evil + "[x](javascript:alert(3))")
    turn.replies.update(model=evil, options={evil: evil}, error_code="<b>", prompt_version="<i>")
    reported(turn)
    for page in (page_of(clara, talk), clara.get("/review/").content.decode()):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page
        assert "<b>" not in page.replace('<b class="queue-who"', "")


def test_the_number_of_queries_does_not_grow(clara: Client, talk: Conversation) -> None:
    page_of(clara, talk)
    with CaptureQueriesContext(connection) as few:
        page_of(clara, talk)
    for number in range(30):
        turn = say(talk, f"message {number}", "bien")
        reported(turn)
        turn.replies.update(attempt=2)
        reply(turn, "antes", chosen=False)
    with CaptureQueriesContext(connection) as many:
        page_of(clara, talk)
    assert len(many) <= len(few)
