"""A setting that makes no sense ends the start with its name, and without a traceback."""

from __future__ import annotations

import pytest

from polyglott.env import read


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("POLYGLOTT_PUBLIC_URL", "nowhere", "must be a whole address"),
        *(
            ("POLYGLOTT_PUBLIC_URL", f"{start}{rest}", "must be a whole address and nothing behind it")
            for start, rest in [
                ("https://school.example", "/tutor"),
                ("https://school.example", "?a=b"),
                ("https://school.example", "#top"),
                ("https://user:pw@", "school.example"),
                ("https://a.example", ", https://b.example"),
                ("https://a.example", " "),
                ("http://x.example:", "abc"),
                ("http://x.example:", "99999"),
                ("http://x.example:", "0"),
                ("http://[::1", "/"),
                ("http://[1:2:]:", "1:2"),
                ("ftp://", "x.example"),
            ]
        ),
        ("POLYGLOTT_PORT", "eighty", "valid integer"),
        ("POLYGLOTT_ENGINE", "on", "'auto' or 'off'"),
        ("LANGUAGETOOL_URL", "languagetool.example/v2", "must be an address such as"),
    ],
)
def test_the_variable_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as end:
        read()
    assert str(end.value).startswith(f"{variable}: ")
    assert words in str(end.value)
    assert value not in str(end.value)


@pytest.mark.parametrize(
    ("value", "origin"),
    [
        ("https://Tutor.School.example:443/", "https://tutor.school.example"),
        ("HTTP://192.168.1.20:80", "http://192.168.1.20"),
        ("http://[::1]:8001", "http://[::1]:8001"),
        ("http://house:443", "http://house:443"),
    ],
)
def test_the_address_is_the_one_that_browsers_name(monkeypatch: pytest.MonkeyPatch, value: str, origin: str) -> None:
    monkeypatch.setenv("POLYGLOTT_PUBLIC_URL", value)
    assert read().origins[0] == origin


@pytest.mark.parametrize(
    ("address", "lan", "believed"),
    [
        ("https://tutor.school.example", "false", True),
        ("https://tutor.school.example", "true", False),
        ("http://tutor.school.example", "false", False),
        ("", "false", False),
    ],
)
def test_a_forwarded_address_is_believed_only_from_this_computer(
    monkeypatch: pytest.MonkeyPatch, address: str, lan: str, *, believed: bool
) -> None:
    monkeypatch.setenv("POLYGLOTT_PUBLIC_URL", address)
    monkeypatch.setenv("POLYGLOTT_LAN", lan)
    assert read().behind_proxy is believed
