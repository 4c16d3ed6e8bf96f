"""Calls as data: (method, positional arguments, keyword arguments), for the published client and for ours.

The objects among the arguments are made from the library that is asked, which is handed in as `kinds`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

MODEL = "qwen2.5:7b"
PICTURE_BYTES = b"\x89PNG\r\n\x1a\n\x00\x01\x02"
PICTURE_BASE64 = "iVBORw0KGgoAAQI="


class Kinds(Protocol):
    """What both libraries call the objects that arguments are made of."""

    Image: Any
    Message: Any
    Options: Any
    Tool: Any


class Call(NamedTuple):
    """One call of a client."""

    method: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def call(method: str, *args: Any, **kwargs: Any) -> Call:
    return Call(method, args, kwargs)


SCHEMA = {"type": "object", "properties": {"word": {"type": "string", "default": None}}, "required": ["word"]}
ASK = {"role": "user", "content": "¿Qué tal?"}
TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "d", "enum": ["Madrid", "Lima"]}},
            "required": ["city"],
        },
    },
}
TOOL_REPLY = {"role": "tool", "content": "21 °C", "tool_name": "weather"}
CALLING = {
    "role": "assistant",
    "thinking": "hm",
    "tool_calls": [
        {"function": {"name": "weather", "arguments": {"city": "Lima", "days": None, "deep": {"a": [1.5]}}}}
    ],
}
QUESTIONS = {
    "level": {"type": "score", "instructions": "How well?", "criteria": ["badly", "well"]},
    "polite": {"type": "noul", "instructions": {"ask": "Polite?"}, "criteria": {"true": "yes", "false": "no"}},
    "plain": {"type": "noul", "instructions": ["Plain?"]},
    "form": {"type": "choice", "instructions": "Which?", "criteria": {"tú": None, "usted": "formal"}},
}


def add(a: int, b: float) -> float:
    """Add two numbers.

    Args:
      a: The first number
      b: The second number

    Returns:
      float: The sum
    """
    return a + b


def same_calls(kinds: Kinds, picture: Path) -> list[Call]:
    """Calls for which both clients send the same JSON. `picture` is a file of `PICTURE_BYTES`."""
    return [
        *_chats(kinds),
        *_pictures(kinds, picture),
        *_generations(kinds),
        *_embeddings(kinds),
        *_keeping(kinds),
        *_systemone(),
        call("web_search", "verbos"),
        call("web_search", "verbos", 10),
        call("web_search", query="", max_results=0),
        call("web_search", "verbos", max_results=None),
        call("web_fetch", "https://example.com/ñ?a=b"),
        call("web_fetch", url=""),
    ]


def _chats(kinds: Kinds) -> Iterator[Call]:
    message = kinds.Message
    yield call("chat", MODEL)
    yield call("chat", model=MODEL, messages=None, tools=None)
    yield call("chat", MODEL, [])
    yield call("chat", MODEL, ())
    yield call("chat", MODEL, [ASK])
    yield call("chat", MODEL, [ASK], stream=True)
    yield call("chat", MODEL, [ASK], stream=False)
    yield call("chat", MODEL, ({"role": "system", "content": "Be brief."}, ASK))
    yield call("chat", MODEL, [ASK, CALLING, TOOL_REPLY])
    yield call("chat", MODEL, [message(**ASK), message(**CALLING), message(**TOOL_REPLY)])
    yield call("chat", MODEL, [message(role="user")])
    yield call("chat", MODEL, [message(role="user", content=None, thinking=None, images=None, tool_calls=None)])
    yield call("chat", MODEL, [{"role": "assistant", "content": []}, {"role": "assistant", "content": 0}])
    yield call("chat", MODEL, [{"role": "assistant", "content": "a", "thinking": "", "tool_calls": [], "images": None}])
    yield call("chat", MODEL, [message(role="assistant", content="a", thinking="", tool_calls=[], images=[])])
    yield call("chat", MODEL, [{"role": "someone", "content": '\x00\t"\\ \u2028 \u0085 👩‍👩‍👧 </script>'}])
    call_object = message.ToolCall(function=message.ToolCall.Function(name="f", arguments={}))
    yield call("chat", MODEL, [{"role": "assistant", "tool_calls": [call_object]}])
    tools: Any
    for tools in (
        [],
        (),
        [TOOL],
        [TOOL, TOOL],
        [kinds.Tool(**TOOL)],
        [kinds.Tool()],
        [{}],
        [{"function": {"name": "f"}}],
    ):
        yield call("chat", MODEL, [ASK], tools=tools)
    bare: dict[str, Any] = {"name": "f", "parameters": {"properties": {"x": {"type": ["string", "null"]}}}}
    yield call("chat", MODEL, [ASK], tools=[add, TOOL])
    yield call("chat", MODEL, [ASK], tools=[{"type": None, "function": bare}])
    yield call("chat", MODEL, [ASK], tools=[{"function": bare | {"parameters": {"$defs": {"A": {"type": "string"}}}}}])
    for extras in _writing_extras(kinds):
        yield call("chat", MODEL, [ASK], **extras)


def _writing_extras(kinds: Kinds) -> Iterator[dict[str, Any]]:
    """What chat and generate have in common."""
    for think in (None, True, False, 1, 0, "low", "max", "", "true"):
        yield {"think": think}
    for format_ in (None, "", "json", {}, SCHEMA):
        yield {"format": format_}
    for keep_alive in (None, 0, -1, 300, 1.5, True, "5m", "-1m", "0", ""):
        yield {"keep_alive": keep_alive}
    for options in (None, {}, {"num_ctx": 9, "stop": ["\n"], "seed": None}, {"temperature": 0, "min_p": 0.5}):
        yield {"options": options}
    yield {"options": kinds.Options()}
    yield {"options": kinds.Options(num_ctx=4096, temperature=0, stop=[], use_mmap=False, seed=-1, top_p=None)}
    yield {"logprobs": True, "top_logprobs": 5}
    yield {"logprobs": False, "top_logprobs": 0}
    yield {"logprobs": "yes", "top_logprobs": "3"}
    yield {"stream": True, "think": "high", "format": "json", "keep_alive": -1, "options": {"num_predict": 1}}


def _pictures(kinds: Kinds, picture: Path) -> Iterator[Call]:
    image = kinds.Image
    given: list[Any] = [PICTURE_BYTES, PICTURE_BASE64, picture, str(picture), image(value=PICTURE_BYTES)]
    given += [image(value=picture), image(value=str(picture)), image(value=PICTURE_BASE64)]
    given += [b"", "", ".", "/tmp", "not a path or base64", "QUJD\nQUJD", "A" * 70_000]
    for one in given:
        yield call("chat", MODEL, [{**ASK, "images": [one]}])
        yield call("generate", MODEL, "¿Qué ves?", images=[one])
    yield call("chat", MODEL, [{"role": "user", "images": tuple(given)}])
    yield call("chat", MODEL, [kinds.Message(role="user", images=[image(value=PICTURE_BYTES), image(value=picture)])])
    yield call("generate", MODEL, images=given)
    yield call("generate", MODEL, "p", images=None)
    yield call("generate", MODEL, "p", images=[])
    yield call("generate", MODEL, "p", images=())
    remembered = kinds.Message(role="user", content="", images=[image(value=PICTURE_BYTES)], tool_calls=[])
    yield call("create", "tutor", from_=MODEL, messages=[remembered])


def _generations(kinds: Kinds) -> Iterator[Call]:
    yield call("generate", MODEL)
    yield call("generate", model=MODEL, prompt=None, suffix=None, system=None, template=None, context=None)
    yield call("generate", MODEL, "Hola")
    yield call("generate", MODEL, "Hola", "adiós")
    yield call("generate", MODEL, "", "", system="", template="", context=[], raw=False, width=0, height=0, steps=0)
    yield call("generate", MODEL, "Hola", stream=True)
    yield call("generate", MODEL, "Hola", system="s", template="{{ .Prompt }}", context=(1, 2, -3), raw=True)
    yield call("generate", MODEL, "Hola", width=64, height=32, steps=4)
    for extras in _writing_extras(kinds):
        yield call("generate", MODEL, "Hola", **extras)


def _embeddings(kinds: Kinds) -> Iterator[Call]:
    yield call("embed", MODEL)
    yield call("embed", MODEL, "uno")
    for texts in ("", [], ["uno", ""], ("uno", "dos")):
        yield call("embed", model=MODEL, input=texts)
    yield call("embed", MODEL, "uno", True, {"num_ctx": 9}, "5m", 64)
    yield call("embed", MODEL, "uno", truncate=False, options={}, keep_alive=0, dimensions=0)
    yield call("embed", MODEL, "uno", truncate=None, options=None, keep_alive=None, dimensions=None)
    yield call("embed", MODEL, "uno", options=kinds.Options(num_thread=2))
    yield call("embeddings", MODEL)
    yield call("embeddings", MODEL, "")
    yield call("embeddings", MODEL, "uno", {"num_ctx": 9}, -1)
    yield call("embeddings", model=MODEL, prompt="uno", options=kinds.Options(), keep_alive="0")


def _keeping(kinds: Kinds) -> Iterator[Call]:
    for method in ("pull", "push"):
        yield call(method, MODEL)
        yield call(method, model=MODEL, insecure=True, stream=True)
        yield call(method, MODEL, insecure=None)
    yield call("create", "tutor")
    yield call("create", "tutor", stream=True)
    yield call("create", "tutor", "q4_K_M", MODEL, {"a": "sha256:1"}, {"b": "sha256:2"}, "{{ .Prompt }}", "MIT", "s")
    yield call("create", model="tutor", from_=MODEL, license=["MIT", "BSD"], parameters={"stop": ["\n"], "seed": None})
    yield call("create", "tutor", from_="", quantize="", template="", system="", license=[], files={}, adapters={})
    yield call("create", "tutor", parameters={}, messages=[])
    yield call("create", "tutor", parameters=kinds.Options(temperature=0))
    yield call(
        "create", "tutor", messages=[ASK, {"role": "user", "content": "", "images": [], "thinking": None, "x": 0}]
    )
    yield call("create", "tutor", messages=[kinds.Message(**ASK), kinds.Message(**CALLING), {"content": "no role"}])
    for method in ("show", "delete"):
        yield call(method, MODEL)
        yield call(method, model="library/ñ:latest")
    yield call("copy", MODEL, "other")
    yield call("copy", source="", destination="")


def _systemone() -> Iterator[Call]:
    yield call("systemone", MODEL, "the state", QUESTIONS)
    yield call("systemone", MODEL, {"a": [1, None]}, QUESTIONS, 0)
    yield call("systemone", model=MODEL, state=[{"a": None}], questions={}, keep_alive="5m")
    yield call("systemone", "", "", {}, keep_alive=None)


def refused_calls(kinds: Kinds) -> list[Call]:
    """Calls that neither client sends."""
    talk: list[Any] = [{"role": "user", "content": 5}, {"role": "", "content": "a"}, {"content": "a"}, "text", 5]
    talk += [{**ASK, "tool_calls": [{"name": "f"}]}, {**ASK, "tool_calls": "f"}, {**ASK, "thinking": 3}]
    talk += [
        {**ASK, "images": [one]} for one in ("a", "ñ", "a\0b", "gone.PNG", "gone.webp", "data:image/png;base64,AAAA", 5)
    ]
    talk += [{**ASK, "images": [Path("/gone/picture.bin")]}, {**ASK, "images": 5}]
    return [
        *(call("chat", MODEL, [message]) for message in talk),
        *(call("chat", model, [ASK]) for model in ("", None, 5)),
        call("chat", MODEL, [ASK], think=2),
        call("chat", MODEL, [ASK], think=["low"]),
        *(call("chat", MODEL, [ASK], format=format_) for format_ in ("yaml", 5, ["json"])),
        *(call("chat", MODEL, [ASK], options=options) for options in (5, "num_ctx")),
        call("chat", MODEL, [ASK], keep_alive=["5m"]),
        call("chat", MODEL, [ASK], keep_alive={"s": 5}),
        *(call("chat", MODEL, [ASK], tools=tools) for tools in (5, [5], ["f"])),
        call("chat", MODEL, 5),
        call("chat", MODEL, "text"),
        call("chat", MODEL, [ASK], top_logprobs="many"),
        call("chat", MODEL, [{"role": "user", "content": "secret \ud800"}]),
        call("chat", MODEL, [ASK], options={"temperature": float("nan")}),
        call("chat", MODEL, [ASK], options={"temperature": object()}),
        call("generate", ""),
        call("generate", MODEL, 5),
        call("generate", MODEL, "a", context="a"),
        *(call("generate", MODEL, "a", images=images) for images in (5, PICTURE_BASE64, PICTURE_BYTES)),
        call("embed", "", "a"),
        call("embed", MODEL, None),
        call("embed", MODEL, [1]),
        call("embed", MODEL, "a", dimensions=1.5),
        call("embeddings", ""),
        *(call(method, "") for method in ("pull", "push", "create", "show", "delete")),
        call("create", "tutor", files=["a"]),
        call("create", "tutor", license=5),
        call("create", "tutor", messages=["text"]),
        call("create", "tutor", messages=[kinds.Message(role="user", images=[kinds.Image(value="gone.png")])]),
        call("copy", MODEL, None),
        call("systemone", MODEL, 5, {}),
        call("systemone", MODEL, "s", {"q": {"type": "essay", "instructions": "i"}}),
        call("systemone", MODEL, "s", {"q": {"instructions": "no type"}}),
        call("web_search", None),
        call("web_fetch", None),
    ]
