"""LanguageTool as a witness, over a real socket: what counts of its words, and that nobody waits for it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.checkers.scripted import ScriptedLanguageTool, languagetool
from tutor.checkers import languagetool as asked
from tutor.checkers import objections, witnessed
from tutor.dialogue.corrections import Finding, Objection

SENTENCE = "Voy al parque con mi amiga simpático."


@pytest.fixture(autouse=True)
def nobody_was_silent() -> Iterator[None]:
    asked.silent_until.clear()
    yield
    asked.silent_until.clear()


@pytest.fixture
def there(settings: Any) -> Iterator[ScriptedLanguageTool]:
    with languagetool({"simpático": ("simpática",)}) as server:
        settings.LANGUAGETOOL_URL = server.url
        yield server


def possible(new: str = "simpática") -> Finding:
    start = SENTENCE.index("simpático")
    place = (start, start + len("simpático"), "simpático", new)
    return Finding(*place, "possible", "gender", ("probability", "generation"), 2.5)


def test_its_agreement_makes_sure(there: ScriptedLanguageTool) -> None:
    (found,) = witnessed("es", SENTENCE, [possible()])
    assert (found.certainty, found.witnesses) == ("sure", ("probability", "generation", "checker"))
    first = there.asked[0]
    assert (first["path"], first["language"], first["text"]) == ("/v2/check", "es", SENTENCE)
    assert {"TYPOGRAPHY", "STYLE", "CASING"} <= set(first["disabledCategories"].split(","))


def test_it_agrees_too_where_it_objects_no_more_once_it_is_put_right(there: ScriptedLanguageTool) -> None:
    there.words = {"simpático": ("simpáticos",)}
    assert witnessed("es", SENTENCE, [possible()])[0].certainty == "sure"
    there.words = {"simpático": ("simpáticos",), "simpatiquilla": ()}
    assert witnessed("es", SENTENCE, [possible("simpatiquilla")])[0].certainty == "possible"


def test_what_it_sees_alone_is_a_place_without_its_answer(there: ScriptedLanguageTool) -> None:
    (found,) = witnessed("es", SENTENCE, [])
    assert (found.old, found.new, found.certainty, found.witnesses) == ("simpático", "", "place", ("checker",))
    assert there.asked[1:] == []


def test_where_it_says_nothing_all_stays(there: ScriptedLanguageTool) -> None:
    there.words = {}
    assert witnessed("es", SENTENCE, [possible()]) == [possible()]


def test_places_are_counted_as_java_counts_them(there: ScriptedLanguageTool) -> None:
    sentence = f"🐶🐶 {SENTENCE}"
    (one,) = objections("es", sentence)
    assert sentence[one.start : one.end] == "simpático"


def test_a_name_that_it_does_not_know_is_no_mistake(settings: Any) -> None:
    with languagetool({"Patternist": ("Paternos",), "simpático": ()}, "TYPOS") as server:
        settings.LANGUAGETOOL_URL = server.url
        found = objections("es", "Soy Patternist y simpático.")
    assert [one.suggestions for one in found] == [()]


@pytest.mark.parametrize(("tag", "sent"), [("pt", "pt-BR"), ("pt-PT", "pt-PT"), ("en", "en-US"), ("de", "de-DE")])
def test_it_is_asked_for_the_right_kind_of_a_language(there: ScriptedLanguageTool, tag: str, sent: str) -> None:
    objections(tag, SENTENCE)
    assert there.asked[0]["language"] == sent
    objections("ja", "私は学生です。")
    assert len(there.asked) == 1


ODD = [(500, b"{}"), (200, b"no"), (200, b"[]"), (200, b'{"matches": [{}]}'), (302, b"")]


@pytest.mark.parametrize(("status", "body"), ODD)
def test_odd_answers_are_none(
    there: ScriptedLanguageTool, caplog: pytest.LogCaptureFixture, status: int, body: bytes
) -> None:
    there.status, there.body = status, body
    with caplog.at_level(logging.WARNING):
        assert witnessed("es", SENTENCE, [possible()]) == [possible()]
    assert "simpático" not in caplog.text
    assert objections("es", SENTENCE) == []
    assert len(there.asked) == 1, "whoever was silent is left alone for a while"


def test_nobody_waits_long_for_it(there: ScriptedLanguageTool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked.ask, "__defaults__", (0.2,))
    there.silent.set()
    began = time.monotonic()
    assert objections("es", SENTENCE) == []
    assert time.monotonic() - began < asked.TIMEOUT_S


def test_without_one_nobody_is_asked(settings: Any, tmp_path: Path) -> None:
    settings.LANGUAGETOOL_URL, settings.VAR_DIR = "", tmp_path
    assert asked.address() == ""
    assert objections("es", SENTENCE) == []
    settings.LANGUAGETOOL_URL = "http://127.0.0.1:1"
    assert objections("es", SENTENCE) == []


def test_the_one_that_runs_here_is_found_by_its_port_alone(settings: Any, tmp_path: Path) -> None:
    settings.LANGUAGETOOL_URL, settings.VAR_DIR = "", tmp_path
    asked.address_file().parent.mkdir()
    asked.address_file().write_text("8081")
    assert asked.address() == "http://127.0.0.1:8081"
    asked.address_file().write_text("school.example:80")
    assert asked.address() == ""


def test_an_objection_meets_what_lies_in_it() -> None:
    assert Objection(3, 6).meets(5, 9)
    assert not Objection(3, 6).meets(6, 9)
    assert Objection(3, 6).meets(4, 4)
