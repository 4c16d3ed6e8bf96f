"""From a model's chunks to the learner's text: echoes, limits, circles, another language, and taking back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dialogue.talks import talk
from tutor.dialogue import Unreadable
from tutor.dialogue.free_reader import FreeReader
from tutor.dialogue.types import Flaw, Output
from tutor.ollama.testing import recording

SHOWN = "Ayer fui al mercado con mi hermana"


@dataclass
class Read:
    """What a reader gave until its end, or until it wanted no more."""

    text: str = ""
    thinking: str = ""
    flaw: Flaw = ""
    restarts: int = 0
    pieces: int = 0
    left: list[str] = field(default_factory=list)


def read(
    *chunks: str,
    sofar: str = "",
    done: str = "stop",
    learner: str = "Hola",
    last_try: bool = False,
    language: str = "es",
) -> Read:
    reader, result, rest = (
        FreeReader(talk("¿Sí?", learner, language=language), sofar, last_try=last_try),
        Read(),
        [*chunks],
    )
    while rest and not result.flaw:
        result.pieces += 1
        _take(result, reader.feed(rest.pop(0)))
    if not result.flaw:
        _take(result, reader.finish(done))
    result.left = rest
    return result


def _take(result: Read, output: Output) -> None:
    result.text = output.text if output.restart else result.text + output.text
    result.restarts += output.restart
    result.thinking += output.thinking
    result.flaw = output.flaw


@given(st.lists(st.text(), max_size=8))
def test_text_passes_through(chunks: list[str]) -> None:
    whole = "".join(chunks)
    if not whole.strip() or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in whole) or set(whole) & set("<[◁`#*_:："):
        return
    assert read(*chunks).text == whole.lstrip()


def test_nothing_is_unreadable() -> None:
    for chunks in ((), ("",), (" \n", "\t"), ("<think>Hm.</think>",), ("<|im_end|>",)):
        with pytest.raises(Unreadable):
            read(*chunks)


def test_halves_of_a_character_meet() -> None:
    assert read("a\ud83d", "\ude00").text == "a😀"
    assert read("a\ud83d").text == "a\ufffd"
    assert read("nul\x00 bell\x07").text == "nul bell"


@pytest.mark.parametrize(
    ("chunks", "new"),
    [
        ((" y compré", " pan."), " y compré pan."),
        (("Ayer fui al mer", "cado con mi hermana y", " compré pan."), " y compré pan."),
        (("Ayer ", "no."), "Ayer no."),
        (("Ayer",), "Ayer"),
        ((SHOWN,), ""),
        ((SHOWN, " y pan."), " y pan."),
        ((SHOWN + " y", " pan."), " y pan."),
        ((), ""),
    ],
)
def test_a_continuation_gives_only_what_is_new(chunks: tuple[str, ...], new: str) -> None:
    assert read(*chunks, sofar=SHOWN).text == new


@pytest.mark.parametrize(
    ("sofar", "chunks", "new"),
    [
        ("¡T", ("¡T", "engo", " pan."), "engo pan."),
        ("¡T", ("¡Tengo", " pan."), "engo pan."),
        ("¡T", ("engo", " pan."), "engo pan."),
        ("A", ("A mí", " sí."), " mí sí."),
        ("Sí, ", ("Sí,", " claro."), "claro."),
        ("Sí, ", (" claro.",), "claro."),
        ("No", (" no", " quiero."), " no quiero."),
    ],
)
def test_an_echo_is_left_out_at_any_length(sofar: str, chunks: tuple[str, ...], new: str) -> None:
    assert read(*chunks, sofar=sofar).text == new


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("chat_prefill_echo_stream", " inteligentes."),
        ("chat_prefill_echo_short_stream", "árgos gatos!"),
        ("chat_prefill_no_echo_stream", " inteligentes."),
    ],
)
def test_a_real_server_is_continued(name: str, new: str) -> None:
    recorded = recording(name)
    chunks = [json.loads(line)["message"]["content"] for line in recorded.content.splitlines()]
    assert read(*chunks, sofar=recorded.body["messages"][-1]["content"]).text == new


def test_a_continuation_does_not_double_a_space() -> None:
    assert read(" y", " pan", sofar=SHOWN + " ").text == "y pan"


def test_a_limit_is_said_and_cuts_at_a_sentence() -> None:
    cut = read("¡Hola! Ayer fui al mercado y compré", " man", done="length")
    assert (cut.text, cut.flaw, cut.restarts) == ("¡Hola!", "length", 1)
    within = read(" y compré pan. Lue", sofar=SHOWN, done="length")
    assert (within.text, within.flaw) == (" y compré pan.", "length")
    nothing_new = read(" y com", sofar="¡Hola! Ayer fui", done="length")
    assert (nothing_new.text, nothing_new.flaw) == (" y", "length")


def test_thinking_is_taken_back() -> None:
    got = read("The learner greets", " me.\n</think>\n\n¡Hola! ¿Qué tal?")
    assert (got.text, got.restarts, got.flaw) == ("¡Hola! ¿Qué tal?", 1, "")
    assert got.thinking == "The learner greets me.\n"


def test_circles_end_the_reply() -> None:
    got = read(*(["Me gusta mucho comer pan fresco. "] * 30))
    assert (got.text, got.flaw) == ("Me gusta mucho comer pan fresco.", "repetition")
    assert len(got.left) > 20


ENGLISH = (
    "Hello! That is ",
    "very nice. What did ",
    "you do today? I ",
    "went to the market ",
    "with my sister and ",
    "we had",
)


def test_what_comes_after_the_end_adds_nothing() -> None:
    reader = FreeReader(talk("¿Sí?", "Hola"))
    ended = reader.feed("Me gusta mucho comer pan fresco. " * 30)
    assert ended.flaw == "repetition"
    assert reader.feed("¿Y a ti?") == Output()
    assert reader.finish("length") == Output(flaw="repetition")


def test_another_language_is_noticed_while_it_streams() -> None:
    got = read(*ENGLISH)
    assert got.flaw == "wrong_language"
    assert got.left


def test_on_the_last_try_it_is_read_to_its_end_and_marked() -> None:
    got = read(*ENGLISH, last_try=True)
    assert (got.text, got.flaw, got.left) == ("".join(ENGLISH), "wrong_language", [])


def test_a_short_reply_is_judged_at_its_end() -> None:
    assert read("Hello! ", "How are you?").flaw == "wrong_language"
    assert read("¡Hola! ", "¿Cómo estás?").flaw == ""


@pytest.mark.parametrize("learner", ["Can you say it in English?", "what does gata mean?", "No entiendo."])
def test_who_wants_it_gets_the_own_language(learner: str) -> None:
    assert read(*ENGLISH, learner=learner).flaw == ""
    assert read("你好！你今天过得怎么样？我很好。", learner=learner).flaw == "wrong_language"


def test_thinking_in_english_is_no_wrong_language() -> None:
    got = read("<think>", *ENGLISH, "</think>", "¡Hola! ¿Qué tal?")
    assert (got.text, got.flaw) == ("¡Hola! ¿Qué tal?", "")
