"""Hosts: which addresses are taken, what is said of them, and what is kept."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast
from tutor.audit.models import AuditEvent
from tutor.llm.hosts import addresses, place_of
from tutor.llm.models import Host


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


def ollama_host() -> Host:
    addresses()
    return Host.objects.get(kind="ollama")


def test_an_address_is_changed_and_the_change_recorded(ada: Client) -> None:
    host = ollama_host()
    ada.post(f"/console/hosts/{host.public_id}/", {"base_url": "gpu.local", "parallelism": "4", "enabled": "on"})
    host.refresh_from_db()
    assert (host.base_url, host.parallelism, host.enabled) == ("http://gpu.local:11434", 4, True)
    event = AuditEvent.objects.get()
    assert (event.what, event.subject) == ("host.changed", str(host.public_id))
    assert "gpu.local" not in event.subject


def test_one_more_and_switched_off(ada: Client) -> None:
    first = ollama_host()
    ada.post("/console/hosts/", {"base_url": "https://192.168.7.7", "parallelism": "2", "enabled": "on"})
    ada.post(f"/console/hosts/{first.public_id}/", {"base_url": first.base_url, "parallelism": "1"})
    assert [one.base_url for one in addresses() if one.kind == "ollama"] == ["https://192.168.7.7:443"]
    text = ada.get("/console/hosts/").content.decode()
    assert "not in use" in text
    assert "in your own network" in text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("base_url", "http://me:secret@127.0.0.1:11434", "without a name and password"),
        ("base_url", "me:secret@127.0.0.1", "without a name and password"),
        ("base_url", "ftp://127.0.0.1", "This is no address"),
        ("base_url", "http://127.0.0.1:99999", "This is no address"),
        ("base_url", "java script:alert(1)", "This is no address"),
        ("base_url", "http://127.0.0.1/?key=1", "has no ?"),
        ("base_url", "https://ollama.com", "servers elsewhere are not asked"),
        ("base_url", "", "This field is required"),
        ("parallelism", "0", "greater than or equal to 1"),
        ("parallelism", "17", "less than or equal to 16"),
    ],
)
def test_what_is_no_host_is_refused(ada: Client, field: str, value: str, words: str) -> None:
    before = ollama_host()
    form = {"base_url": "http://127.0.0.1:11434", "parallelism": "1", "enabled": "on"} | {field: value}
    for path in (f"{before.public_id}/", "", "ask/"):
        assert words in ada.post(f"/console/hosts/{path}", form).content.decode()
    assert Host.objects.filter(kind="ollama").count() == 1
    assert not AuditEvent.objects.exists()


def test_an_address_outside_the_network_is_warned_of(ada: Client) -> None:
    form = {"base_url": "https://gpu.example.org", "parallelism": "1", "enabled": "on"}
    answer = ada.post("/console/hosts/", form, follow=True).content.decode()
    assert "seems to lead out of your network" in answer


def test_the_built_in_engine_has_no_form(ada: Client) -> None:
    ollama_host()
    builtin = Host.objects.get(kind="builtin")
    assert ada.get(f"/console/hosts/{builtin.public_id}/").status_code == 404


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("http://127.0.0.1:1", "here"),
        ("http://localhost:1", "here"),
        ("http://[::1]:1", "here"),
        ("http://192.168.0.4:1", "network"),
        ("http://[fe80::1]:1", "network"),
        ("http://gpu:1", "network"),
        ("http://gpu.lan:1", "network"),
        ("https://8.8.8.8:443", "outside"),
        ("https://gpu.example.org:443", "outside"),
    ],
)
def test_where_an_address_leads(address: str, place: str) -> None:
    assert place_of(address) == place
