"""Pause, resume, cancel, kill -9, a full disk: what happens to a fetch from outside."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.weights import a_server
from tests.engine.weights.a_server import WeightsServer
from tests.engine.weights.conftest import SIZE, model_of, wait_for
from tutor.engine.weights import Fetch, Model, Progress, PublisherSource, WeightFile

ROOT = Path(__file__).parents[3]
Starter = Callable[..., Fetch]


@contextmanager
def running(fetch: Fetch) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=fetch.run)
    thread.start()
    try:
        yield thread
    finally:
        fetch.cancel(keep_part=True)
        thread.join(30)
        assert not thread.is_alive()


def patient(server: WeightsServer) -> PublisherSource:
    """It would take a silence of half a minute to be a stall."""
    return PublisherSource(server.url, stall_s=30)


def test_pause_and_resume(fetch: Starter, server: WeightsServer, tmp_path: Path, body: bytes) -> None:
    server.moods = [a_server.stall_after(250_000)]
    fetching = fetch(patient(server))
    with running(fetching) as thread:
        wait_for(lambda: fetching.progress.bytes_done >= 250_000)
        asked_at = time.monotonic()
        fetching.pause()
        wait_for(lambda: fetching.progress.state == "paused")
        assert time.monotonic() - asked_at < 15, "a pause must not wait for a silent server"
        assert fetching.progress.bytes_done == 250_000
        fetching.resume()
        thread.join(30)
    assert fetching.progress.state == "done"
    assert server.gets() == [None, "bytes=250000-"]
    assert (tmp_path / "models/tiny.gguf").read_bytes() == body


def test_paused_before_it_runs(fetch: Starter, server: WeightsServer) -> None:
    fetching = fetch(patient(server))
    fetching.pause()
    with running(fetching) as thread:
        wait_for(lambda: fetching.progress.state == "paused")
        assert server.asked == []
        fetching.resume()
        thread.join(30)
    assert fetching.progress.state == "done"


def test_cancel_leaves_nothing(fetch: Starter, server: WeightsServer, tmp_path: Path) -> None:
    server.moods = [a_server.stall_after(250_000)]
    fetching = fetch(patient(server))
    with running(fetching) as thread:
        wait_for(lambda: fetching.progress.bytes_done >= 250_000)
        fetching.cancel()
        thread.join(30)
    assert fetching.progress.state == "cancelled"
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize("keep_part", [False, True])
def test_cancel_in_the_second_file(server: WeightsServer, tmp_path: Path, body: bytes, keep_part: bool) -> None:
    """What this run has fetched goes, whole files too; what was there before stays."""
    first = WeightFile("a.gguf", SIZE, hashlib.sha256(body).hexdigest(), "T/T", "1")
    model = model_of(replace(first, name="mine.gguf"), first, replace(first, name="b.gguf"))
    (tmp_path / "mine.gguf").write_bytes(body)
    server.moods = [a_server.honest, a_server.stall_after(250_000)]
    fetching = Fetch(model, tmp_path, [patient(server)])
    with running(fetching) as thread:
        wait_for(lambda: fetching.progress.bytes_done >= 2 * SIZE + 250_000)
        fetching.cancel(keep_part=keep_part)
        thread.join(30)
    assert fetching.progress.state == "cancelled"
    came = {"a.gguf", "a.gguf.sha256", "b.gguf.part", "b.gguf.part.json"} if keep_part else set()
    assert {path.name for path in tmp_path.iterdir()} == {"mine.gguf", "mine.gguf.sha256"} | came


def test_cancel_while_paused_can_keep_the_part(fetch: Starter, server: WeightsServer, tmp_path: Path) -> None:
    server.moods = [a_server.stall_after(250_000)]
    fetching = fetch(patient(server))
    with running(fetching) as thread:
        wait_for(lambda: fetching.progress.bytes_done >= 250_000)
        fetching.pause()
        wait_for(lambda: fetching.progress.state == "paused")
        fetching.cancel(keep_part=True)
        thread.join(30)
    assert fetching.progress.state == "cancelled"
    assert (tmp_path / "models/tiny.gguf.part").stat().st_size == 250_000
    assert (tmp_path / "models/tiny.gguf.part").stat().st_mode & 0o777 == 0o600


def test_two_at_once(fetch: Starter, server: WeightsServer) -> None:
    server.moods = [a_server.stall_after(250_000)]
    first = fetch(patient(server))
    with running(first):
        wait_for(lambda: first.progress.bytes_done >= 250_000)
        assert fetch(patient(server)).run().error == "busy"


def child(server: WeightsServer, folder: Path, file: WeightFile, *limit: int) -> subprocess.Popen[bytes]:
    asked = [sys.executable, "-m", "tests.engine.weights.a_child", server.url, str(folder)]
    asked += [str(file.bytes), file.sha256, *map(str, limit)]
    return subprocess.Popen(asked, cwd=ROOT, stdout=subprocess.PIPE)


def test_killed_in_the_middle_goes_on_afterwards(
    fetch: Starter, server: WeightsServer, weight_file: WeightFile, tmp_path: Path, body: bytes
) -> None:
    server.moods = [a_server.stall_after(250_000)]
    part = tmp_path / "models/tiny.gguf.part"
    with child(server, tmp_path / "models", weight_file) as process:
        wait_for(lambda: part.exists() and part.stat().st_size == 250_000)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert fetch(patient(server)).run().state == "done"
    assert server.gets() == [None, "bytes=250000-"]
    assert (tmp_path / "models/tiny.gguf").read_bytes() == body


def test_a_disk_that_fills_up_keeps_what_fitted(
    fetch: Starter, server: WeightsServer, weight_file: WeightFile, tmp_path: Path, body: bytes
) -> None:
    """The child may write 300,000 bytes to a file; the kernel refuses the next one (EFBIG)."""
    with child(server, tmp_path / "models", weight_file, 300_000) as process:
        output, _ = process.communicate(timeout=50)
    assert json.loads(output) == {"state": "failed", "error": "disk_full"}
    assert (tmp_path / "models/tiny.gguf.part").stat().st_size == 300_000
    assert fetch(patient(server)).run().state == "done"
    assert server.gets()[-1] == "bytes=300000-"
    assert (tmp_path / "models/tiny.gguf").read_bytes() == body


def test_a_disk_without_a_single_byte_left(fetch: Starter, server: WeightsServer, tmp_path: Path) -> None:
    """/dev/full answers each write with ENOSPC; no other source is bothered."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models/tiny.gguf.part").symlink_to("/dev/full")
    end = fetch(patient(server), patient(server)).run()
    assert (end.state, end.error) == ("failed", "disk_full")
    assert len(server.gets()) == 1


def test_too_little_room_is_said_before_anything_is_asked(
    server: WeightsServer, weight_file: WeightFile, tmp_path: Path
) -> None:
    huge = model_of(replace(weight_file, bytes=10**15))
    end = Fetch(huge, tmp_path, [patient(server)]).run()
    assert (end.state, end.error) == ("failed", "no_space")
    assert 0 < end.bytes_missing <= 10**15 + (1 << 30)
    assert server.asked == []
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_no_folder(model: Model, server: WeightsServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert Fetch(model, tmp_path / "file", [patient(server)]).run().error == "broken"


def test_progress_tells_speed_and_time_left(model: Model, server: WeightsServer, tmp_path: Path) -> None:
    seen: list[Progress] = []
    server.moods = [a_server.cut_after(200_000), a_server.stall_after(200_000)]
    fetching = Fetch(model, tmp_path, [patient(server)], seen.append, retry_wait_s=0.3)
    with running(fetching) as thread:
        wait_for(lambda: fetching.progress.bytes_done >= 400_000)
        fetching.pause()
        wait_for(lambda: fetching.progress.state == "paused")
        fetching.resume()
        thread.join(30)
    states = [picture.state for picture in seen]
    assert states[0] == "checking"
    assert states[-1] == "done"
    assert {"downloading", "paused", "verifying"} <= set(states)
    assert all(picture.bytes_total == SIZE for picture in seen)
    assert fetching.progress.ended


def test_a_part_of_other_weights_is_not_continued(
    fetch: Starter, server: WeightsServer, tmp_path: Path, body: bytes
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models/tiny.gguf.part").write_bytes(b"old" * 1000)
    (tmp_path / "models/tiny.gguf.part.json").write_text(json.dumps({"sha256": "0" * 64}))
    assert fetch(patient(server)).run().state == "done"
    assert server.gets() == [None]
    assert (tmp_path / "models/tiny.gguf").read_bytes() == body


def test_the_folder_cannot_be_written(model: Model, server: WeightsServer) -> None:
    if os.geteuid() == 0:
        folder = Path("/proc/1/models")  # root may write anywhere but there
        assert Fetch(model, folder, [patient(server)]).run().state == "failed"
    else:
        assert Fetch(model, Path("/models"), [patient(server)]).run().error == "no_rights"
