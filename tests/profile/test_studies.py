"""The languages somebody learns."""

from __future__ import annotations

import pytest

from tests.accounts.doors import client_of
from tests.cast import Cast
from tutor.classrooms.models import Study
from tutor.conversations.models import Conversation


def test_adding(cast: Cast) -> None:
    words = {"language": "fr", "level": "B1", "goal": "talk with my grandmother"}
    assert client_of(cast.ana).post("/you/studies/", words).headers["Location"] == "/you/"
    study = Study.objects.get(learner=cast.ana, language="fr")
    assert (study.level, study.goal) == ("B1", "talk with my grandmother")


def test_adding_twice_changes_the_one(cast: Cast) -> None:
    client_of(cast.ana).post("/you/studies/", {"language": "es", "level": "B2"})
    assert Study.objects.get(learner=cast.ana).level == "B2"


@pytest.mark.parametrize(
    "words",
    [
        {"level": "A1"},
        {"language": "tlh", "level": "A1"},
        {"language": "fr", "level": "Z"},
        {"language": "fr", "level": "A1", "goal": "x" * 201},
    ],
)
def test_refused(cast: Cast, words: dict[str, str]) -> None:
    page = client_of(cast.ana).post("/you/studies/", words)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert Study.objects.filter(learner=cast.ana).count() == 1


def test_changing_leaves_old_conversations_as_they_were(cast: Cast, anas_conversation: Conversation) -> None:
    path = f"/you/studies/{cast.anas_study.public_id}/"
    client = client_of(cast.ana)
    assert client.get(path).status_code == 200
    assert client.post(path, {"level": "C1", "goal": "", "corrections": "live"}).status_code == 302
    cast.anas_study.refresh_from_db()
    anas_conversation.refresh_from_db()
    assert cast.anas_study.level == "C1"
    assert anas_conversation.level == "A1"


def test_removing_asks_first_and_keeps_conversations(cast: Cast, anas_conversation: Conversation) -> None:
    path = f"/you/studies/{cast.anas_study.public_id}/remove/"
    client = client_of(cast.ana)
    assert client.get(path).status_code == 200
    assert Study.objects.filter(learner=cast.ana).exists()
    client.post(path)
    assert not Study.objects.filter(learner=cast.ana).exists()
    anas_conversation.refresh_from_db()
    assert (anas_conversation.study, anas_conversation.language) == (None, "es")


@pytest.mark.parametrize("name", ["ben", "clara", "ada"])
@pytest.mark.parametrize("path", ["", "remove/"])
def test_somebody_elses_study_is_not_there(cast: Cast, name: str, path: str) -> None:
    client = client_of(cast.people[name])
    address = f"/you/studies/{cast.anas_study.public_id}/{path}"
    assert client.get(address).status_code == 404
    assert client.post(address, {"level": "C2"}).status_code == 404
    cast.anas_study.refresh_from_db()
    assert cast.anas_study.level == "A1"


def test_when_and_of_what_one_is_told(cast: Cast) -> None:
    path = f"/you/studies/{cast.anas_study.public_id}/"
    client = client_of(cast.ana)
    page = client.get(path).content.decode()
    for words in ("during the talk", "after the talk", "only when I ask", "Spelling and accents"):
        assert words in page, words
    wanted = {"level": "A1", "goal": "", "corrections": "after", "correction_kinds": ["verbs", "spelling"]}
    assert client.post(path, wanted).status_code == 302
    cast.anas_study.refresh_from_db()
    assert (cast.anas_study.corrections, cast.anas_study.correction_kinds) == ("after", ["spelling", "verbs"])
    for wrong in ({"corrections": "never"}, {"correction_kinds": ["gossip"]}):
        assert client.post(path, wanted | wrong).status_code == 200
    cast.anas_study.refresh_from_db()
    assert cast.anas_study.corrections == "after"
