"""What a model's format machinery says is taken out, however it is spelt and split; what is said about it stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.dialogue.model_output import ModelOutput, cleaned


def read(*chunks: str, shown: str = "") -> tuple[str, str]:
    """What the learner sees at the end, and what goes to thinking."""
    reader, text, thinking = ModelOutput(shown), "", ""
    for output in [*(reader.feed(chunk) for chunk in chunks), reader.finish()]:
        text = output.text if output.restart else text + output.text
        thinking += output.thinking
    assert text == reader.text
    return text, thinking


THINKING = [
    "<think>The learner greets.</think>\n\n¡Hola!",
    "<THINK>The learner greets.</THINK>¡Hola!",
    "<thinking>\nThe learner greets.\n</thinking>\n¡Hola!",
    "<thought>The learner greets.</thought>¡Hola!",
    "<reasoning>The learner greets.</reasoning>¡Hola!",
    "<seed:think>The learner greets.</seed:think>¡Hola!",
    "<think_fast>The learner greets.</think_fast>¡Hola!",
    "[THINK]The learner greets.[/THINK]¡Hola!",
    "◁think▷The learner greets.◁/think▷¡Hola!",
    "<|START_THINKING|>The learner greets.<|END_THINKING|><|START_RESPONSE|>¡Hola!<|END_RESPONSE|>",
    "<|begin_of_thought|>The learner greets.<|end_of_thought|><|begin_of_solution|>¡Hola!<|end_of_solution|>",
    "<|inner_prefix|>The learner greets.<|inner_suffix|>¡Hola!<|assistant_end|>",
    "<|channel>thought\nThe learner greets.<channel|>¡Hola!<turn|>",
    "<|channel|>analysis<|message|>The learner greets.<|end|><|start|>assistant<|channel|>final<|message|>¡Hola!",
    "<|start|>assistant<|channel|>analysis<|message|>The learner greets.<|end|>\n<|channel|>final<|message|>¡Hola!",
    "<|think|>The learner greets.<|end|><|begin|>assistant<|content|>¡Hola!",
    "analysisThe learner greets.assistantfinal¡Hola!",
    "Here is my thought process:\nThe learner greets.\n\nHere is my response:\n¡Hola!",
    "Here are my reasoning steps:\nThe learner greets.\n[BEGIN FINAL RESPONSE]\n¡Hola!\n[END FINAL RESPONSE]",
    "<think>The learner greets.</think><answer>¡Hola!</answer>",
    "<think>The learner greets.<|im_end|>\n<|im_start|>assistant\n¡Hola!",
    "The learner greets.\n</think>\n\n¡Hola!",
    "The learner greets.</thinking>¡Hola!",
    "The learner greets. </think> ¡Hola!",
    "The learner greets. [/THINK]¡Hola!",
    "The learner greets.◁/think▷¡Hola!",
    "The learner greets.<|END_THINKING|>¡Hola!",
    "The learner greets.\n[BEGIN FINAL RESPONSE]\n¡Hola!",
    "<|thinking|>The learner greets.<|answer|>¡Hola!",
    "<unused94>thought\nThe learner greets.<unused95>¡Hola!",
    "<think>The learner greets.<answer>¡Hola!</answer>",
    "<analysis>The learner greets.</analysis>\n<response>¡Hola!</response>",
    "¡Hola!\n<think>The learner greets.</think>",
    "¡Hola!\n<think>The learner greets.",
]


@pytest.mark.parametrize("content", THINKING)
def test_thinking_goes_to_thinking(content: str) -> None:
    text, thinking = read(content)
    assert text == "¡Hola!"
    assert thinking.strip() == "The learner greets."


MACHINERY = [
    "¡Hola!<|im_end|>",
    "¡Hola! <|eot_id|>",
    "¡Hola!</s>",
    "<s>¡Hola!</s>",
    "¡Hola!<end_of_turn>\n",
    "¡Hola!<eos>",
    "¡Hola!<｜end▁of▁sentence｜>",
    "¡Hola![|endofturn|]",
    "¡Hola!<|endoftext|>The history of Spain begins with",
    "¡Hola!<|im_end|>\n<|im_start|>user\nHola<|im_end|>\n<|im_start|>assistant\n¿Qué tal?",
    "¡Hola!<|im_start|>assistant\n¡Hola!",
    "<|im_start|>assistant\n¡Hola!<|im_end|>",
    "<|start_header_id|>assistant<|end_header_id|>\n\n¡Hola!",
    "<|header_start|>assistant<|header_end|>\n\n¡Hola!<|eot|>",
    "<start_of_turn>model\n¡Hola!",
    "<|turn>model\n¡Hola!",
    "<|start_of_role|>assistant<|end_of_role|>¡Hola!<|end_of_text|>",
    "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>¡Hola!<|END_OF_TURN_TOKEN|>",
    "<｜Assistant｜>¡Hola!<｜User｜>Bien",
    "<|assistant|>\n¡Hola!\n<|user|>\nBien",
    "[|assistant|]¡Hola!",
    "[/INST] ¡Hola! [INST] Bien [/INST]",
    "¡Hola!<<SYS>>",
    "### Response:\n¡Hola!\n\n### Instruction:\nBien",
    "Assistant: ¡Hola!",
    "**Tutor:** ¡Hola!",
    "**Tutor**: ¡Hola!",
    "¡Hola!\nUser: Bien\nAssistant: ¡Qué bueno!",
    "¡Hola!\n\n**Learner:** Bien",
    "¡Hola!\nstudent: Bien",
    "¡Hola!\nUsuario: Bien",
    "User: Hola\nAssistant: ¡Hola!",
    "<|im_start|>user\nHola<|im_end|>\n<|im_start|>assistant\n¡Hola!",
    '<tool_call>\n{"name": "look_up", "arguments": {}}\n</tool_call>\n¡Hola!',
    '¡Hola!\n<tool_call>{"name": "look_up"',
    '¡Hola![TOOL_CALLS][{"name": "look_up", "arguments": {}}]',
    "¡Hola!<|python_tag|>look_up()<|eom_id|>",
    "<function=look_up>{}</function>¡Hola!",
    "<|tool_calls_section_begin|><|tool_call_begin|>x:0<|tool_call_end|><|tool_calls_section_end|>¡Hola!",
    "<|something_quite_new|>¡Hola!",
    "Student: Hola\nTeacher: ¡Hola!",
    "¡Hola!<|im_",
    "¡Hola!</thin",
    "¡Hola!\n[/INS",
    "¡Hola!<think/>",
    "<think/>\n¡Hola!",
    "¡Hola!\nCustomer: Dos.\nTutor: Sí.",
    "</think>\n\n¡Hola!",
    "<think>\n\n</think>\n\n¡Hola!",
]


@pytest.mark.parametrize("content", MACHINERY)
def test_marks_and_other_parts_are_taken_out(content: str) -> None:
    assert read(content)[0] == "¡Hola!"


@pytest.mark.parametrize(
    "content",
    [
        '{"name": "look_up", "arguments": {"word": "gato"}}',
        '```json\n{"name": "look_up", "arguments": {"word": "gato"}}\n```',
        "<think>The learner greets, so I should",
        "The learner greets.\n</think>",
        "User: Hola",
        "<|im_end|>",
    ],
)
def test_what_holds_no_reply_shows_nothing(content: str) -> None:
    assert read(content)[0] == ""


HONEST = [
    "El tag `<think>` es de un modelo; `</think>` lo cierra.",
    "```html\n<think>hola</think>\n```\nListo.",
    "La etiqueta <think> en HTML no existe, y </think> tampoco.",
    "The <think> tag and the </think> tag are not HTML.",
    'Escribe "</think>" al final.',
    "Un modelo escribe <think> antes de hablar.",
    "在模型里，<think> 标签表示思考。",
    "En HTML <b>negrita</b>, <s>tachado</s> y <em>énfasis</em>.",
    "El token <|im_end|> cierra el mensaje.",
    "`<|im_start|>user` es ChatML.",
    "5 < 6 y 7 > 3 [sic] <3 [INSTRUCCIONES] <br>",
    "Practica este diálogo:\nStudent: ¿Cuánto cuesta?\nTutor: Dos euros.",
    "Vendedor: Buenos días.\nUser: Hola.\nVendedor: ¿Qué desea?",
    "- User: hola\n- Tutor: buenas",
    "1. Student: hola\n2. Teacher: buenas",
    "El usuario es una persona.\nUsuario significa «user».\nUser se dice usuario.",
    "¿Quieres practicar?\n\n> User: hola",
    "Hoy es martes.\n# Título\n**Nota:** hola\n*User* es inglés.",
    "La función <function> no existe.",
    '{"a": 1} es JSON.',
    "[Spanish] hola",
    "a\n\n\nb",
    "Assistant significa asistente.",
    "Here is my response to you: sí.",
    "analysis es análisis.",
    "Mira:\n\nLa respuesta es sí.\nResponse: sí.\nModel: no.",
    "# Output: nada",
    "a <b",
    "1 < 2, y <s",
    "¿Te gusta [",
]


@pytest.mark.parametrize("content", HONEST)
def test_honest_text_about_such_things_stays(content: str) -> None:
    assert read(content) == (content, "")


def test_what_seemed_spoken_of_is_taken_back_when_much_stands_between_the_tags() -> None:
    assert read("Hola <think> the learner greets me here </think> ¿qué tal?") == (
        "Hola ¿qué tal?",
        " the learner greets me here ",
    )


def test_taking_back_begins_anew_once() -> None:
    reader = ModelOutput()
    assert reader.feed("The learner greets.").text == "The learner greets."
    taken_back = reader.feed("\n</think>\n\n¡Hol")
    assert taken_back.restart
    assert taken_back.text == "¡Hol"
    assert taken_back.thinking == "The learner greets.\n"
    assert reader.feed("a!").text == "a!"


def test_a_stray_closing_tag_after_the_reply_does_not_cost_the_reply() -> None:
    assert read("<think>Greet.</think>¡Hola!</think>")[0] == "¡Hola!"
    assert read("<think>Greet.</think>Or rather so.</think>¡Hola!")[0] == "¡Hola!"


@pytest.mark.parametrize(
    ("chunks", "new"),
    [
        ((" y compré pan.<|im_end|>",), " y compré pan."),
        (("<think>Go on.</think>\n\n y compré pan.",), " y compré pan."),
        ((" y compré", "\n\nUser: ¿Sí?"), " y compré"),
        (("<|im_end|>\n<|im_start|>user",), ""),
        (("I should go on.</think> y compré pan.",), " y compré pan."),
    ],
)
def test_a_continued_reply_keeps_what_is_shown(chunks: tuple[str, ...], new: str) -> None:
    assert read(*chunks, shown="Ayer fui al mercado")[0].split() == new.split()


@pytest.mark.parametrize("content", [*THINKING, *MACHINERY, *HONEST])
def test_every_split_at_any_character_gives_the_same(content: str) -> None:
    whole = read(content)
    assert read(*content) == whole
    for cut in range(len(content)):
        assert read(content[:cut], content[cut:]) == whole


PIECES = [
    *(
        "<think>",
        "</think>",
        "<|channel|>",
        "analysis",
        "<|message|>",
        "<|end|>",
        "<|start|>assistant",
        "final",
        "Hola",
    ),
    *("¡Qué! ", "\n", " ", "`", "```", "<", "[", "◁", "think▷", "User:", "Assistant:", "**", "### ", "Response:", "[|"),
    *("<tool_call>", "</tool_call>", "[INST]", "[/INST]", "<|im_start|>user", "<|im_start|>assistant\n", "<|im_end|>"),
    *("</s>", "<s>", "tag ", '"', "one two three four", "assistantfinal", '{"name": "x", "arguments": {}}', "<answer>"),
    *("</answer>", "Here is my response:", "Here is my thought process:", "|>", " to=", "<｜", "｜>", "<channel|>"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.data())
def test_no_split_of_any_mixture_changes_what_is_read(content: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=6)))
    pieces = [content[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(content)], strict=True)]
    assert read(*pieces) == read(content) == read(*content)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_a_reply_neither_begins_nor_ends_with_an_empty_line(content: str) -> None:
    once = cleaned(content)
    assert len(once) <= len(content)
    assert once == once.lstrip()
    assert not once.endswith("\n")


@given(st.text())
def test_text_without_any_mark_passes(text: str) -> None:
    if not set("<[◁`#*_:：") & set(text):
        assert cleaned(text).strip() == text.strip()


def test_ordinary_text_is_held_back_by_a_word_at_most() -> None:
    reader, shown = ModelOutput(), ""
    for place, character in enumerate(
        text := "User friendly, as they say. Assistants are many.\nAnd so on, 3 < 4, [x]."
    ):
        shown += reader.feed(character).text
        assert place - len(shown) <= len("assistant "), shown
    assert shown + reader.finish().text == text
