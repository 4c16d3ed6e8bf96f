"""What is found in learners' sentences: edits, rules, what a model's probabilities say, and what is shown of it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tutor.dialogue
from tutor.dialogue.corrections import (
    Deviation,
    Edit,
    Finding,
    applied,
    around,
    correction_language,
    correction_languages,
    deviations,
    edits_between,
    findings,
    sentences_of,
    with_neighbours,
    with_slips,
)
from tutor.dialogue.corrections.explanations import explained_languages, explanation, spoken_for
from tutor.dialogue.corrections.findings import Certainty, Witness
from tutor.dialogue.corrections.gate import by_rule
from tutor.dialogue.corrections.hints import RUNGS, Hint, first_rung, hint, next_rung, within_budget
from tutor.dialogue.corrections.kinds import KINDS
from tutor.dialogue.corrections.language import CorrectionLanguage

FORCED = Path(__file__).parent / "fixtures" / "chat_forced_copy.json"
LANGUAGES = correction_languages()


def known(language: str) -> CorrectionLanguage:
    found = correction_language(language)
    assert found is not None
    return found


def mended(sentence: str, found: list[Finding]) -> str:
    return applied(sentence, [Edit(one.start, one.end, one.old, one.new) for one in found])


def lines_of(language: str) -> list[str]:
    """Every line that a scenario's tutor and its learners say."""
    folder = Path(tutor.dialogue.__path__[0]) / "scenarios"
    files = [tomllib.loads(file.read_text("utf-8")) for file in folder.rglob(f"{language}.toml")]
    told = [file[part] for file in files for part in ("moves", "reactions") if part in file]
    return [re.sub(r"\{[^}]*\}", "X", line) for line in texts(told) if "+" not in line and "___" not in line]


def texts(told: object) -> Iterator[str]:
    """The strings in what a file says, but for names of topics."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for name, value in told.items():
            if name not in {"on", "asks", "goal", "goals", "en", "es", "words"}:
                yield from texts(value)
    elif isinstance(told, list):
        for value in told:
            yield from texts(value)


@dataclass
class Tok:
    token: str
    logprob: float
    top_logprobs: list[Tok] = field(default_factory=list)


def test_six_languages_can_be_corrected() -> None:
    assert LANGUAGES == ["de", "en", "es", "fr", "it", "pt"]
    assert correction_language("pt-BR") is correction_language("pt")
    assert correction_language("ja") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_mends_its_example_and_leaves_the_right_one(language: str) -> None:
    wrong = {
        rule.wrong: mended(rule.wrong, by_rule(rule.wrong, known(language)))
        for rule in known(language).rules
        if mended(rule.wrong, by_rule(rule.wrong, known(language))) != rule.right
    }
    touched = [rule.right for rule in known(language).rules if by_rule(rule.right, known(language))]
    assert (wrong, touched) == ({}, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_for_the_model_are_themselves_right(language: str) -> None:
    assert [right for _, right in known(language).examples if by_rule(right, known(language))] == []
    assert len(known(language).examples) == 10


@pytest.mark.parametrize(
    ("source", "corrected", "edits"),
    [
        ("Yo tiene un perro.", "Yo tengo un perro.", [("tiene", "tengo")]),
        ("Voy ir a la playa.", "Voy a ir a la playa.", [("", "a")]),
        ("Tengo un rojo coche.", "Tengo un coche rojo.", [("rojo coche", "coche rojo")]),
        ("Vamos a el parque.", "Vamos al parque.", [("a el", "al")]),
        ("Je aime le fromage.", "J'aime le fromage.", [("Je", "J'")]),
        ("Todo bien.", "Todo bien.", []),
    ],
)
def test_edits_are_the_smallest(source: str, corrected: str, edits: list[tuple[str, str]]) -> None:
    found = edits_between(source, corrected)
    assert [(one.old, one.new) for one in found] == edits
    assert applied(source, found) == corrected


WORDS = st.lists(st.sampled_from(["yo", "tengo", "un", "una", "perro", "casa", "no", "a", "la", "playa"]), max_size=8)


@given(WORDS, WORDS)
def test_edits_turn_the_one_into_the_other(old: list[str], new: list[str]) -> None:
    source, corrected = " ".join(old), " ".join(new)
    found = edits_between(source, corrected)
    assert applied(source, found).split() == corrected.split()
    assert all(source[one.start : one.end] == one.old for one in found)


@pytest.mark.parametrize(
    ("language", "sentence", "right"),
    [
        ("es", "Yo fue al cine con mi amigo", "Yo fui al cine con mi amigo"),
        ("es", "La pan es bueno", "El pan es bueno"),
        ("es", "voy ir a la playa", "voy a ir a la playa"),
        ("es", "Mis amigos vive cerca de mi casa.", "Mis amigos viven cerca de mi casa."),
        ("es", "Ayer veo a mi abuela.", "Ayer vi a mi abuela."),
        ("fr", "Mes parents travaille beaucoup.", "Mes parents travaillent beaucoup."),
        ("fr", "Je suis vingt ans.", "J'ai vingt ans."),
        ("fr", "La maison est petit.", "La maison est petite."),
        ("de", "Gestern ich habe gearbeitet.", "Gestern habe ich gearbeitet."),
        ("it", "Io va al mercato.", "Io vado al mercato."),
        ("pt", "Eu fala português.", "Eu falo português."),
        ("en", "She go to school.", "She goes to school."),
    ],
)
def test_what_beginners_write_is_mended_without_a_model(language: str, sentence: str, right: str) -> None:
    found = by_rule(sentence, known(language))
    assert mended(sentence, found) == right
    assert {one.certainty for one in found} == {"sure"}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("es", "El lunes trabajo en casa."),
        ("es", "Mi hermano y yo vivimos en Madrid."),
        ("es", "Los amigos de mi madre viven en Bristol."),
        ("es", "Voy con ella al cine y como con él."),
        ("fr", "Mon école est grande et mon amie aussi."),
        ("fr", "C'est toi qui as raison."),
        ("de", "Ich helfe der Frau und gehe mit dem Kind nach Hause."),
        ("en", "I saw him go to school and heard her speak."),
        ("it", "La mia sorella maggiore abita a Roma."),
        ("pt", "Os amigos da minha mãe moram em Lisboa."),
    ],
)
def test_what_is_right_is_left_alone(language: str, sentence: str) -> None:
    assert by_rule(sentence, known(language)) == []


def test_a_real_forced_copy_names_the_place_and_the_word() -> None:
    sentence = "Yo tiene un perro."
    rows = json.loads("".join(piece for _, piece in json.loads(FORCED.read_text())["chunks"]))["logprobs"]
    tops = [[Tok(one["token"], one["logprob"]) for one in row["top_logprobs"]] for row in rows]
    tokens = [Tok(row["token"], row["logprob"], top) for row, top in zip(rows, tops, strict=True)]
    found = max(deviations(sentence, tokens), key=lambda one: one.gap)
    assert (sentence[found.start :].strip().startswith("tiene"), found.wanted.strip()) == (True, "tengo")


def told(start: int, wanted: str, gap: float, rival: float = 5.0) -> Deviation:
    return Deviation(start, gap, wanted, rival)


def test_certainty_follows_the_margins() -> None:
    sentence, generated = "Busco el gafas aquí.", "Busco las gafas aquí."
    language = known("es")
    margins = language.margins_of("qwen2.5-coder:1.5b")
    for gap, certainty in (
        (margins.place - 0.1, None),
        (margins.possible, "possible"),
        (margins.sure - 0.01, "possible"),
        (margins.sure, "sure"),
    ):
        found = findings(
            sentence, language, model="qwen2.5-coder:1.5b", deviations=[told(6, " las", gap)], generated=generated
        )
        assert [one.certainty for one in found] == ([certainty] if certainty else []), gap


def test_two_answers_that_are_near_each_other_are_a_place() -> None:
    found = findings(
        "Busco el gafas aquí.",
        known("es"),
        deviations=[told(6, " las", 9, rival=0.5)],
        generated="Busco las gafas aquí.",
    )
    assert [(one.old, one.new, one.certainty) for one in found] == [("el", "", "place")]


def test_what_the_model_wrote_alone_is_never_shown() -> None:
    assert findings("Busco el gafas aquí.", known("es"), generated="Busco las gafas aquí.") == []


class Dictionary:
    def __init__(self, **near: list[str]) -> None:
        self.near = near

    def knows(self, word: str) -> bool:
        return word.lower() not in self.near

    def suggestions(self, word: str) -> list[str]:
        return self.near[word]


def test_a_name_is_no_misspelling() -> None:
    assert (
        findings("Vivo con Xochitl en Trenton.", known("es"), speller=Dictionary(Xochitl=[], Trenton=["Treinta"])) == []
    )


def test_a_misspelling_with_one_answer_is_sure_and_with_many_a_place() -> None:
    one = findings("Mi trabaho es duro.", known("es"), speller=Dictionary(trabaho=["trabajo"]))
    many = findings("Mi trabaho es duro.", known("es"), speller=Dictionary(trabaho=["trabajo", "trabado"]))
    assert [(f.new, f.certainty, f.kind) for f in one] == [("trabajo", "sure", "spelling")]
    assert [(f.new, f.certainty) for f in many] == [("", "place")]


def test_sentences_are_found_with_their_places() -> None:
    message = "Hola. Vivo con el Sr. Pérez. ¿Y tú qué haces hoy?"
    found = sentences_of(message)
    assert [one.text for one in found] == ["Vivo con el Sr. Pérez.", "¿Y tú qué haces hoy?"]
    assert all(message[one.start :].startswith(one.text) for one in found)


def finding(**given: object) -> Finding:
    one = Finding(3, 8, "tiene", "tengo", "sure", "verb-agreement", ("rule",))
    return replace(one, **given)  # type: ignore[arg-type]


WORD = st.text(alphabet="abcdeéñ", min_size=1, max_size=8)


@given(WORD, WORD, st.sampled_from(sorted(KINDS)), st.sampled_from(["sure", "possible", "place"]))
@settings(max_examples=1000)
def test_the_ladder_never_tells_before_its_time(old: str, new: str, kind: str, certainty: str) -> None:
    one = finding(old=old, new="" if certainty == "place" else new, kind=kind, certainty=certainty)
    assert hint(one, "where") == Hint("where")
    assert (hint(one, "kind").answer, hint(one, "kind").choices) == (None, ())
    if certainty == "place":
        assert {hint(one, rung).answer for rung in RUNGS} == {None}
        assert next_rung(one, "where") == "where"
    else:
        assert set(hint(one, "choices").choices) == {old, new}
        assert hint(one, "answer").answer == new


def test_beginners_are_told_and_others_look_again_first() -> None:
    assert [first_rung(finding(), level) for level in ("A1", "A2", "B1", "C2")] == [
        "answer",
        "answer",
        "where",
        "where",
    ]
    assert first_rung(finding(certainty="place", new=""), "A1") == "where"
    assert [next_rung(finding(), rung) for rung in RUNGS] == ["kind", "choices", "answer", "answer"]


def test_a_message_brings_no_more_than_is_read() -> None:
    many = [
        finding(start=n, end=n + 1, certainty=c) for n, c in enumerate(["place", "possible", "sure", "sure", "sure"])
    ]
    assert [one.start for one in within_budget(many, "A1")] == [2]
    assert [one.start for one in within_budget(many, "A2")] == [2, 3]
    assert [one.start for one in within_budget(many, "B2")] == [2, 3, 4]
    assert within_budget(many[:1], "A1") == many[:1]


@pytest.mark.parametrize("own", ["en", "es", "fr", "de", "it", "pt", "ja", "zh", "ko", "ar"])
def test_every_kind_has_a_name_and_a_reason(own: str) -> None:
    assert own in explained_languages()
    said = {kind: explanation(kind, own) for kind in KINDS}
    assert [kind for kind, one in said.items() if one is None or not one.name or len(one.why.split()) > 15] == []
    by_word = {kind for kind, one in said.items() if one and one.because}
    assert by_word == {"verb-agreement", "gender", "tense"}
    assert all("{word}" in one.because for one in said.values() if one and one.because)
    assert all(spoken_for([one], own) for one in get_args(Witness))


def test_own_languages_without_reasons_read_english() -> None:
    assert explanation("gender", "nl") == explanation("gender", "en")
    assert explanation("gender", "pt-BR") == explanation("gender", "pt")
    assert spoken_for(["probability", "generation", "dictionary"], "nl") == "the model · a dictionary"


def test_a_reason_names_the_word_that_decides_where_one_does() -> None:
    gender, spelling = explanation("gender", "en"), explanation("spelling", "en")
    assert gender is not None
    assert spelling is not None
    assert gender.about("pan") == "It goes with “pan”."
    assert gender.about("") == gender.why
    assert spelling.about("pan") == spelling.why


@pytest.mark.parametrize(
    ("message", "word", "before", "after"),
    [
        ("Hola. La pan es bueno?", "La", "", " pan es bueno?"),
        ("Quiero dos kilos de manzana, por favor.", "manzana", "Quiero dos kilos de ", ", por favor."),
        (
            "Yo y mi amigo Pedro fue al cine ayer por la noche con ella.",
            "fue",
            "… y mi amigo Pedro ",
            " al cine ayer por …",
        ),
        ("昨日学校へ行く。楽しい。", "行く", "昨日学校へ", "。"),
        ("Sí", "Sí", "", ""),
    ],
)
def test_a_place_is_shown_with_a_few_words_of_its_sentence(message: str, word: str, before: str, after: str) -> None:
    start = message.index(word)
    assert around(message, start, start + len(word)) == (before, after)


def slipped(message: str, old: str, new: str, kind: str, *others: str) -> bool:
    start = message.index(old)
    (one,) = with_slips(message, [Finding(start, start + len(old), old, new, "sure", kind, ("rule",))], others)
    return one.slip


@pytest.mark.parametrize(
    ("message", "old", "new", "kind", "others", "expected"),
    [
        ("La pan es bueno.", "La", "El", "gender", ["El pan está aquí."], True),
        ("La pan es bueno. El pan es caro.", "La", "El", "gender", [], True),
        ("La pan es bueno.", "La", "El", "gender", ["El gato está aquí."], False),
        ("La pan es bueno.", "La", "El", "gender", ["El pan está aquí.", "Quiero la pan."], False),
        ("Voy a la palya.", "palya", "playa", "spelling", [], True),
        ("Es mi hermmano.", "hermmano", "hermano", "spelling", [], True),
        ("Voy a la plaia.", "plaia", "playa", "spelling", [], False),
        ("La pan.", "La", "", "gender", ["pan"], False),
    ],
)
def test_slips_are_told_from_what_somebody_does_not_know(
    message: str, old: str, new: str, kind: str, others: list[str], expected: bool
) -> None:
    assert slipped(message, old, new, kind, *others) is expected


def found_of(kind: str, start: int, *, slip: bool = False, certainty: Certainty = "sure") -> Finding:
    return Finding(start, start + 2, "ab", "cd", certainty, kind, ("rule",), slip=slip)


def test_what_comes_again_and_belongs_to_the_level_is_shown_first() -> None:
    spelling, mood, gender = found_of("spelling", 0), found_of("mood", 4), found_of("gender", 8)
    assert within_budget([spelling, mood, gender], "A1") == [gender]
    assert within_budget([spelling, mood, gender], "A1", {"spelling"}) == [spelling]
    assert within_budget([mood, gender], "A2") == [mood, gender]
    slip = found_of("gender", 12, slip=True)
    assert within_budget([slip, spelling], "A1", {"gender"}) == [spelling]
    assert within_budget([found_of("gender", 0, certainty="possible"), spelling], "A1", {"gender"}) == [spelling]


def test_rules_use_known_kinds() -> None:
    assert {rule.kind for language in LANGUAGES for rule in known(language).rules} <= KINDS


def test_a_word_that_is_missing_is_shown_with_its_neighbours() -> None:
    sentence = "Mañana voy ir a la playa."
    (one,) = by_rule(sentence, known("es"))
    seen = with_neighbours(sentence, one)
    assert (seen.old, seen.new, sentence[seen.start : seen.end]) == ("voy ir", "voy a ir", "voy ir")
    assert with_neighbours(sentence, seen) == seen


@pytest.mark.parametrize("language", ["en", "es", "fr", "de"])
def test_what_tutors_say_is_never_corrected(language: str) -> None:
    said = {sentence.text for line in lines_of(language) for sentence in sentences_of(line)}
    assert len(said) > 100
    touched = {one: mended(one, by_rule(one, known(language))) for one in said if by_rule(one, known(language))}
    assert touched == {}


def test_a_word_of_another_language_or_in_quotation_marks_is_no_sure_mistake() -> None:
    class Knows:
        def knows(self, word: str) -> bool:
            return word.lower() in {"hoy", "tomo", "leo", "un", "libro"}

        def suggestions(self, word: str) -> list[str]:
            return {"breakfast": ["reabastece"], "libbro": ["libro"], "lbiro": ["libro"]}.get(word, [])

    def seen(sentence: str) -> list[tuple[str, str, str]]:
        return [(one.old, one.new, one.certainty) for one in findings(sentence, known("es"), speller=Knows())]

    assert seen("Hoy tomo breakfast") == [("breakfast", "", "place")]
    assert seen("Leo un libbro") == [("libbro", "libro", "sure")]
    assert seen("Leo un lbiro") == [("lbiro", "libro", "sure")]
    assert seen('leo "breakfast libbro" y «breakfast»') == []


@pytest.mark.parametrize(
    ("language", "sentence", "right"),
    [
        ("es", "Pedro y María tiene un hijo.", "Pedro y María tienen un hijo."),
        ("es", "Mi mujer y yo quiere comprar una casa.", "Mi mujer y yo queremos comprar una casa."),
        ("es", "Los estudiantes lee mucho.", "Los estudiantes leen mucho."),
        ("es", "Ayer mi madre prepara una cena muy rica.", "Ayer mi madre preparó una cena muy rica."),
        ("es", "Hay cinco habitación en la casa.", "Hay cinco habitaciones en la casa."),
        ("es", "Las casas son grande.", "Las casas son grandes."),
        ("es", "Tengo no dinero.", "No tengo dinero."),
        ("es", "Debes trabajas más.", "Debes trabajar más."),
        ("fr", "Pierre et Marie a trois enfants.", "Pierre et Marie ont trois enfants."),
        ("fr", "Les enfants sont fatigué.", "Les enfants sont fatigués."),
        ("fr", "C'est un bon idée.", "C'est une bonne idée."),
        ("fr", "Je dois travaille demain.", "Je dois travailler demain."),
        ("de", "Ich wohne mit mein Freund zusammen.", "Ich wohne mit meinem Freund zusammen."),
        ("de", "Ich weiß, dass du hast viel Arbeit.", "Ich weiß, dass du viel Arbeit hast."),
        ("de", "Jeden Tag ich trinke Kaffee.", "Jeden Tag trinke ich Kaffee."),
        ("de", "Hast du ein Bruder?", "Hast du einen Bruder?"),
        ("it", "I ragazzi sono simpatico.", "I ragazzi sono simpatici."),
        ("it", "Mio padre ha partito ieri.", "Mio padre è partito ieri."),
        ("pt", "Os alunos estuda muito.", "Os alunos estudam muito."),
        ("en", "We have drank all the juice.", "We have drunk all the juice."),
        ("en", "I very like this song.", "I really like this song."),
        ("en", "Tom and Ana is married.", "Tom and Ana are married."),
    ],
)
def test_rules_name_words_and_changes_of_the_tables(language: str, sentence: str, right: str) -> None:
    assert mended(sentence, by_rule(sentence, known(language))) == right


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("es", "Los domingos duermo mucho."),
        ("es", "A veces es bueno estar a solas."),
        ("es", "¿Cómo es para ti un fin de semana perfecto?"),
        ("es", "La casa de mis padres es bonita y Ana y yo vivimos cerca."),
        ("es", "El café lo compro en el bar."),
        ("es", "Esta mañana estaba cansado."),
        ("it", "Ieri sera sono andato al cinema."),
        ("fr", "Qui le cuisine chez toi ?"),
        ("fr", "Hier, je suis allé au cinéma."),
        ("de", "Das Zimmer haben Sie bis elf Uhr."),
        ("de", "Unsere Zimmer sind sehr ruhig."),
        ("de", "Heute hat mein Bruder Zeit."),
        ("it", "I dolci li fa il nostro cuoco."),
        ("pt", "Vou a pé para casa."),
        ("en", "The bus stop is in front of the station."),
        ("en", "I didn't see him yesterday."),
    ],
)
def test_what_only_looks_like_a_subject_decides_nothing(language: str, sentence: str) -> None:
    assert by_rule(sentence, known(language)) == []


def test_who_writes_all_in_small_letters_is_told_nothing_of_capitals_and_names() -> None:
    class Knows:
        def knows(self, word: str) -> bool:
            return word in {"vivo", "en", "con", "ich", "trinke", "libro", "Madrid", "Kaffee"}

        def suggestions(self, word: str) -> list[str]:
            return {"madrid": ["Madrid"], "kaffee": ["Kaffee"], "librro": ["libro"]}.get(word, [])

    def seen(language: str, sentence: str) -> list[tuple[str, str, str]]:
        found = findings(sentence, known(language), speller=Knows())
        return [(one.old, one.new, one.certainty) for one in found]

    assert seen("es", "vivo en madrid con xyzuv") == []
    assert seen("es", "vivo con librro") == [("librro", "libro", "possible")]
    assert seen("es", "Vivo en madrid") == []
    assert seen("de", "ich trinke kaffee") == []
    assert seen("de", "Ich trinke kaffee") == [("kaffee", "Kaffee", "sure")]
