"""How a reply is read: a button where it is known, and behind it a piece of the page."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast
from tutor.chat.presenters import reply_view
from tutor.conversations.models import Conversation, Reply
from tutor.conversations.provenance import MadeState

LINE = "よろしくお願いします。 お国はどこですか？"


@pytest.fixture
def japanese(client: Client, cast: Cast) -> Reply:
    """What the tutor has said at the beginning of a talk of Ana's, in Japanese."""
    client.force_login(cast.ana)
    values = {"client_id": cast.ana.public_id, "study": cast.anas_study.public_id, "style": "weekend", "place": ""}
    client.post("/talk/new", values)
    Conversation.objects.update(language="ja")
    Reply.objects.update(text=LINE, state=MadeState.DONE)
    return Reply.objects.select_related("turn__conversation").get()


def test_the_button_is_there_where_the_lines_are_known(japanese: Reply) -> None:
    assert reply_view(japanese, japanese.turn).can[0] == "readings"
    japanese.text = "モデルが言いました。"
    assert "readings" not in reply_view(japanese, japanese.turn).can


def test_furigana_and_latin_letters(client: Client, japanese: Reply) -> None:
    page = client.get(f"/talk/replies/{japanese.public_id}/readings").content.decode()
    assert "<ruby>国<rp>(</rp><rt>くに</rt><rp>)</rp></ruby>" in page
    assert "yoroshiku onegaishimasu." in page
    assert "okuni wa doko desu ka?" in " ".join(page.split())


def test_where_nobody_wrote_them_it_is_said(client: Client, japanese: Reply) -> None:
    Reply.objects.update(text="こんばんは。")
    page = client.get(f"/talk/replies/{japanese.public_id}/readings").content.decode()
    assert "Nobody has written how this is read." in page
