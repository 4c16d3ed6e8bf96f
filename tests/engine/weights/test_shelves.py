"""The pins, what is here, what fits, and copies from a folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.weights.a_server import WeightsServer
from tests.engine.weights.conftest import SIZE, model_of
from tutor.engine.weights import (
    Fetch,
    LocalSource,
    Model,
    PublisherSource,
    Source,
    WeightFile,
    best_fit,
    default_sources,
    fitting,
    model_named,
    models,
    survey,
)
from tutor.engine.weights.checksums import is_whole, reads_right

Starter = Callable[..., Fetch]
GB = 1_000_000_000


def test_the_pins_are_whole() -> None:
    assert [model.name for model in models()] == [
        "qwen2.5:7b",
        "qwen2.5:1.5b",
        "qwen2.5-coder:1.5b",
        "qwen2.5-coder:0.5b",
    ]
    for file in (file for model in models() for file in model.files):
        assert len(file.sha256) == 64
        assert len(file.revision) == 40
        assert not file.wheels or sum(wheel.bytes for wheel in file.wheels) == file.bytes
        assert all(len(wheel.sha256) == 64 for wheel in file.wheels)
        assert len({wheel.member for wheel in file.wheels}) == len(file.wheels)


def test_every_model_may_be_given_to_a_school() -> None:
    assert {model.licence for model in models()} == {"Apache-2.0"}
    assert {model.name for model in models() if model.talk == "free"} == {"qwen2.5:7b"}


def test_names() -> None:
    model = model_named("qwen2.5:7b")
    assert model is not None
    assert model.entry(Path("/m")).name == "qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf"
    assert model.bytes == 3_993_201_344 + 689_872_288
    assert model_named("qwen2.5:3b") is None


@pytest.mark.parametrize(
    ("free", "cores", "reached", "best"),
    [
        (16 * GB, 8, "all", "qwen2.5:7b"),
        (16 * GB, 4, "all", "qwen2.5:1.5b"),
        (7 * GB, 32, "all", "qwen2.5:1.5b"),
        (4 * GB, 2, "coder", "qwen2.5-coder:1.5b"),
        (3 * GB, 2, "all", "qwen2.5-coder:0.5b"),
        (1 * GB, 2, "all", None),
        (16 * GB, 8, "none", None),
        (0, 32, "all", "qwen2.5:1.5b"),
        (0, 2, "0.5b", "qwen2.5-coder:0.5b"),
    ],
)
def test_best_fit(free: int, cores: int, reached: str, best: str | None) -> None:
    found = best_fit(free, lambda model: reached == "all" or reached in model.name, cores=cores)
    assert (found and found.name) == best


def test_a_big_model_is_a_choice_even_on_few_cores() -> None:
    assert "qwen2.5:7b" in [model.name for model in fitting(8 * GB)]


def test_nothing_is_too_big_for_an_unknown_memory() -> None:
    assert fitting(0) == list(models())
    assert fitting(1) == []


def test_survey_asks_in_order(model: Model, server: WeightsServer, tmp_path: Path) -> None:
    sources: list[Source] = [LocalSource(tmp_path), PublisherSource(server.url)]
    assert survey([model], sources) == {"tiny:1k": "publisher"}
    (tmp_path / "tiny.gguf").write_bytes(bytes(SIZE))
    assert survey([model], sources) == {"tiny:1k": "local"}
    assert survey([model], []) == {"tiny:1k": None}


def test_default_sources(tmp_path: Path) -> None:
    everything = default_sources({"POLYGLOTT_WEIGHTS_DIR": str(tmp_path), "HF_ENDPOINT": "http://127.0.0.1:9"})
    assert [source.code for source in everything] == ["local", "publisher", "packages"]
    assert isinstance(everything[1], PublisherSource)
    assert everything[1].home == "http://127.0.0.1:9"
    assert [source.code for source in default_sources({})] == ["publisher", "packages"]
    assert [source.code for source in default_sources({}, only="packages")] == ["packages"]


def test_a_copy_from_a_folder_and_from_a_file(fetch: Starter, tmp_path: Path, body: bytes) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick/tiny.gguf").write_bytes(body)
    assert fetch(LocalSource(tmp_path / "stick")).run().state == "done"
    (tmp_path / "models/tiny.gguf").unlink()
    assert fetch(LocalSource(tmp_path / "stick/tiny.gguf")).run().source == "local"
    assert (tmp_path / "models/tiny.gguf").read_bytes() == body
    assert (tmp_path / "stick/tiny.gguf").read_bytes() == body


def test_a_bad_copy_gives_way_to_the_next_source(
    fetch: Starter, publisher: PublisherSource, tmp_path: Path, body: bytes
) -> None:
    (tmp_path / "tiny.gguf").write_bytes(bytes(SIZE))
    end = fetch(LocalSource(tmp_path), LocalSource(tmp_path / "none"), publisher).run()
    assert end.failures == (("local", "wrong_bytes"), ("local", "source_missing"))
    assert (end.state, end.source) == ("done", "publisher")
    assert (tmp_path / "models/tiny.gguf").read_bytes() == body


def test_a_copy_of_another_size_is_not_begun(fetch: Starter, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(b"short")
    assert fetch(LocalSource(tmp_path)).run().error == "wrong_length"


def test_no_source_at_all(fetch: Starter) -> None:
    assert fetch().run().error == "no_source"


def test_a_file_put_there_by_hand_is_read_once(fetch: Starter, tmp_path: Path, body: bytes) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models/tiny.gguf").write_bytes(body)
    assert fetch().run().state == "done"
    assert (tmp_path / "models/tiny.gguf.sha256").read_text() == f"{hashlib.sha256(body).hexdigest()}  tiny.gguf\n"


def test_a_stamp_counts_only_for_the_file_it_was_made_for(weight_file: WeightFile, tmp_path: Path, body: bytes) -> None:
    target, mark = tmp_path / "tiny.gguf", tmp_path / "tiny.gguf.sha256"
    target.write_bytes(body)
    assert not is_whole(weight_file, tmp_path)
    assert reads_right(weight_file, tmp_path)
    assert is_whole(weight_file, tmp_path)
    assert not is_whole(replace(weight_file, sha256="0" * 64), tmp_path)
    later = mark.stat().st_mtime_ns + 1_000_000_000
    os.utime(target, ns=(later, later))
    assert not is_whole(weight_file, tmp_path)
    target.write_bytes(bytes(SIZE))
    assert not reads_right(weight_file, tmp_path)
    assert not mark.exists()


def test_a_model_of_two_files(server: WeightsServer, tmp_path: Path, body: bytes) -> None:
    one = WeightFile("a-00001-of-00002.gguf", SIZE, hashlib.sha256(body).hexdigest(), "T/T", "1")
    two = replace(one, name="a-00002-of-00002.gguf")
    end = Fetch(model_of(one, two), tmp_path, [PublisherSource(server.url)]).run()
    assert (end.state, end.bytes_done, end.bytes_total) == ("done", 2 * SIZE, 2 * SIZE)
    assert {path.name for path in tmp_path.glob("*.gguf")} == {one.name, two.name}
