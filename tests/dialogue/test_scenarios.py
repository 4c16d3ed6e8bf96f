"""Every scenario that is shipped: well made, and talked through to its end."""

from __future__ import annotations

import random
import time

import pytest

from tests.dialogue.talks import BUDGET, PRESET, garden
from tutor.dialogue import languages, styles
from tutor.dialogue.checks import validate
from tutor.dialogue.guided import GuidedDialogue, as_written, system_prompt
from tutor.dialogue.scenario import Scenario, load, shipped
from tutor.dialogue.selection import progress_of
from tutor.dialogue.types import TalkContext, Utterance
from tutor.dialogue.window import tokens

SHIPPED = sorted(shipped())
ODDITIES = ("asdf", "???", "Sí", "gracias", "merci", "thank you", "danke", "Привет", "7", "I don't know", "no")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "scenario" in metafunc.fixturenames:
        metafunc.parametrize("scenario", [shipped()[key] for key in SHIPPED], ids=["-".join(k) for k in SHIPPED])


def test_three_for_each_language() -> None:
    assert set(languages(guided=True)) >= {"de", "en", "es", "fr"}
    for language in ("de", "en", "es", "fr"):
        keys = {style.key for style in styles(guided=True, language=language)}
        assert keys >= {"acquaintance", "market", "weekend"}


def test_it_is_well_made(scenario: Scenario) -> None:
    assert validate(scenario) == []
    conditions = [line for line in scenario.lines() if line.after or line.settled_by]
    assert len(conditions) >= 10


def test_its_prompt_leaves_room_for_the_talk(scenario: Scenario) -> None:
    assert tokens(system_prompt(scenario)) <= 1300


def test_a_wrong_scenario_is_told_what_is_wrong() -> None:
    problems = validate(garden())
    assert "openers: 2, at least 4 are needed" in problems
    wrong = garden().model_copy(update={"endings": ("¿Ya?", "¿Ya? ¡No!", "Tutor: {x}")})
    found = "\n".join(validate(wrong))
    for words in ("is contained in", "does not ask", "a brace", "names a role"):
        assert words in found


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="extra"):
        load('colour = "red"')


def learner_words(scenario: Scenario, dice: random.Random) -> str:
    """Anything a learner might write: often the words of the scenario itself, so that patterns match."""
    if dice.random() < 0.15:
        return dice.choice(ODDITIES)
    lines = [line.text for line in scenario.lines()]
    return " ".join(dice.sample(lines, dice.choice((1, 1, 2))))


def talked(scenario: Scenario, seed: int, turns: int) -> TalkContext:
    """A talk in which the model throws dice among the lines it is offered."""
    dice, dialogue = random.Random(seed), GuidedDialogue(scenario)
    talk = TalkContext(scenario.language, "en", "A2", scenario.key, 1, seed, ())
    said = [Utterance("tutor", dialogue.opener(talk))]
    for _ in range(turns):
        said.append(Utterance("learner", learner_words(scenario, dice)))
        talk = TalkContext(scenario.language, "en", "A2", scenario.key, 1, seed, tuple(said))
        asked = dialogue.request(talk, BUDGET, PRESET)
        assert asked.format is not None
        fields = asked.format["properties"]
        assert fields
        assert all(field["enum"] for field in fields.values())
        said.append(Utterance("tutor", " ".join(dice.choice(field["enum"]) for field in fields.values())))
        talk = TalkContext(scenario.language, "en", "A2", scenario.key, 1, seed, tuple(said))
        if dialogue.ended(talk):
            break
    return talk


@pytest.mark.parametrize("seed", range(8))
def test_no_line_twice_and_no_dead_end(scenario: Scenario, seed: int) -> None:
    talk = talked(scenario, seed, 60)
    assert GuidedDialogue(scenario).ended(talk)
    told = [said.text for said in talk.utterances if said.speaker == "tutor"]
    for text in scenario.texts():
        assert sum(message.count(text) for message in told) <= 1
    for message in told:
        left = message
        for text in sorted(scenario.texts(), key=len, reverse=True):
            left = left.replace(text, "", 1)
        assert not left.strip()


def test_a_talk_of_twelve_turns_has_room(scenario: Scenario) -> None:
    """Short of its goals a talk goes on: nothing but "yes" for twelve turns never runs dry."""
    dialogue = GuidedDialogue(scenario)
    said = [Utterance("tutor", scenario.openers[0])]
    for _ in range(12):
        said.append(Utterance("learner", "OK"))
        asked = dialogue.request(
            TalkContext(scenario.language, "en", "A2", scenario.key, 1, 0, tuple(said)), BUDGET, PRESET
        )
        assert asked.format is not None
        fields = asked.format["properties"]
        assert set(fields) == {"reaction", "question"}
        said.append(Utterance("tutor", " ".join(field["enum"][0] for field in fields.values())))


ASKING_BACK = {
    "de": ("Und du?", "und du", "Und du, was hast du gemacht?"),
    "en": ("And you?", "what about you", "And you, what are your plans?"),
    "es": ("¿Y tú?", "y usted", "¿Y tú, qué planes tienes?"),
    "fr": ("Et toi ?", "et vous", "Et toi, qu'est-ce que tu vas faire ?"),
}
FOLLOWING_AN_ANSWER = {"q_travel_what", "q_film_about", "q_next_day"}


def questions_after(scenario: Scenario, asked: str, words: str) -> tuple[str, ...]:
    """What may be asked of a learner who says `words` to the line named `asked`."""
    texts = {line.id: line.text for line in scenario.lines()}
    said = (Utterance("learner", "Hm."), Utterance("tutor", f"{scenario.reactions[-1].text} {texts[asked]}"))
    whole = (Utterance("tutor", scenario.openers[0]), *said, Utterance("learner", words))
    return (
        progress_of(scenario, TalkContext(scenario.language, "en", "A2", scenario.key, 1, 0, whole)).choice().questions
    )


def test_who_only_asks_back_has_given_no_answer_to_build_on(scenario: Scenario) -> None:
    for line in (line for line in scenario.questions if line.said_last):
        for asked in line.said:
            for words in ASKING_BACK[scenario.language]:
                assert line.text not in questions_after(scenario, asked, words), (line.id, words)
            if line.id in FOLLOWING_AN_ANSWER:
                assert line.text in questions_after(scenario, asked, "Japan")


LONGEST = 8_000


def processor_s(scenario: Scenario, piece: str) -> float:
    """What it takes to find the lines for the longest message there may be; the best of three."""
    words = (piece * LONGEST)[: LONGEST - 1] + "a"
    said = (Utterance("tutor", scenario.openers[0]), Utterance("learner", words))
    talk = TalkContext(scenario.language, "it", "A2", scenario.key, 1, 0, said)
    took = []
    for _ in range(3):
        began = time.process_time()
        progress_of(scenario, talk).choice()
        took.append(time.process_time() - began)
    return min(took)


def test_no_message_takes_much_longer_than_plain_words(scenario: Scenario) -> None:
    """Nobody's message may hold up the whole house: the lines are found where everybody's replies are written."""
    plain_s = processor_s(scenario, "lorem ipsum ")
    for piece in ("?", "!", "¿? ", "a? ", "a! ! ! ", "tienes ", "j'ai ", "have ", "habe "):
        assert processor_s(scenario, piece) < 8 * plain_s + 0.02, piece


def test_the_models_own_words_stay_a_prefix(scenario: Scenario) -> None:
    reaction, question = scenario.reactions[0].text, scenario.questions[0].text
    written = as_written(scenario, f"{reaction} {question}")
    assert written == f'{{"reaction":"{reaction}","question":"{question}"}}'
