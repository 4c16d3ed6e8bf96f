"""The example of the second document that searches the web: what ollama.com finds, and who is told the key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.ollama.expectations.expected import Expected, chat, user
from tests.ollama.running import Seen
from tutor.ollama.testing import Say
from tutor.ollama.testing.wire import json_reply

CHAT, SEARCH, FETCH = "/api/chat", "/api/web_search", "/api/web_fetch"
KEY = {"authorization": "Bearer your_api_key"}
FOUND = {
    "results": [
        {"title": "Ollama's blog", "url": "https://ollama.com/blog", "content": "News."},
        {"title": "Release notes", "url": "https://github.com/ollama/ollama/releases", "content": "n" * 150},
    ]
}
FETCHED = {"title": "Example Domain", "content": "e" * 250, "links": ["https://www.iana.org/domains/example"]}
QUERY = {"type": "string", "description": "What to search for."}
PAGES = {"type": "integer", "description": "How many pages to return at most.", "default": 3}
ADDRESS = {"type": "string", "description": "The address of the page."}


def to_ollama(path: str, **body: object) -> Seen:
    return Seen(f"POST https://ollama.com{path}", body, KEY)


def web_tool(name: str, description: str, required: str, **properties: Any) -> dict[str, Any]:
    parameters = {"type": "object", "required": [required], "properties": properties}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


WEB_TOOLS = [
    web_tool("web_search", "Search the web.", "query", query=QUERY, max_results=PAGES),
    web_tool("web_fetch", "Read one page of the web.", "url", url=ADDRESS),
]
EXPECTED = {
    "ex19_web_search_and_fetch": Expected(
        secure_answers=[(SEARCH, json_reply(FOUND)), (FETCH, json_reply(FETCHED)), (SEARCH, json_reply(FOUND))],
        answers=[
            (
                CHAT,
                Say(
                    [],
                    thinking=["I had better look."],
                    tool_calls=[{"function": {"name": "web_search", "arguments": {"query": "news about AI"}}}],
                ),
            )
        ],
        printed=(
            "Ollama's blog\nURL: https://ollama.com/blog\nContent: News.\n"
            f"Release notes\nURL: https://github.com/ollama/ollama/releases\nContent: {'n' * 100}\n"
            f"Title: Example Domain\nContent: {'e' * 200}\nLinks: ['https://www.iana.org/domains/example']\n"
            "News.\n"
        ),
        seen=[
            to_ollama(SEARCH, query="ollama new features", max_results=3),
            to_ollama(FETCH, url="https://example.com"),
            # The host that OLLAMA_HOST names is one that the key is for.
            replace(chat("qwen3", user("What is the latest news about AI?"), tools=WEB_TOOLS, think=True), headers=KEY),
            to_ollama(SEARCH, query="news about AI", max_results=3),
        ],
        beyond_published="it reads the key when it is imported, before the example sets it",
    ),
}
