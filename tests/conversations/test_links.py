"""Where a link in a tutor's words leads is said, unless its words say so themselves."""

from __future__ import annotations

import pytest

from tutor.conversations.rendering import render


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("[aquí](https://evil.example/x)", "evil.example"),
        ("[https://a.example.bank.example](https://a.example/)", "a.example"),
        ("[bank.example, a.example](https://a.example/)", "a.example"),
        ("[bank.example](https://bank.example@a.example/)", "a.example"),
        ("[**bank.example**](https://a.example/)", "a.example"),
        ("[ ](https://a.example/)", "a.example"),
    ],
)
def test_said(text: str, host: str) -> None:
    assert f'<span class="host"> ({host})</span>' in render(text)


@pytest.mark.parametrize("words", ["https://example.org/a?b", "example.org", "EXAMPLE.org!", "http://example.org"])
def test_not_said_twice(words: str) -> None:
    assert "host" not in render(f"[{words}](https://example.org/a)")
