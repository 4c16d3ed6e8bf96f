"""Which lines are offered at each moment of a talk."""

from __future__ import annotations

import pytest

from tests.dialogue.talks import garden, talk
from tutor.dialogue.selection import Choice, progress_of

HELLO = "¡Hola! Soy Rosa. ¿Te gustan las plantas?"


def choice(*words: str, own_language: str = "en", seed: int = 0) -> Choice:
    return progress_of(garden(), talk(HELLO, *words, own_language=own_language, seed=seed)).choice()


def test_at_first_everything_without_a_condition_is_open() -> None:
    first = choice("Sí, mucho.")
    assert first.reactions == ("Ya veo.", "¡Qué bien!", "Claro que sí.")
    assert first.questions == (
        "¿Cuándo riegas las plantas?",
        "¿Hay mucho sol en tu casa?",
        "¿Tienes algún árbol?",
    )


def test_what_was_said_is_not_offered_again() -> None:
    later = choice("Sí.", "Ya veo. ¿Hay mucho sol en tu casa?", "Bastante sol.")
    assert "Ya veo." not in later.reactions
    assert "¿Hay mucho sol en tu casa?" not in later.questions


def test_a_line_waits_for_what_the_learner_says_and_then_goes_first() -> None:
    roses = choice("Tengo una rosa.")
    assert roses.reactions == ("Las rosas son mis favoritas.",)
    assert roses.questions == ("¿De qué color son tus rosas?",)


def test_only_last_forgets_and_the_other_kind_remembers() -> None:
    later = choice("Tengo rosas.", "¡Qué bien! ¿Tienes algún árbol?", "No.")
    assert "Las rosas son mis favoritas." not in later.reactions
    assert later.questions == ("¿De qué color son tus rosas?",)


def test_what_the_learner_has_told_is_not_asked() -> None:
    assert choice("Tengo rosas rojas.").questions[0] == "¿Cuándo riegas las plantas?"
    assert "¿Cuándo riegas las plantas?" not in choice("Riego por la mañana.").questions


def test_a_line_follows_another_line_only_at_once() -> None:
    tree = "Ya veo. ¿Tienes algún árbol?"
    assert choice("Sí.", tree, "Sí, un manzano.").questions == ("¿Da fruta ese árbol?",)
    late = choice("Sí.", tree, "Sí.", "¡Qué bien! ¿Hay mucho sol en tu casa?", "Mucho.")
    assert "¿Da fruta ese árbol?" not in late.questions


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("adiós, Rosa", "¡Adiós y buen día!"),
        ("No sé cómo se llama", "Dilo con palabras fáciles."),
        ("asdfgh", "Perdona, ¿cómo dices?"),
        ("???", "Perdona, ¿cómo dices?"),
        ("I have a garden with my sister", "Prueba en español, por favor."),
        ("Привет, как дела", "Prueba en español, por favor."),
    ],
)
def test_special_moments_leave_one_line(words: str, answer: str) -> None:
    assert choice(words) == Choice((answer,))


def test_after_thanks_the_talk_goes_on() -> None:
    thanked = choice("¡Gracias!")
    assert thanked.reactions == ("¡De nada!",)
    assert len(thanked.questions) == 3


def test_a_special_that_was_said_gives_way_to_another_line() -> None:
    assert choice("asdf", "Perdona, ¿cómo dices?", "qwert").reactions == ("No te entiendo bien.",)
    used_up = choice("asdf", "Perdona, ¿cómo dices?", "qwert", "No te entiendo bien.", "xcvb")
    assert used_up.questions


TURNS = ("Sí.", "Ya veo. ¿Hay mucho sol en tu casa?", "Sí.", "¡Qué bien! ¿Tienes algún árbol?")


def test_an_ending_comes_when_the_goals_are_met_and_not_before() -> None:
    assert choice("Tengo tomates.").questions
    assert choice(*TURNS, "No, pero tomates sí.") == Choice(("Ha sido un placer. ¡Hasta otra!",))
    assert choice(*TURNS, "No, pero tomates sí.", seed=1) == Choice(("Me voy a regar. ¡Hasta pronto!",))


def test_a_learner_who_asks_is_answered_before_the_end() -> None:
    assert choice(*TURNS, "No. ¿Tú comes tomates?").reactions == ("Buena pregunta.",)


def test_an_ending_comes_when_the_lines_run_out() -> None:
    spent = (*TURNS, "No.", "Claro que sí. ¿Cuándo riegas las plantas?", "Nunca.")
    assert choice(*spent).reactions == ("Ha sido un placer. ¡Hasta otra!",)


def test_after_the_end_only_farewells() -> None:
    over = progress_of(garden(), talk(HELLO, "Sí.", "Ha sido un placer. ¡Hasta otra!", "¿Y ahora?"))
    assert over.ended()
    assert over.choice() == Choice(("¡Adiós y buen día!",))


def test_a_goodbye_ends_the_talk() -> None:
    assert progress_of(garden(), talk(HELLO, "adiós", "¡Adiós y buen día!")).ended()
    assert not progress_of(garden(), talk(HELLO, "adiós")).ended()


def test_goals_are_told() -> None:
    assert progress_of(garden(), talk(HELLO, "Tomates.")).goals_met() == ("plant",)
    assert progress_of(garden(), talk(HELLO, "Nada.")).goals_met() == ()


def test_only_lines_that_complete_what_is_shown() -> None:
    full = choice("Sí, mucho.")
    assert full.completing("") == full
    assert full.completing("Ya v").reactions == ("Ya veo.",)
    assert full.completing("Ya veo.") == Choice(("Ya veo.",), full.questions)
    assert full.completing("Ya veo. ¿Hay") == Choice(("Ya veo.",), ("¿Hay mucho sol en tu casa?",))
    assert not full.completing("Ya veo. Nada")
    assert not full.completing("Otra cosa")
