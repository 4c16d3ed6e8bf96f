"""Every scenario that is shipped: well made, and talked through to its end."""

from __future__ import annotations

import random
import time

import pytest

from tests.dialogue.talks import garden
from tutor.dialogue import languages
from tutor.dialogue.checks import validate
from tutor.dialogue.guided import GuidedDialogue, system_prompt
from tutor.dialogue.scenario_files import shipped
from tutor.dialogue.selection import ScenarioProgress
from tutor.dialogue.types import TalkContext, Utterance
from tutor.dialogue.window import tokens

HELD = [GuidedDialogue(one, language) for one in shipped().values() for language in one.lines]
ODDITIES = (
    "asdf",
    "???",
    "Sí",
    "sim",
    "gracias",
    "merci",
    "thank you",
    "danke",
    "Привет",
    "7",
    "I don't know",
    "no",
    "oui",
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "held" in metafunc.fixturenames:
        metafunc.parametrize("held", HELD, ids=[f"{one.scenario.key}-{one.language}" for one in HELD])


FOUR = {"de", "en", "es", "fr"}
WRITTEN = {
    "acquaintance": FOUR | {"it", "ja", "pt"},
    "day": FOUR,
    "home": FOUR,
    "market": FOUR | {"it", "ja", "pt"},
    "restaurant": FOUR | {"it", "ja", "pt"},
    "town": FOUR,
    "travel": FOUR,
    "weekend": FOUR | {"it", "ja", "pt"},
}


def test_each_is_there_in_its_languages() -> None:
    assert {key: set(one.lines) for key, one in shipped().items() if one.lines} == WRITTEN
    assert set(languages(guided=True)) == set().union(*WRITTEN.values())


def test_they_are_well_made() -> None:
    assert {key: problems for key, one in shipped().items() if (problems := validate(one))} == {}


def test_the_same_moves_are_made_in_every_language() -> None:
    for one in shipped().values():
        assert len({tuple(move.id for move in lines.moves) for lines in one.lines.values()}) <= 1


def test_its_prompt_leaves_room_for_the_talk(held: GuidedDialogue) -> None:
    assert tokens(system_prompt(held.lines)) <= 600


def test_a_wrong_scenario_is_told_what_is_wrong() -> None:
    assert "es: moves: 5, at least 12 are needed" in validate(garden())
    lines = garden().lines["es"]
    wrong = lines.model_copy(update={"endings": ("¿Ya?", "Tutor: {x}", "Vale.", "Vale. Adiós.")})
    found = "\n".join(validate(garden().model_copy(update={"lines": {"es": wrong}})))
    for words in ("is contained in", "asks; only a move does", "a brace"):
        assert words in found


def said_so_far(held: GuidedDialogue, said: list[Utterance], seed: int, level: str = "A2") -> TalkContext:
    return TalkContext(held.language, "it", level, held.scenario.key, 3, seed, tuple(said))


def learner_words(held: GuidedDialogue, dice: random.Random) -> str:
    """Anything a learner might write: often one of the answers that the scenario itself suggests."""
    if dice.random() < 0.25:
        return dice.choice(ODDITIES)
    return dice.choice(dice.choice(held.lines.moves).answers).replace("___", "Max")


def talked(held: GuidedDialogue, seed: int, turns: int) -> list[Utterance]:
    """A talk in which the model throws dice among the replies it is offered."""
    dice = random.Random(seed)
    said = [Utterance("tutor", held.opener(said_so_far(held, [], seed)))]
    for _ in range(turns):
        said.append(Utterance("learner", learner_words(held, dice)))
        said.append(Utterance("tutor", dice.choice(held.replies(said_so_far(held, said, seed)))))
        if held.ended(said_so_far(held, said, seed)):
            break
    return said


@pytest.mark.parametrize("seed", range(4))
def test_no_reaction_twice_and_no_dead_end(held: GuidedDialogue, seed: int) -> None:
    said = talked(held, seed, 60)
    assert held.ended(said_so_far(held, said, seed))
    told = [one.text for one in said if one.speaker == "tutor"]
    once = [text for reaction in held.lines.reactions for text in reaction.say]
    for text in once + [move.me for move in held.lines.moves if move.me]:
        assert sum(f" {text} " in f" {message} " for message in told) <= 1, text


def test_a_talk_of_eight_turns_has_room(held: GuidedDialogue) -> None:
    """Short of its goals a talk goes on: nothing but a name for eight turns never runs dry."""
    said = [Utterance("tutor", held.opener(said_so_far(held, [], 0)))]
    for _ in range(8):
        said.append(Utterance("learner", "Max"))
        progress = ScenarioProgress(held.scenario, held.lines, said_so_far(held, said, 0))
        assert progress.choice().questions
        said.append(Utterance("tutor", held.replies(said_so_far(held, said, 0))[0]))


@pytest.mark.parametrize("level", ["A1", "A2", "B1"])
def test_a_suggested_answer_is_heard_as_an_answer(held: GuidedDialogue, level: str) -> None:
    """Whoever takes one of the three answers is never told that it was not understood, nor that the talk is over."""
    for move in held.lines.moves:
        for answer in move.answers:
            said = [Utterance("tutor", f"Ok. {move.at(level)}"), Utterance("learner", answer.replace("___", "Max"))]
            progress = ScenarioProgress(held.scenario, held.lines, said_so_far(held, said, 0, level))
            assert progress.intent.kind in {"answer", "question"}, (move.id, answer, progress.intent)


LONGEST = 8_000


def test_no_message_takes_long(held: GuidedDialogue) -> None:
    """Nobody's message may hold up the whole house: the lines are found where everybody's replies are written."""
    for piece in ("?", "a? ", "tienes ", "j'ai ", "habe ", "lorem ipsum "):
        took = []
        for number in range(3):
            words = (piece * LONGEST)[: LONGEST - 1] + str(number)
            said = [Utterance("tutor", held.opener(said_so_far(held, [], 0))), Utterance("learner", words)]
            began = time.process_time()
            held.replies(said_so_far(held, said, 0))
            took.append(time.process_time() - began)
        assert min(took) < 0.5, piece
