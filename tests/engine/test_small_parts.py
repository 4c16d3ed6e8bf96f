"""The engine's parts that need no process: durations, options, requests, headers, names, history, fitness."""

from __future__ import annotations

import json
import math
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.engine import fitness
from tutor.engine.chat_request import BadRequest, read_chat_request
from tutor.engine.durations import BadDuration, keep_alive_s
from tutor.engine.gguf_header import NotAModel, read_header
from tutor.engine.go_json import moment, to_json
from tutor.engine.history import shortened
from tutor.engine.llama import MOST_STATES_MIB, states_mib
from tutor.engine.model_store import BadName, ModelStore, UnknownModel, full_name, open_model
from tutor.engine.options import BadOption, checked, for_llama

GIB = 1024**3


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, 300.0),
        (0, 0.0),
        ("0", 0.0),
        (12.5, 12.5),
        ("5m", 300.0),
        ("1h30m", 5400.0),
        ("1.5s", 1.5),
        ("250ms", 0.25),
        (-1, math.inf),
        ("-1m", math.inf),
    ],
)
def test_keep_alive(value: object, seconds: float) -> None:
    assert keep_alive_s(value, default_s=300.0) == pytest.approx(seconds)


@pytest.mark.parametrize("value", ["soon", "", "5", "5 m", "--1m", "m", [], True])
def test_no_duration(value: object) -> None:
    with pytest.raises(BadDuration):
        keep_alive_s(value, default_s=300.0)


def test_options_for_llama() -> None:
    sampling = for_llama(
        checked({"num_predict": 3.5, "temperature": 0, "stop": ["a", ""], "unknown": "x", "num_ctx": 8})
    )
    assert (sampling["max_tokens"], sampling["temperature"], sampling["stop"]) == (3, 0.0, ["a"])
    assert (sampling["top_k"], sampling["top_p"], sampling["min_p"], sampling["seed"]) == (40, 0.9, 0.0, -1)
    assert "unknown" not in sampling
    assert "num_ctx" not in sampling
    assert for_llama(checked({"num_predict": 0}))["max_tokens"] == -1


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"temperature": "hot"}, 'option "temperature" must be of type float32'),
        ({"top_k": "4"}, 'option "top_k" must be of type integer'),
        ({"seed": True}, 'option "seed" must be of type integer'),
        ({"use_mmap": 1}, 'option "use_mmap" must be of type boolean'),
        ({"stop": "5"}, 'option "stop" must be of type array'),
        ({"stop": [5]}, 'option "stop" must be of an array of strings'),
    ],
)
def test_options_of_the_wrong_type(options: dict[str, Any], text: str) -> None:
    with pytest.raises(BadOption, match=text):
        checked(options)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_request_or_a_bad_one(body: bytes) -> None:
    with pytest.raises(BadRequest):
        read_chat_request(body, keep_alive_default_s=300.0)


@given(st.dictionaries(st.sampled_from(["model", "messages", "options", "think", "keep_alive", "tools"]), st.text()))
def test_any_fields_are_a_request_or_a_bad_one(fields: dict[str, str]) -> None:
    body = json.dumps(fields).encode()
    if set(fields) <= {"model"} and fields.get("model"):
        assert read_chat_request(body, keep_alive_default_s=300.0).model == fields["model"]
        return
    with pytest.raises(BadRequest):
        read_chat_request(body, keep_alive_default_s=300.0)


def test_the_header_of_a_model(tiny_gguf: Path) -> None:
    header = read_header(tiny_gguf)
    assert header.text("general.architecture") == "llama"
    assert header.metadata["tokenizer.ggml.tokens"] is None, "long arrays are not kept"
    assert {tensor.name for tensor in header.tensors} >= {"output.weight", "blk.0.ffn_up.weight"}
    assert header.parameter_count > 300_000


def test_every_cut_of_a_header_is_said(tiny_gguf: Path, tmp_path: Path) -> None:
    start = tiny_gguf.read_bytes()[:9000]
    cut = tmp_path / "cut.gguf"
    for length in range(0, len(start), 97):
        cut.write_bytes(start[:length])
        with pytest.raises(NotAModel):
            read_header(cut)


def test_lengths_that_lie(tmp_path: Path) -> None:
    liar = tmp_path / "liar.gguf"
    liar.write_bytes(b"GGUF" + (3).to_bytes(4, "little") + (2**63).to_bytes(8, "little") * 2)
    with pytest.raises(NotAModel):
        read_header(liar)


def test_names(tiny_gguf: Path) -> None:
    store = ModelStore([open_model("tiny", tiny_gguf), open_model("Org/other:1b", tiny_gguf)])
    assert store.find("tiny").name == store.find("TINY:latest").name == "tiny:latest"
    assert store.find("org/other:1B").name == "Org/other:1b"
    with pytest.raises(UnknownModel, match="nope:latest"):
        store.find("nope")
    for name in ("a b", "", "../x", "a:", "a\n", "ñ"):
        with pytest.raises(BadName):
            full_name(name)


def test_a_history_is_cut_from_its_old_end() -> None:
    talk = [{"role": "system", "content": "s" * 30}]
    talk += [{"role": ("user", "assistant")[turn % 2], "content": f"{turn:02d}" * 20} for turn in range(20)]
    newest = {"role": "user", "content": "newest"}
    cut = shortened([*talk, newest], tokens=1000, context=600)
    assert cut is not None
    assert (cut[0], cut[-1]) == (talk[0], newest)
    assert list(cut[1:-1]) == talk[-(len(cut) - 2) :], "one piece, the newest"
    assert 8 <= len(cut) < 16
    assert shortened([talk[0], newest], tokens=1000, context=600) is None


def test_words_are_escaped_as_go_does() -> None:
    assert to_json({"a": "<b>&\u2028é"}) == '{"a":"\\u003cb\\u003e\\u0026\\u2028é"}'
    assert moment(1_795_363_257_000_000_042) == "2026-11-22T16:00:57.000000042Z"


def test_memory_for_states_is_bounded() -> None:
    assert states_mib(2 * GIB) == 512
    assert states_mib(64 * GIB) == MOST_STATES_MIB
    assert 0 < states_mib(0) <= MOST_STATES_MIB


def test_this_machine_is_fit() -> None:
    found = fitness.check()
    assert (found.reason, found.ok) == (fitness.Reason.OK, True)
    assert found.free_bytes > 0
    assert fitness.check(needs_bytes=2**60).reason is fitness.Reason.NO_MEMORY


@pytest.mark.parametrize(
    ("limit", "used", "stat", "free"),
    [
        ("50000", "1000", "", 49_000),
        ("50000", "1000", "anon 7\nactive_file 200\ninactive_file 300\nworkingset_refault_file 9\n", 49_500),
        ("50000", "50100", "", 1),
    ],
)
def test_free_memory_minds_the_container(tmp_path: Path, limit: str, used: str, stat: str, free: int) -> None:
    for name, told in (("max", limit), ("current", used), ("stat", stat)):
        (tmp_path / f"memory.{name}").write_text(f"{told}\n")
    assert fitness.free_memory_bytes(tmp_path) == free
    (tmp_path / "memory.max").write_text("max\n")
    assert fitness.free_memory_bytes(tmp_path) > 100_000_000


def test_where_the_system_does_not_tell_its_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitness, "MEMINFO", tmp_path / "none")
    monkeypatch.delattr(os, "sysconf")
    assert fitness.free_memory_bytes(tmp_path) == 0
    assert fitness.check(needs_bytes=2**60).reason is fitness.Reason.OK
    for name, told in (("max", "5000"), ("current", "0"), ("stat", "")):
        (tmp_path / f"memory.{name}").write_text(told)
    assert fitness.free_memory_bytes(tmp_path) == 5000


@pytest.mark.parametrize(
    ("flags", "reason"),
    [("fpu sse2 avx", fitness.Reason.NO_AVX2), ("fpu avx2 fma f16c bmi2", fitness.Reason.OK)],
)
def test_the_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, reason: fitness.Reason) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text(f"processor\t: 0\nflags\t\t: {flags}\n")
    monkeypatch.setattr(fitness, "CPUINFO", told)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    assert fitness.check().reason is reason


def test_looking_does_not_load_the_library() -> None:
    program = (
        "import sys; from tutor.engine import child, fitness; fitness.check(); assert 'xllamacpp' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2], timeout=50)
