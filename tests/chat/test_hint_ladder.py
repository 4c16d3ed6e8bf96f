"""Hints never tell the answer before it is asked for: 1,000 findings, in frame and page, at every rung."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from tutor.chat.presenters import card_view
from tutor.chat.protocol import Correction
from tutor.conversations.models import Card, CardKind, Conversation, Turn
from tutor.dialogue.corrections import Finding, edits_between, explained_languages, next_rung, with_neighbours
from tutor.dialogue.corrections.kinds import KINDS

SETS = Path(__file__).parents[1] / "bench" / "corrections"
CASES = 1_000
BEFORE_THE_ANSWER = ("where", "kind")


def wrong_sentences() -> list[tuple[str, str, str]]:
    """Language, what was written and what is right, of every sentence that the bench has."""
    lines = [(file.stem, line) for file in sorted(SETS.rglob("*.tsv")) for line in file.read_text("utf-8").splitlines()]
    rows = [(language, *line.split("\t")[:2]) for language, line in lines]
    return [(row[0], row[1], row[2].partition("|")[0]) for row in rows if len(row) == 3 and row[1][:1] != "#"]


def cases() -> Iterator[tuple[str, str, str, Finding]]:
    """Own language, studied language, message and one finding in it."""
    chance = random.Random(43)
    sentences, own = wrong_sentences(), sorted(explained_languages())
    while True:
        language, wrong, right = chance.choice(sentences)
        if edits := edits_between(wrong, right):
            edit, kind = chance.choice(edits), chance.choice(sorted(KINDS))
            decides = chance.choice(wrong.split())
            place = (edit.start, edit.end, edit.old, edit.new)
            found = Finding(*place, "sure", kind, ("rule",), reason=decides.strip(".,;:!?¿¡"))
            yield chance.choice(own), language, wrong, with_neighbours(wrong, found)


def beside(own: str, language: str, text: str, finding: Finding, rung: str) -> tuple[Turn, Card]:
    turn = Turn(conversation=Conversation(language=language, own_language=own, level="B1"), text=text)
    row = {name: getattr(finding, name) for name in ("start", "end", "old", "new", "certainty", "kind", "reason")}
    body: dict[str, Any] = {"findings": [row | {"witnesses": ["rule"], "rung": rung, "disputed": False}]}
    return turn, Card(turn=turn, kind=CardKind.CORRECTION, state="done", body=body)


def tells(words: str, answer: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", words, re.IGNORECASE) is not None


def seen(own: str, language: str, text: str, finding: Finding, rung: str) -> str:
    """All that reaches the browser by either way, but for what the learner wrote themselves."""
    turn, card = beside(own, language, text, finding, rung)
    view = card_view(card, turn)
    assert isinstance(view.body, Correction)
    about = {"finding": view.body.findings[0], "conversation": turn.conversation}
    page = str(render_to_string("chat/cards/finding.html", about))
    frame = view.model_dump_json(
        include={"body": {"findings": {"__all__": {"name", "why", "witness", "choices", "answer"}}}}
    )
    for own_words in (finding.old, text):
        page = page.replace(own_words, "")
    return re.sub(r"<[^>]*>", " ", page.replace("better:", "")) + frame


def test_the_answer_is_nowhere_before_it_is_asked_for() -> None:
    tried = 0
    for own, language, text, finding in cases():
        if not any(map(str.isalpha, finding.new)) or tells(text, finding.new):
            continue  # what the learner wrote elsewhere in the message tells them nothing new
        for rung in BEFORE_THE_ANSWER:
            words = seen(own, language, text, finding, rung)
            assert not tells(words, finding.new), (own, language, finding, rung, words)
        at_the_end = seen(own, language, text, finding, "answer")
        assert tells(at_the_end, finding.new), (finding, at_the_end)
        tried += 1
        if tried == CASES:
            return


def test_two_choices_show_both_and_not_which() -> None:
    """The right one stands first as often as last, and nothing else about it is told."""
    first = 0
    for tried, (own, language, text, finding) in enumerate(cases(), 1):
        turn, card = beside(own, language, text, finding, "choices")
        body = card_view(card, turn).body
        assert isinstance(body, Correction)
        (shown,) = body.findings
        assert shown.answer is None
        assert set(shown.choices) == {finding.old or "–", finding.new or "–"}
        first += shown.choices[0] == (finding.new or "–")
        if tried == CASES:
            break
    assert 0.4 * CASES < first < 0.6 * CASES


def test_a_place_without_an_answer_stays_on_its_rung() -> None:
    for _, (_own, _language, _text, finding) in zip(range(50), cases(), strict=False):
        place = Finding(finding.start, finding.end, finding.old, "", "place", "", ("probability",))
        assert next_rung(place, "where") == "where"
