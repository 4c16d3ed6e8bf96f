"""A tutor's words as safe HTML. ``static/js/chat/markdown.js`` does the same in the browser, for growing words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from tutor.conversations.cjk import make_friendly
from tutor.conversations.formulas import show_formulas

_HOST = re.compile(r"^https?://(?:[^/?#]*@)?([^/?#:]+)", re.IGNORECASE)
# The computer that a link's own words name, if they begin with one.
_NAMED = re.compile(r"^\s*(?:https?://)?([a-z0-9.-]*[a-z0-9])", re.IGNORECASE)
_TAGS = {
    "a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "span", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "rel", "target"}, "ol": {"start"}, "*": {"dir", "class"}}


def render(text: str) -> SafeString:
    """Markdown to HTML in which nothing can run or load: no raw HTML, no images, links that say where they lead."""
    html = nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel=None,
    )
    return mark_safe(html)  # noqa: S308 - it has just been cleaned


def _plain(state: StateCore) -> None:
    """Headings become paragraphs (the page has its own), outer blocks find their direction, links name their host."""
    for token in state.tokens:
        if token.type == "heading_open":
            token.attrSet("class", "heading")
        if token.type.startswith("heading_"):
            token.tag = "p"
        if token.level == 0 and token.nesting == 1:
            token.attrSet("dir", "auto")
        token.attrs.pop("style", None)
        if token.children:
            token.children = _with_hosts(token.children)


def _with_hosts(tokens: Sequence[Token]) -> list[Token]:
    out: list[Token] = []
    host = words = ""
    for token in tokens:
        out.append(token)
        words += token.content
        if token.type == "link_open":
            host, words = _host(token), ""
            token.attrSet("rel", "noopener noreferrer nofollow")
            token.attrSet("target", "_blank")
        if token.type == "link_close" and not _says(words, host):
            out += _host_note(host)
    return out


def _host(link: Token) -> str:
    found = _HOST.match(str(link.attrGet("href") or ""))
    return found[1].lower() if found else ""


def _says(words: str, host: str) -> bool:
    """Whether the words begin with the host they lead to. That it occurs somewhere in them is not enough."""
    named = _NAMED.match(words)
    return named is not None and named[1].lower() == host


def _host_note(host: str) -> list[Token]:
    text = Token("text", "", 0, content=f" ({host})")
    return [Token("host_open", "span", 1, attrs={"class": "host"}), text, Token("host_close", "span", -1)]


def _configured() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    markdown.enable(["table", "strikethrough"]).disable("image")
    markdown.validateLink = lambda url: bool(_HOST.match(url))  # type: ignore[method-assign]
    markdown.core.ruler.push("house", _plain)
    make_friendly(markdown)
    show_formulas(markdown)
    return markdown


_markdown = _configured()
