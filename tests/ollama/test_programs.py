"""Programs written for the published client do the same with ours, but for what is meant to be otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import ollama as published
import pytest

from tests.ollama.certificates import Authority, authority
from tests.ollama.expectations.expected import WHEN, embedded, generated, generated_whole, lines
from tests.ollama.running import OURS, PUBLISHED, Ran, Seen, Stage, finished, staged, started, written_for
from tutor import ollama as ours
from tutor.ollama.testing import Reply, Say, Script
from tutor.ollama.testing.wire import chunk, json_reply, last_line

FOLDER = Path(__file__).parent / "programs"
CHAT, GENERATE = "/api/chat", "/api/generate"
CALLS = [
    {"id": "call_1", "function": {"index": 0, "name": "price_of", "arguments": {"fruit": "apple", "pieces": 4}}},
    {"id": "call_2", "function": {"index": 1, "name": "opening_hours", "arguments": {}}},
]
MISTAKES = [
    {"id": "call_3", "function": {"name": "price_of", "arguments": {"fruit": "plum", "pieces": 1}}},
    {"id": "call_4", "function": {"name": "open_the_safe", "arguments": {}}},
]
DONE = {"status": "success"}
LAYER = {"status": "pulling aeda25e63ebd", "digest": "sha256:aeda25e63ebd", "total": 4096}


def answer(stage: Stage, path: str, *scripts: Script) -> None:
    for script in scripts:
        stage.plain.script(script, once=True, path=path)


def shop_assistant(stage: Stage) -> None:
    answer(stage, CHAT, Say([], tool_calls=CALLS), "Twelve euros.", Say([], tool_calls=MISTAKES), "We have none.")


def patient_caller(stage: Stage) -> None:
    answer(stage, CHAT, lambda _body: None, lambda _body: None, Reply(opening="hang"), "Hello.")
    broken = Reply([json.dumps({"response": "Hel", "done": False}).encode() + b"\n", b'{"error":"it fell"}\n'])
    answer(stage, GENERATE, broken, Reply(opening="fin"))


def librarian(stage: Stage) -> None:
    answer(stage, "/api/embed", embedded([1, 0, 0], [0, 1, 0], [0, 0, 1]))
    answer(stage, "/api/embeddings", json_reply({"embedding": [0.1, 0.9, 0.2]}))
    answer(stage, GENERATE, generated_whole("Sancho sighs."), generated_whole("Sigh."))
    token = {"token": "De", "logprob": -0.5, "top_logprobs": [{"token": "De", "logprob": -0.5}]}
    first = {**chunk("gemma3", "De"), "created_at": WHEN, "logprobs": [token]}
    streamed = [first, chunk("gemma3", " nada"), json.loads(last_line(model="gemma3"))]
    answer(stage, CHAT, '{"es": "Suspira."}', lines(*streamed))


def model_builder(stage: Stage) -> None:
    made = {"status": "quantizing F16 model to Q4_K_M", "digest": "0000000000000000000", "total": 9, "completed": 3}
    answer(stage, "/api/create", json_reply(DONE), lines(made, DONE))
    answer(stage, "/api/pull", lines({"status": "pulling manifest"}, LAYER, {**LAYER, "completed": 1024}, DONE))
    answer(stage, "/api/pull", json_reply(DONE))
    answer(stage, "/api/push", json_reply(DONE))
    model = {"name": "mine:latest", "model": "mine:latest", "digest": "a" * 64, "details": {"family": "gemma3"}}
    answer(stage, "/api/tags", json_reply({"models": [{**model, "size": 3 * 10**9, "modified_at": WHEN}]}))
    running = {**model, "size_vram": 2 * 10**9, "expires_at": WHEN, "context_length": 512}
    answer(stage, "/api/ps", json_reply({"models": [running]}))
    info = {"general.architecture": "gemma3"}
    answer(stage, "/api/show", json_reply({"template": "T", "model_info": info, "capabilities": ["completion"]}))
    answer(stage, "/api/copy", Reply(framing="length"))
    answer(stage, "/api/delete", Reply(framing="length"))


def several_at_once(stage: Stage) -> None:
    for _ in range(2):
        answer(stage, CHAT, ["Hel", "lo, ", "you ", "there"], Reply(opening="hang"))
        answer(stage, CHAT, lambda _body: None)
        answer(stage, GENERATE, *[generated_whole("One, two, three.")] * 3, generated("La ", "la"))
        answer(stage, "/api/embed", embedded([1, 0], [0, 1]))


def without_call_ids(seen: Seen) -> list[Seen]:
    """The published client drops ids of calls, and content that is empty."""
    for message in seen.body["messages"]:
        for call in message.get("tool_calls") or ():
            call.pop("id", None)
            call["function"].pop("index", None)
    return without_empty_content(seen)


def without_empty_content(seen: Seen) -> list[Seen]:
    """The published client drops content that is empty."""
    for message in (seen.body or {}).get("messages") or ():
        if message.get("content") == "":
            del message["content"]
    return [seen]


def without_asking_for_blobs(seen: Seen) -> list[Seen]:
    """The published client doesn't ask whether the server has the blob."""
    return [] if seen.what.startswith("HEAD /api/blobs/sha256:") else [seen]


def unchanged(seen: Seen) -> list[Seen]:
    return [seen]


@dataclass(frozen=True, slots=True)
class Program:
    """`set_up` puts the answers on the servers; `intended` makes of our requests what the published client sends."""

    set_up: Callable[[Stage], None]
    intended: Callable[[Seen], list[Seen]] = unchanged


PROGRAMS = {
    "librarian": Program(librarian, without_empty_content),
    "model_builder": Program(model_builder, without_asking_for_blobs),
    "patient_caller": Program(patient_caller),
    "several_at_once": Program(several_at_once),
    "shop_assistant": Program(shop_assistant, without_call_ids),
}


@pytest.fixture(scope="module")
def trusted_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"), ["ollama.com"])


def test_no_public_name_is_missing() -> None:
    assert {name for name in vars(published) if not name.startswith("_")} <= set(vars(ours))
    assert set(published.__all__) <= set(ours.__all__)


def test_each_program_is_known() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == set(PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_same_under_both(name: str, trusted_authority: Authority, tmp_path: Path) -> None:
    one, other = run(name, trusted_authority, tmp_path)
    assert (one.complaints, other.complaints) == ("", "")
    assert (one.code, other.code) == (0, 0)
    assert one.printed == other.printed
    assert one.printed.endswith("That was all.\n")
    assert [same for seen in one.seen for same in PROGRAMS[name].intended(seen)] == other.seen
    assert len(other.seen) >= 4


def run(name: str, trusted: Authority, folder: Path) -> list[Ran]:
    """The program under ours and under the published client, at the same time."""
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    with ExitStack() as stack:
        running = []
        for client in (OURS, PUBLISHED):
            stage = stack.enter_context(staged(trusted))
            PROGRAMS[name].set_up(stage)
            file = folder / client / "program.py"
            file.parent.mkdir()
            running.append((stack.enter_context(started(written_for(client, text), stage, file)), stage, file))
        return [finished(*each) for each in running]
