"""The corrections beside a student's lines, as whoever reads along sees them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.review.talks import begun, corrected, days_ago, say
from tutor.classrooms.models import Membership
from tutor.conversations.models import Card, Conversation, Turn

SAID = "Quiero dos kilos de manzana, por favor. La pan es bueno?"
ARTICLE: dict[str, object] = {"old": "La", "new": "El", "reason": "pan"}
NUMBER: dict[str, object] = {
    "old": "manzana",
    "new": "manzanas",
    "kind": "number",
    "certainty": "possible",
    "witnesses": ["probability", "generation"],
}


@pytest.fixture
def clara(client: Client, cast: Cast) -> Client:
    client.force_login(cast.clara)
    return client


@pytest.fixture
def turn(cast: Cast) -> Turn:
    return say(begun(cast), SAID, "Sí, está muy bueno.")


def page_of(client: Client, conversation: Conversation) -> str:
    answer = client.get(f"/review/{conversation.public_id}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_was_corrected_stands_beside_the_line(clara: Client, turn: Turn) -> None:
    corrected(turn, NUMBER, ARTICLE)
    page = page_of(clara, turn.conversation)
    assert '<mark class="possible">manzana</mark>' in page
    assert '<mark class="sure">La</mark>' in page
    assert "<del>La</del>" in page
    assert "<ins>El</ins> pan es bueno?" in page
    for words in ("Gender", "a rule", "the model", "It goes with “pan”."):
        assert words in page, words
    assert "<form" not in page[page.index("findings") : page.index("</ul>", page.index("findings"))]


def test_it_says_how_far_the_student_looked_and_what_they_dispute(clara: Client, turn: Turn) -> None:
    Conversation.objects.update(level="B1")
    corrected(turn, NUMBER | {"rung": "choices"}, ARTICLE | {"disputed": True})
    page = page_of(clara, turn.conversation)
    assert "Has seen two choices, not the answer." in page
    assert "Took all hints up to the answer." in page
    assert page.count("Ana says this is not right") == 1


def test_where_the_answer_is_given_at_once_no_hints_are_counted(clara: Client, turn: Turn) -> None:
    corrected(turn, ARTICLE)
    assert "Took all hints" not in page_of(clara, turn.conversation)


def test_a_place_without_an_answer_says_so(clara: Client, turn: Turn) -> None:
    corrected(turn, NUMBER | {"certainty": "place", "new": "", "kind": "", "rung": "where"})
    page = page_of(clara, turn.conversation)
    assert "a place, without an answer" in page
    assert "<ins>" not in page


def test_what_students_write_becomes_no_html(clara: Client, cast: Cast) -> None:
    turn = say(begun(cast), "Hola <b>La</b> pan.", "Sí.")
    corrected(turn, ARTICLE | {"new": "<i>El</i>", "reason": "<u>pan</u>"})
    page = page_of(clara, turn.conversation)
    assert not any(tag in page for tag in ("<b>La", "<i>El", "<u>pan"))


def test_what_is_still_being_made_is_not_there(clara: Client, turn: Turn) -> None:
    card = corrected(turn, ARTICLE)
    Card.objects.filter(pk=card.pk).update(body={}, state="running")
    assert "<mark" not in page_of(clara, turn.conversation)


def test_after_leaving_neither_later_corrections_nor_what_was_done_with_earlier_ones_are_told(
    clara: Client, cast: Cast, turn: Turn
) -> None:
    late = say(turn.conversation, "Otra vez la pan.", "Vale.")
    Turn.objects.filter(pk=turn.pk).update(created=days_ago(5))
    Card.objects.filter(pk=corrected(turn, ARTICLE | {"disputed": True}).pk).update(created=days_ago(5))
    corrected(late, ARTICLE | {"old": "la", "new": "el"})
    Membership.objects.filter(pk=cast.anas_membership.pk).update(until=days_ago(1))
    page = page_of(clara, turn.conversation)
    assert "<del>La</del>" in page
    assert "<del>la</del>" not in page
    assert "says this is not right" not in page


def test_a_correction_of_an_early_message_that_was_made_after_leaving_is_private(
    clara: Client, cast: Cast, turn: Turn
) -> None:
    Turn.objects.filter(pk=turn.pk).update(created=days_ago(5))
    corrected(turn, ARTICLE)
    Membership.objects.filter(pk=cast.anas_membership.pk).update(until=days_ago(1))
    assert "<mark" not in page_of(clara, turn.conversation)


def test_the_number_of_queries_does_not_grow_with_corrections(clara: Client, turn: Turn) -> None:
    corrected(turn, ARTICLE)
    page_of(clara, turn.conversation)
    with CaptureQueriesContext(connection) as few:
        page_of(clara, turn.conversation)
    for _ in range(20):
        corrected(say(turn.conversation, SAID, "Sí."), ARTICLE, NUMBER)
    with CaptureQueriesContext(connection) as many:
        page_of(clara, turn.conversation)
    assert len(many) <= len(few)
