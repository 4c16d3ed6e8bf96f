"""What the tutor says to somebody in distress is the house's: shipped, changed by an administrator, named at set-up."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast
from tutor.audit.models import AuditEvent
from tutor.conversations.distress import LANGUAGES, distress_texts, distress_words
from tutor.conversations.models import DistressText
from tutor.dialogue.help_cards import sentence

ADDRESS = "/console/distress/"


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


def fields(**changed: str) -> dict[str, str]:
    texts = distress_texts()
    return {"people": texts[""]} | {one: texts[one] for one in LANGUAGES} | changed


@pytest.mark.parametrize("own", LANGUAGES)
@pytest.mark.django_db
def test_every_own_language_has_its_words_from_the_start(own: str) -> None:
    assert distress_words(own) == sentence("distress", own)


def test_the_page_shows_the_words_as_they_are(ada: Client) -> None:
    page = ada.get(ADDRESS).content.decode()
    assert "Das klingt sehr ernst" in page
    assert "Whom to turn to here" in page


def test_people_and_words_are_changed_and_the_change_recorded(ada: Client) -> None:
    ada.post(ADDRESS, fields(people="Mrs. Vidal, room 12", es="Habla ahora con la señora Vidal."))
    assert distress_words("es") == "Habla ahora con la señora Vidal.\n\nMrs. Vidal, room 12"
    assert distress_words("en-GB") == f"{sentence('distress', 'en')}\n\nMrs. Vidal, room 12"
    assert distress_words("sv") == distress_words("en")
    assert AuditEvent.objects.get().what == "distress.changed"
    assert DistressText.objects.count() == 2


def test_an_empty_field_has_the_shipped_words_again(ada: Client) -> None:
    ada.post(ADDRESS, fields(es="Otra frase."))
    ada.post(ADDRESS, fields(es=""))
    assert distress_words("es") == sentence("distress", "es")
    assert not DistressText.objects.exists()
