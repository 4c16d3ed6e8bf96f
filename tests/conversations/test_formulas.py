"""A formula is readable, whichever way a model writes it; money, words in brackets and code stay what they are."""

from __future__ import annotations

import time

import pytest

from tutor.conversations.rendering import render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (r"Es \(E = mc^2\).", "<p>Es <code>E = mc^2</code>.</p>"),
        (r"Es \( x \) y \[\frac{a}{b}\].", r"<p>Es <code>x</code> y <code>\frac{a}{b}</code>.</p>"),
        (r"\[\frac{a}{b}\]", "<pre><code>\\frac{a}{b}\n</code></pre>"),
        ("Así:\n\\[\na = b\n- c\n\\]\ny ya.", "<p>Así:</p>\n<pre><code>a = b\n- c\n</code></pre>\n<p>y ya.</p>"),
        ("$$ E = mc^2 $$", "<pre><code>E = mc^2\n</code></pre>"),
        ("Con $$x^2$$ dentro.", "<p>Con <code>x^2</code> dentro.</p>"),
        ("$5 and $6", "<p>$5 and $6</p>"),
        ("a $$ place or a $$$ one", "<p>a $$ place or a $$$ one</p>"),
        ("$$$ y $$", "<p>$$$ y $$</p>"),
        (r"`\(x\)`", r"<p><code>\(x\)</code></p>"),
        ("```\n\\[x\\] $$y$$\n```", "<pre><code>\\[x\\] $$y$$\n</code></pre>"),
        (r"Escribe \[tu nombre\].", "<p>Escribe [tu nombre].</p>"),
        (r"\(x = 1", "<p>(x = 1</p>"),
        ("\\[ x = 1\n\ny \\]", "<p>[ x = 1</p>\n<p>y ]</p>"),
        (r"\\(x\\)", r"<p>\(x\)</p>"),
        (r"\(<img src=x>\)", "<p><code>&lt;img src=x&gt;</code></p>"),
    ],
)
def test_formulas(text: str, html: str) -> None:
    assert str(render(text)).replace(' dir="auto"', "").strip() == html


@pytest.mark.parametrize("text", ["\\(" * 16_000, "\\[\n" * 10_000, "$$" * 16_000, "$$a " * 8_000, "\\[a" * 10_000])
def test_openings_without_an_end_take_no_more_than_any_text(text: str) -> None:
    """As long as a reply may be. Compared with as many brackets that open nothing."""
    plain = _seconds(text.replace("\\", "").replace("$", "("))
    assert _seconds(text) < 10 * plain + 0.5


def _seconds(text: str) -> float:
    began = time.process_time()
    render(text)
    return time.process_time() - began
