"""Links, names of languages, the command line, the record."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from tests.accounts.doors import client_of, expire, token_in
from tests.cast import Cast
from tutor import languages
from tutor.accounts.codes import spelled
from tutor.accounts.links import renew_set_up_link
from tutor.accounts.models import OneTimeLink, User
from tutor.accounts.zones import zone_choices
from tutor.audit import chain
from tutor.audit.models import AuditEvent
from tutor.qr import qr_image


def test_reset_link_on_the_command_line(cast: Cast) -> None:
    out = StringIO()
    call_command("reset_link", "ADA", stdout=out)
    code = token_in(out.getvalue())
    assert out.getvalue() == (
        f"http://127.0.0.1:8000/new-password/{code}/\nOr type {spelled(code)} at http://127.0.0.1:8000/code/\n"
    )
    assert Client().get(f"/new-password/{code}/").status_code == 200
    assert AuditEvent.objects.get(what="reset-link.made").actor is None


def test_reset_link_for_nobody(cast: Cast) -> None:
    with pytest.raises(CommandError, match="nobody-here"):
        call_command("reset_link", "nobody-here")


def test_only_hashes_are_kept(cast: Cast) -> None:
    page = client_of(cast.clara).post(f"/classes/people/{cast.ana.public_id}/new-password/")
    token = token_in(page.content)
    link = OneTimeLink.objects.get()
    assert token not in {str(value) for value in vars(link).values()}
    assert len(link.token_hash) == 64


def test_each_start_prints_a_new_set_up_link(db: None) -> None:
    first = token_in(renew_set_up_link() or "")
    second = token_in(renew_set_up_link() or "")
    assert Client().get(f"/set-up/{first}/").status_code == 410
    assert Client().get(f"/set-up/{second}/").status_code == 200
    expire(second)
    assert Client().get(f"/set-up/{second}/").status_code == 410


def test_the_chain_notices_a_changed_event(cast: Cast) -> None:
    for what in ("one", "two", "three"):
        chain.record(cast.ada, what)
    assert chain.broken_at() is None
    AuditEvent.objects.filter(what="two").update(subject="somebody else")
    broken = chain.broken_at()
    assert broken is not None
    assert broken.what == "two"


def test_a_person_erased_leaves_the_chain_whole(cast: Cast) -> None:
    chain.record(cast.ben, "something")
    User.objects.get(pk=cast.ben.pk).delete()
    assert chain.broken_at() is None


@pytest.mark.parametrize(
    ("tag", "page", "name", "own"),
    [
        ("es", "en", "Spanish", "español"),
        ("de", "es", "alemán", "Deutsch"),
        ("pt-BR", "en", "Brazilian Portuguese", "Português Brasileiro"),
        ("es-419", "en", "Spanish", "español"),
        ("zh-Hant", "en", "Traditional Chinese", "繁體中文"),
        ("zh", "en", "Simplified Chinese", "简体中文"),
        ("tlh", "en", "tlh", "tlh"),
    ],
)
def test_names_of_languages(tag: str, page: str, name: str, own: str) -> None:
    with translation.override(page):
        assert languages.language_name(tag) == name
        assert languages.autonym(tag) == own


def test_time_zones_are_grouped() -> None:
    groups = dict(zone_choices())
    assert groups["UTC"] == "UTC"
    assert ("Europe/Madrid", "Madrid") in groups["Europe"]  # type: ignore[operator]


def test_a_code_for_the_camera() -> None:
    assert qr_image("http://127.0.0.1:8000/join/x/").startswith("data:image/svg+xml")
