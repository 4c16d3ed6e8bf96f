"""What a student does with a talk of the class after leaving it, and what a teacher reads of that: nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.accounts.doors import client_of
from tests.cast import Cast
from tests.review.talks import begun, days_ago, reply, reported, say
from tutor.classrooms.models import Membership
from tutor.conversations.models import Conversation, Reply, Turn
from tutor.conversations.provenance import MadeState

LEFT = 3  # days ago


@pytest.fixture
def clara(client: Client, cast: Cast) -> Client:
    client.force_login(cast.clara)
    return client


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    """Said five days ago; Ana left two days later."""
    conversation = begun(cast, title="My diary")
    say(conversation, "Quiero dos kilos", "Aquí tiene.")
    conversation.turns.update(created=days_ago(5))
    Reply.objects.update(created=days_ago(5), finished=days_ago(5))
    Membership.objects.filter(pk=cast.anas_membership.pk).update(until=days_ago(LEFT))
    return conversation


def page_of(client: Client, conversation: Conversation) -> str:
    answer = client.get(f"/review/{conversation.public_id}/")
    assert answer.status_code == 200
    return answer.content.decode()


def last_of(talk: Conversation) -> Turn:
    turn: Turn = talk.turns.get(ordinal=1)
    return turn


def tried_again(turn: Turn, text: str, days: float) -> Reply:
    turn.replies.update(chosen=False)
    attempt = turn.replies.count() + 1
    return reply(turn, text, attempt=attempt, created=days_ago(days), finished=days_ago(days))


def continued(turn: Turn, text: str, days: float, state: str = MadeState.DONE) -> None:
    one = turn.replies.get(chosen=True)
    one.earlier_texts, one.text, one.epoch, one.state = [one.text], f"{one.text} {text}", 2, state
    one.finished = None if one.is_open else days_ago(days)
    one.save()


def test_another_attempt_is_not_shown_but_the_one_before(clara: Client, talk: Conversation) -> None:
    tried_again(last_of(talk), "Un secreto", 1)
    page = page_of(clara, talk)
    assert "Un secreto" not in page
    assert "Aquí tiene." in page
    assert "earlier attempt" not in page


def test_another_attempt_in_time_is_shown(clara: Client, talk: Conversation) -> None:
    tried_again(last_of(talk), "Tres kilos", 4)
    tried_again(last_of(talk), "Un secreto", 1)
    page = page_of(clara, talk)
    assert "Un secreto" not in page
    assert page.index("Tres kilos") < page.index("1 earlier attempt") < page.index("Aquí tiene.")


@pytest.mark.parametrize("state", [MadeState.DONE, MadeState.RUNNING])
def test_a_continuation_is_not_shown_but_what_stood_there(clara: Client, talk: Conversation, state: str) -> None:
    continued(last_of(talk), "y un secreto", 1, state)
    page = page_of(clara, talk)
    assert "un secreto" not in page
    assert "Aquí tiene." in page
    assert "What was written after Ana had left is not shown." in page


def test_a_continuation_in_time_is_shown(clara: Client, talk: Conversation) -> None:
    continued(last_of(talk), "¿Algo más?", 4)
    page = page_of(clara, talk)
    assert "Aquí tiene. ¿Algo más?" in page
    assert "is not shown" not in page


def test_a_reply_that_was_still_written_is_not_shown(clara: Client, talk: Conversation) -> None:
    last_of(talk).replies.update(finished=days_ago(LEFT - 0.1))
    page = page_of(clara, talk)
    assert "Quiero dos kilos" in page
    assert "Aquí tiene." not in page
    assert "What was written after Ana had left is not shown." in page


def searched(client: Client, words: str) -> str:
    return client.post("/review/search/", {"q": words}, follow=True).content.decode()


def test_a_title_given_since_is_not_told(clara: Client, talk: Conversation) -> None:
    for page in (clara.get("/review/").content.decode(), page_of(clara, talk), searched(clara, "MERCADO")):
        assert "My diary" not in page
        assert "En el mercado" in page
    assert "Nothing like that" in searched(clara, "diary")


def test_before_that_the_title_is_theirs(clara: Client, talk: Conversation) -> None:
    Membership.objects.update(until=None)
    for page in (page_of(clara, talk), searched(clara, "diary")):
        assert "My diary" in page
    assert "Nothing like that" in searched(clara, "market")


def test_a_report_made_since_is_not_shown(clara: Client, talk: Conversation) -> None:
    report = reported(last_of(talk))
    assert "Mark as seen" not in page_of(clara, talk)
    assert "reported a reply" not in clara.get("/review/").content.decode()
    assert clara.post(f"/review/reports/{report.public_id}/seen/").status_code == 404
    report.created = days_ago(4)
    report.save()
    tried_again(last_of(talk), "Un secreto", 1)
    assert "Mark as seen" in page_of(clara, talk)
    assert "reported a reply" in clara.get("/review/").content.decode()
    assert clara.post(f"/review/reports/{report.public_id}/seen/").status_code == 302


def write(talk: Conversation) -> None:
    say(talk, "Un secreto", "Lo guardo.")


def try_again(talk: Conversation) -> None:
    tried_again(last_of(talk), "Un secreto", 0)


def go_on(talk: Conversation) -> None:
    continued(last_of(talk), "y un secreto", 0)


def be_still_answered(talk: Conversation) -> None:
    last_of(talk).replies.update(text="Un secreto", state=MadeState.RUNNING, finished=None)


def rename(talk: Conversation) -> None:
    assert client_of(talk.learner).post(f"/talk/{talk.public_id}/rename", {"title": "un secreto"}).status_code == 302


@pytest.mark.parametrize("act", [write, try_again, go_on, be_still_answered, rename])
def test_undo_opens_nothing_that_nobody_was_to_read(
    clara: Client, cast: Cast, talk: Conversation, act: Callable[[Conversation], None]
) -> None:
    Membership.objects.filter(pk=cast.anas_membership.pk).update(until=None)
    member = f"/classes/{cast.claras_class.public_id}/members/{cast.anas_membership.public_id}"
    assert clara.post(f"{member}/end/").status_code == 200
    act(talk)
    assert clara.post(f"{member}/take-back/").status_code == 302
    for page in (page_of(clara, talk), clara.get("/review/").content.decode()):
        assert "un secreto" not in page.lower()
    # Ana is in the class again: of what she opens from now on it is the class's again.
    assert Membership.objects.filter(person=cast.ana, until=None).count() == 1


def test_undo_before_anything_was_done_is_as_if_nothing_had_been(clara: Client, cast: Cast, talk: Conversation) -> None:
    Membership.objects.filter(pk=cast.anas_membership.pk).update(until=None)
    member = f"/classes/{cast.claras_class.public_id}/members/{cast.anas_membership.public_id}"
    clara.post(f"{member}/end/")
    clara.post(f"{member}/take-back/")
    say(talk, "Otra vez", "Sí.")
    assert "Otra vez" in page_of(clara, talk)
