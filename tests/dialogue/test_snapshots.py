"""The words that go to a model are looked at by people: a change of them is seen, and is a new version."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import tutor.dialogue
from tests.dialogue.snapshot import assert_matches, written
from tests.dialogue.talks import BUDGET, PRESET, garden, talk
from tutor.dialogue import prompts
from tutor.dialogue.free import FreeDialogue
from tutor.dialogue.guided import GuidedDialogue

PROMPTS = Path(tutor.dialogue.__file__).parent / "prompts"


@pytest.mark.parametrize("style", ["patient", "children", "market", "restaurant", "town", "free"])
def test_free_requests(style: str) -> None:
    so_far = talk("¡Hola! ¿Qué tal?", "Bien. Yo soy cansado.", style=style, goal="Talk with my\nneighbours")
    assert_matches(f"free-{style}", written(FreeDialogue(style).request(so_far, BUDGET, PRESET)))


def test_a_longer_free_talk_with_its_reminder() -> None:
    words = ["Hallo! Wie geht es dir heute?"]
    for turn in range(1, 6):
        words += [f"Learner {turn}.", f"Tutor {turn}?"]
    so_far = talk(*words[:-1], language="de", own_language="ja", level="B1")
    assert_matches("free-longer", written(FreeDialogue("patient").request(so_far, BUDGET, PRESET)))


def test_a_guided_request() -> None:
    so_far = talk("¡Buenas! ¿Tienes jardín?", "Sí.", "Ya veo. ¿Tienes algún árbol?", "Sí, un manzano.")
    request = GuidedDialogue(garden()).request(so_far, BUDGET, PRESET)
    assert_matches("guided", written(request))


def test_a_guided_continuation() -> None:
    so_far = talk("¡Buenas! ¿Tienes jardín?", "Sí.")
    request = GuidedDialogue(garden()).continuation(so_far, "Claro que sí. ¿Cu", BUDGET, PRESET)
    assert_matches("guided-continuation", written(request))


@pytest.mark.parametrize(("kind", "version"), [("free", prompts.FREE_VERSION), ("guided", prompts.GUIDED_VERSION)])
def test_other_words_are_another_version(kind: str, version: int) -> None:
    files = sorted((PROMPTS / kind).glob("*.txt"))
    words = "".join(f"{file.name}\n{file.read_text(encoding='utf-8')}" for file in files)
    digest = hashlib.sha256(words.encode()).hexdigest()
    assert_matches(f"version-{kind}-{version}", digest + "\n")
