"""The object within a reply's text, and errors that quote nothing of it."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from typing import Any, Literal, assert_type

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, TypeAdapter, field_validator

from tutor.ollama import ChatResponse, Message, Unparsable
from tutor.ollama.structured import parsed
from tutor.ollama.testing import recording
from tutor.ollama.types import GenerateResponse


class Word(BaseModel):
    word: str
    count: int = 1


class Words(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: list[Word]
    notes: dict[str, int] = {}


class Picky(BaseModel):
    word: str

    @field_validator("word")
    @classmethod
    def _never(cls, value: str) -> str:
        raise ValueError(f"not {value}")


@dataclasses.dataclass
class Point:
    x: int


GIVEN = '{"word": "sí"}'


@pytest.mark.parametrize(
    "text",
    [
        GIVEN,
        f"\n  {GIVEN}\t\n",
        f"```json\n{GIVEN}\n```",
        f"```\n{GIVEN}\n```",
        f"```JSON\r\n{GIVEN}\r\n```\r\n",
        f"   ```json\n{GIVEN}\n   ```",
        f"Claro:\n\n```json\n{GIVEN}\n```\n¿Algo más?",
        f"Claro: ```json\n{GIVEN}\n``` ¿Algo más?",
        f"```json {GIVEN} ```",
        f"```{GIVEN}```",
        f"```json\n{GIVEN}",
        f"```python\nprint(1)\n```\n```json\n{GIVEN}\n```",
        f"```json\n[1]\n```\ny\n```json\n{GIVEN}\n```",
    ],
)
def test_json_bare_or_fenced(text: str) -> None:
    assert parsed(text, Word) == Word(word="sí")


@pytest.mark.parametrize("text", ["```", "a ``` b", "```js\n1\n```", "line\n```\nline"])
def test_fences_within_a_value_close_nothing(text: str) -> None:
    value = Word(word=text).model_dump_json(indent=2)
    followed = f"```json\n{value}\n```\ny\n```json\n[1]\n```"
    for reply in (value, followed, f"```json\n{value}\n```", f"x\n```json\n{value}\n```\ny", f"```json {value}```"):
        assert parsed(reply, Word).word == text


def test_every_kind_that_pydantic_knows() -> None:
    assert parsed("[1, 2]", list[int]) == [1, 2]
    assert parsed('"a"', Literal["a", "b"]) == "a"
    assert parsed('{"x": 1}', Point) == Point(1)
    assert parsed("[1]", TypeAdapter(tuple[int])) == (1,)
    assert parsed("5", int | str) == 5
    assert parsed(GIVEN, dict[str, Any]) == json.loads(GIVEN)


def test_type_checkers_know_what_comes_out() -> None:
    assert_type(parsed(GIVEN, Word), Word)
    assert_type(parsed("[]", list[int]), list[int])
    assert_type(parsed("[1]", TypeAdapter(tuple[int])), tuple[int])
    assert_type(ChatResponse(message=Message(role="a", content=GIVEN)).parsed(Word), Word)


@given(text=st.text(alphabet=st.sampled_from(list('`{}[]":,0a \n\t\\ñ\ud800')), max_size=60))
def test_no_text_is_more_than_unparsable(text: str) -> None:
    for kind in (Word, list[int], Any):
        with contextlib.suppress(Unparsable):
            parsed(text, kind)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text", ["```" + "a" * 300_000, "```" * 100_000, "`" * 300_001, " " * 300_000 + "```", "[" * 300_000]
)
def test_long_nonsense_takes_no_longer_than_its_length(text: str) -> None:
    with pytest.raises(Unparsable, match="not JSON"):
        parsed(text, Word)


def test_both_kinds_of_reply() -> None:
    chat = ChatResponse.model_validate_json(recording("chat_format_json").content)
    assert chat.message.content is not None
    assert chat.message.content.startswith("```json")
    assert isinstance(chat.parsed(dict[str, Any]), dict)
    assert GenerateResponse(response=GIVEN).parsed(Word) == Word(word="sí")
    for empty in (GenerateResponse(), GenerateResponse(response=" \n"), ChatResponse()):
        with pytest.raises(Unparsable, match="empty"):
            empty.parsed(Word)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("secret words", Word, "the reply is not JSON"),
        ('{"word": "secret', Word, "the reply is not JSON"),
        ("```json\n{secret}\n```", Word, "the reply is not JSON"),
        ('{"word": 5}', Word, "the reply is not the object asked for (word: string_type)"),
        ('```json\n{"word": 5}\n```', Word, "the reply is not the object asked for (word: string_type)"),
        ('```json\n{"word": 5}\n```\n```\nsecret\n```', Word, "(word: string_type)"),
        ('"secret"', Word, "the reply is not the object asked for (whole: model_type)"),
        ('{"words": [{"count": "secret"}]}', Words, "words.0.word: missing; words.0.count: int_parsing"),
        ('{"words": [], "notes": {"secret": "secret"}}', Words, "(notes.*: int_parsing)"),
        ('{"words": [], "secret": 1}', Words, "(*: extra_forbidden)"),
        ('{"word": "secret"}', Picky, "(word: value_error)"),
        ("[" + ",".join(['"secret"'] * 50) + "]", list[int], "4: int_parsing)"),
    ],
)
def test_what_is_not_the_object_names_fields_alone(text: str, kind: Any, said: str) -> None:
    with pytest.raises(Unparsable) as caught:
        parsed(text, kind)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)
    assert caught.value.__context__ is None
    assert isinstance(caught.value, ValueError)


class Made:
    """Nothing that JSON could say."""


def test_a_kind_without_a_schema_still_says_what_is_wrong() -> None:
    class Odd(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)

        made: Made

    with pytest.raises(Unparsable, match=r"\(\*: [a-z_]+\)"):
        parsed('{"made": {"secret": 1}}', Odd)


def test_a_schema_that_cannot_be_written_whole_warns_nobody() -> None:
    class Unusual(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)

        thing: Any = object
        number: int

    with pytest.raises(Unparsable, match="number: missing"):
        parsed("{}", Unusual)
