"""Every spelling of a host that Ollama's own tools take."""

from __future__ import annotations

import pytest

from tutor.ollama import AsyncClient, InvalidHost, OllamaError
from tutor.ollama.hosts import Address, key_for, parse_host


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (None, "http://127.0.0.1:11434"),
        ("", "http://127.0.0.1:11434"),
        ("1.2.3.4", "http://1.2.3.4:11434"),
        (":56789", "http://127.0.0.1:56789"),
        ("1.2.3.4:56789", "http://1.2.3.4:56789"),
        ("http://1.2.3.4", "http://1.2.3.4:80"),
        ("https://1.2.3.4", "https://1.2.3.4:443"),
        ("https://1.2.3.4:56789", "https://1.2.3.4:56789"),
        ("example.com", "http://example.com:11434"),
        ("example.com/path", "http://example.com:11434/path"),
        ("http://e.com//a/b/", "http://e.com:80/a/b"),
        ("https://e.com:56789/path/", "https://e.com:56789/path"),
        ("http://user:pw@ex.com", "http://ex.com:80"),
        ("example.com:56789/", "http://example.com:56789"),
        ("[0001:002:003:0004::1]", "http://[0001:002:003:0004::1]:11434"),
        ("[0001:002:003:0004::1]:56789/path/", "http://[0001:002:003:0004::1]:56789/path"),
        ("http://[0001:002:003:0004::1]", "http://[0001:002:003:0004::1]:80"),
        ("localhost:0", "http://localhost:11434"),
        # Kinder than the published client, as the Go tools are.
        ("::1", "http://[::1]:11434"),
        ("::", "http://[::1]:11434"),
        ("::1/path", "http://[::1]:11434/path"),
        ("0.0.0.0", "http://127.0.0.1:11434"),  # noqa: S104
        ("http://0.0.0.0:1234", "http://127.0.0.1:1234"),
        ("[::]:1234", "http://[::1]:1234"),
        (" localhost ", "http://localhost:11434"),
        ('"http://x:1"', "http://x:1"),
        ("' x:1 '", "http://x:1"),
        ("HTTPS://Ex.com", "https://ex.com:443"),
        ("ollama.com", "https://ollama.com:443"),
    ],
)
def test_host_is_read_as_meant(host: str | None, expected: str) -> None:
    assert parse_host(host) == expected


@pytest.mark.parametrize("host", ["localhost:abc", "localhost:99999", "ftp://x", "[::1", "a b", "http://a<b"])
def test_what_is_no_address_is_said_so(host: str) -> None:
    with pytest.raises(InvalidHost) as caught:
        parse_host(host)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, OllamaError)


def test_environment_is_read_when_a_client_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "10.0.0.9:1234")
    assert AsyncClient().base_url == "http://10.0.0.9:1234"
    assert AsyncClient("x").base_url == "http://x:11434"
    monkeypatch.setenv("OLLAMA_HOST", "localhost:99999")
    with pytest.raises(InvalidHost):
        AsyncClient()


@pytest.mark.parametrize(
    ("host", "environment", "expected"),
    [
        ("https://ollama.com", None, "k"),
        ("https://api.ollama.com:443", None, "k"),
        ("http://ollama.com:80", None, None),
        ("https://ollama.com.evil.example:443", None, None),
        ("127.0.0.1", None, None),
        (None, None, None),
        (None, "http://school.example:11434", "k"),
        ("http://school.example:11434", "school.example", "k"),
        ("http://school.example:8080", "school.example", None),
        ("127.0.0.1", ":::", None),
    ],
)
def test_key_goes_only_where_it_was_meant(
    monkeypatch: pytest.MonkeyPatch, host: str | None, environment: str | None, expected: str | None
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", " k ")
    if environment:
        monkeypatch.setenv("OLLAMA_HOST", environment)
    assert key_for(Address.of(host)) == expected
