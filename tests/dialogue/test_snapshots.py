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
from tutor.dialogue.scenario_files import shipped

PROMPTS = Path(tutor.dialogue.__file__).parent / "prompts"
SCENARIOS = PROMPTS.parent / "scenarios"


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
    so_far = talk("¡Hola! Soy Rosa. ¿Qué plantas te gustan?", "Las orquídeas.")
    request = GuidedDialogue(garden(), "es").request(so_far, BUDGET, PRESET)
    assert_matches("guided", written(request))


def test_a_guided_continuation() -> None:
    so_far = talk("¡Hola! Soy Rosa. ¿Qué plantas te gustan?", "Las orquídeas.")
    request = GuidedDialogue(garden(), "es").continuation(so_far, "Vale. ¿Ha", BUDGET, PRESET)
    assert_matches("guided-continuation", written(request))


@pytest.mark.parametrize("key", sorted(shipped()))
def test_another_word_in_a_scenario_is_another_version_of_it(key: str) -> None:
    """A conversation keeps the version it began with: lines that change get a new number. A language that is added
    does not: nobody has begun a talk in it."""
    files = sorted((SCENARIOS / key).glob("*.toml"))
    digests = (f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n" for file in files)
    assert_matches(f"scenario-{key}-{shipped()[key].version}", "".join(digests))


@pytest.mark.parametrize(("kind", "version"), [("free", prompts.FREE_VERSION), ("guided", prompts.GUIDED_VERSION)])
def test_other_words_are_another_version(kind: str, version: int) -> None:
    files = sorted((PROMPTS / kind).glob("*.txt"))
    words = "".join(f"{file.name}\n{file.read_text(encoding='utf-8')}" for file in files)
    digest = hashlib.sha256(words.encode()).hexdigest()
    assert_matches(f"version-{kind}-{version}", digest + "\n")
