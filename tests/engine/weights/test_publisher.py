"""The publisher's file over a real socket: cut, lied about, replaced, endless, elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.weights import a_server
from tests.engine.weights.a_server import WeightsServer
from tests.engine.weights.conftest import SIZE
from tutor.engine.weights import Fetch, PublisherSource, WeightFile, installed

Starter = Callable[..., Fetch]


def part_of(tmp_path: Path) -> Path:
    return tmp_path / "models" / "tiny.gguf.part"


def assert_whole(tmp_path: Path, body: bytes) -> None:
    folder = tmp_path / "models"
    assert (folder / "tiny.gguf").read_bytes() == body
    assert (folder / "tiny.gguf").stat().st_mode & 0o777 == 0o644
    assert sorted(path.name for path in folder.iterdir()) == ["tiny.gguf", "tiny.gguf.sha256"]


def test_an_honest_server(fetch: Starter, publisher: PublisherSource, tmp_path: Path, body: bytes) -> None:
    end = fetch(publisher).run()
    assert (end.state, end.source, end.bytes_done, end.error) == ("done", "publisher", SIZE, None)
    assert_whole(tmp_path, body)


def test_asks_at_the_pinned_revision(publisher: PublisherSource, weight_file: WeightFile) -> None:
    assert publisher.address(weight_file).endswith("/Tiny/Tiny-GGUF/resolve/0123abc/tiny.gguf")


def test_goes_on_where_it_was_cut(
    fetch: Starter, server: WeightsServer, publisher: PublisherSource, tmp_path: Path, body: bytes
) -> None:
    server.moods = [a_server.cut_after(200_000), a_server.cut_after(200_000)]
    assert fetch(publisher).run().state == "done"
    assert server.gets() == [None, "bytes=200000-", "bytes=400000-"]
    assert server.asked[-1][2] == '"one"'
    assert_whole(tmp_path, body)


def test_gives_up_when_cut_for_ever_and_keeps_what_came(
    fetch: Starter, server: WeightsServer, publisher: PublisherSource, tmp_path: Path, body: bytes
) -> None:
    server.moods = [a_server.cut_after(1000) for _ in range(20)]
    end = fetch(publisher).run()
    assert (end.state, end.error) == ("failed", "cut_short")
    assert len(server.gets()) == 5
    server.moods = []
    assert fetch(publisher).run().state == "done"
    assert server.gets()[-1] == "bytes=5000-"
    assert_whole(tmp_path, body)


def test_a_server_that_ignores_range(
    fetch: Starter, server: WeightsServer, publisher: PublisherSource, tmp_path: Path, body: bytes
) -> None:
    server.moods = [a_server.cut_after(200_000), a_server.no_range_cut(400_000), a_server.no_range]
    assert fetch(publisher).run().state == "done"
    assert_whole(tmp_path, body)


def test_a_file_that_was_replaced_meanwhile_starts_anew(
    fetch: Starter, server: WeightsServer, publisher: PublisherSource, tmp_path: Path, body: bytes
) -> None:
    good, server.body = server.body, bytes(SIZE)
    server.moods = [a_server.cut_after(1000) for _ in range(5)]
    assert fetch(publisher).run().error == "cut_short"
    server.body, server.etag = good, '"two"'
    assert fetch(publisher).run().state == "done"
    assert_whole(tmp_path, body)


def test_wrong_bytes_are_thrown_away(
    fetch: Starter, server: WeightsServer, publisher: PublisherSource, tmp_path: Path
) -> None:
    server.moods = [a_server.wrong_bytes]
    end = fetch(publisher).run()
    assert (end.state, end.error, end.failures) == ("failed", "wrong_bytes", (("publisher", "wrong_bytes"),))
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize("difference", [-1, 1, 1_000_000])
def test_another_length_is_not_even_begun(
    fetch: Starter, server: WeightsServer, publisher: PublisherSource, tmp_path: Path, difference: int
) -> None:
    server.moods = [a_server.length_off_by(difference)]
    assert fetch(publisher).run().error == "wrong_length"
    assert not part_of(tmp_path).exists()


def test_an_endless_body_is_left_at_the_last_byte(
    fetch: Starter, server: WeightsServer, publisher: PublisherSource, tmp_path: Path, body: bytes
) -> None:
    server.moods = [a_server.endless]
    assert fetch(publisher).run().state == "done"
    assert_whole(tmp_path, body)


def test_a_redirect_is_followed(
    fetch: Starter, server: WeightsServer, publisher: PublisherSource, tmp_path: Path, body: bytes
) -> None:
    server.moods = [a_server.elsewhere("/another/place")]
    assert fetch(publisher).run().state == "done"
    assert_whole(tmp_path, body)


def test_redirects_in_a_circle_end(fetch: Starter, server: WeightsServer, publisher: PublisherSource) -> None:
    server.moods = [a_server.elsewhere("/round/and/round") for _ in range(30)]
    assert fetch(publisher).run().error == "bad_answer"
    assert len(server.gets()) < 10


@pytest.mark.parametrize(
    ("code", "error", "tries"), [(404, "source_missing", 1), (403, "source_missing", 1), (503, "source_unreachable", 2)]
)
def test_refusals(
    fetch: Starter, server: WeightsServer, publisher: PublisherSource, code: int, error: str, tries: int
) -> None:
    server.moods = [a_server.status(code) for _ in range(9)]
    assert fetch(publisher).run().error == error
    assert len(server.gets()) == tries


def test_an_answer_for_other_bytes_is_refused(
    fetch: Starter, server: WeightsServer, publisher: PublisherSource, tmp_path: Path
) -> None:
    server.moods = [a_server.cut_after(100_000), a_server.shifted]
    assert fetch(publisher).run().error == "bad_answer"
    assert part_of(tmp_path).stat().st_size == 100_000


def test_a_stall_is_noticed_and_gone_round(
    fetch: Starter, server: WeightsServer, hasty: PublisherSource, tmp_path: Path, body: bytes
) -> None:
    server.moods = [a_server.stall_after(100_000)]
    assert fetch(hasty).run().state == "done"
    assert server.gets()[-1] == "bytes=100000-"
    assert_whole(tmp_path, body)


def test_a_drip_is_a_stall(fetch: Starter, server: WeightsServer, hasty: PublisherSource) -> None:
    server.moods = [a_server.drip]
    started = time.monotonic()
    assert fetch(hasty).run().state == "done"
    assert len(server.gets()) == 2
    assert time.monotonic() - started < 30  # the file drips for hours


def test_nobody_there(fetch: Starter, server: WeightsServer) -> None:
    end = fetch(PublisherSource("http://127.0.0.1:9", stall_s=0.5)).run()
    assert (end.state, end.error) == ("failed", "source_unreachable")


def test_probe(server: WeightsServer, publisher: PublisherSource, weight_file: WeightFile) -> None:
    assert publisher.probe(weight_file)
    assert server.gets() == []
    server.body = b"short"
    assert not publisher.probe(weight_file)
    assert not PublisherSource("http://127.0.0.1:9", probe_s=0.5).probe(weight_file)


def test_https_is_not_left_for_http(weight_file: WeightFile) -> None:
    source = PublisherSource("https://127.0.0.1:9")
    with source._client(1.0) as client:
        refused = client.build_request("GET", "http://127.0.0.1:9/")
        with pytest.raises(Exception, match="bad_answer"):
            client.send(refused)


def test_a_second_run_has_nothing_to_do(fetch: Starter, server: WeightsServer, publisher: PublisherSource) -> None:
    fetch(publisher).run()
    asked = len(server.asked)
    assert fetch(publisher).run().state == "done"
    assert len(server.asked) == asked


def test_the_catalogue_does_not_know_the_tiny_model(tmp_path: Path) -> None:
    assert installed(tmp_path) == []
