"""A reply in another language is noticed by code; quotations, translations and help that was asked for are not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import tutor.dialogue
from tutor.dialogue.language_check import base, other_language, wants_own_language
from tutor.dialogue.language_check.scripts import scripts_of
from tutor.dialogue.scenario_files import shipped

OPENERS = {
    file.stem: [line for lines in tomllib.loads(file.read_text(encoding="utf-8")).values() for line in lines]
    for file in (Path(tutor.dialogue.__file__).parent / "openers").glob("*.toml")
}
LANGUAGES = sorted(OPENERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_opener_sounds_foreign(language: str) -> None:
    for line in OPENERS[language]:
        assert other_language(line, language) == ""
        assert other_language(line, language, whole=False) == ""


def test_no_authored_line_sounds_foreign() -> None:
    for scenario in shipped().values():
        for language, lines in scenario.lines.items():
            for line in lines.texts():
                assert other_language(line, language) == "", line


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_english_is_noticed_in_every_studied_language(language: str) -> None:
    for line in OPENERS["en"]:
        assert other_language(line, language) == "en", line


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_most_of_every_language_is_noticed_in_every_other(spoken: str) -> None:
    """Short openers are the hardest; of nearly related languages about half are told apart."""
    for studied in LANGUAGES:
        if base(studied) == base(spoken):
            continue
        noticed = sum(bool(other_language(line, studied)) for line in OPENERS[spoken])
        assert noticed * 5 >= len(OPENERS[spoken]) * 2, studied
        if scripts_of(base(studied)) != scripts_of(base(spoken)):
            assert noticed * 10 >= len(OPENERS[spoken]) * 6, studied


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¡Muy bien! «I went to the market» se dice «fui al mercado».", "es"),
        ('«Perro» means "the dog that you have in the house" en inglés.', "es"),
        ("¡Hola!", "es"),
        ("OK", "es"),
        ("¡Genial! ¿Te gusta The Lord of the Rings?", "es"),
        ("`the a an and is` es una lista.", "es"),
        ("😀😀", "es"),
        ("私はLondonとNew Yorkが好きです。", "ja"),
        ("了解。", "ja"),
        ("我喜欢 pizza 和 hamburger。", "zh-Hans"),
        ("Iphone и Android — это телефоны.", "ru"),
        ("Das ist toll! Was machst du am Wochenende?", "de-AT"),
        ("Ein Text auf Deutsch.", "eu"),
    ],
)
def test_what_a_tutor_may_say_is_not_noticed(text: str, language: str) -> None:
    assert other_language(text, language) == ""


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Hello! How are you today?", "es", "en"),
        ("That sounds great! What do you like to eat for breakfast?", "es", "en"),
        ("你好！你今天过得怎么样？", "es", "zh"),
        ("你好！你今天过得怎么样？我很好。", "ja", "zh"),
        ("こんにちは！今日はどうですか？", "zh-Hans", "ja"),
        ("Привет! Как у тебя дела сегодня?", "uk", "ru"),
        ("Olá! Você gosta de comer pão com queijo hoje?", "es", "pt"),
        ("Guten Tag! Wie geht es dir und was machst du heute?", "nl", "de"),
    ],
)
def test_another_language_is_noticed(text: str, language: str, found: str) -> None:
    assert other_language(text, language) == found
    assert other_language(text, language, allowed={found}) == ""


def test_the_first_words_have_to_be_clear() -> None:
    assert other_language("Hello! How are you?", "es", whole=False) == ""
    assert other_language("Hello! How are you, and what did you do today?", "es", whole=False) == "en"
    assert other_language("Oh, that is nice! ¿Y qué hiciste en la playa?", "es", whole=False) == ""


@pytest.mark.parametrize(
    ("message", "own", "wants"),
    [
        ("Can you say it in English?", "en", True),
        ("¿Puedes decirlo en inglés?", "en", True),
        ("en ingles por favor", "en", True),
        ("what does gata mean?", "en", True),
        ("no entiendo nada", "en", True),
        ("I don't understand", "en", True),
        ("Kannst du das auf Deutsch sagen?", "de", True),
        ("¿Qué significa «gata»?", "de", True),
        ("英語で言ってください", "en", True),
        ("日本語でお願いします", "ja", True),
        ("可以用中文说吗？", "zh-Hans", True),
        ("Tengo un perro y un gato.", "en", False),
        ("I went to the cinema yesterday.", "en", False),
        ("Hola", "eu", False),
    ],
)
def test_a_wish_for_the_own_language_is_heard(message: str, own: str, wants: bool) -> None:
    assert wants_own_language(["Hola", message], own) is wants
    assert wants_own_language([message, "uno", "dos"], own) is False
