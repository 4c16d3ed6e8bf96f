"""Every recorded exchange, replayed over a socket: method, status, headers and bytes are those of the real server."""

from __future__ import annotations

import time

import httpx
import pytest

from tutor.ollama.testing import Recording, ScriptedOllama, recording, recording_names

# What a proxy or this server may set otherwise without anybody noticing.
FREE = {"date", "transfer-encoding", "content-length", "connection"}


@pytest.mark.parametrize("name", recording_names())
async def test_replayed(server: ScriptedOllama, name: str) -> None:
    recorded = recording(name)
    server.replay(name)
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as client:
        try:
            request = client.build_request(recorded.method, recorded.path, json=recorded.body)
            got = await client.send(request)
        except httpx.RemoteProtocolError:
            # The recording breaks off: so does the replay.
            assert recorded.end != "complete"
            return
    assert recorded.end == "complete"
    assert (got.status_code, got.content) == (recorded.status, recorded.content)
    assert headers(recorded.headers) == headers(dict(got.headers))


def headers(given: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in given.items() if name.lower() not in FREE}


@pytest.mark.parametrize("name", ["root_head", "blob_head_missing", "blob_head_tiny"])
async def test_a_head_names_the_length_that_was_recorded(server: ScriptedOllama, name: str) -> None:
    recorded = recording(name)
    server.replay(name)
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as client:
        got = await client.head(recorded.path)
        assert got.headers.get("content-length") == recorded.headers.get("Content-Length")
        # The connection goes on in order.
        assert (await client.get("/api/version")).json() == {"version": server.version}
    assert server.requests[0].client_port == server.requests[1].client_port


async def test_two_recordings_of_one_path_do_not_get_in_each_others_way(server: ScriptedOllama) -> None:
    server.replay("root_head")
    server.replay("root")
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as client:
        assert (await client.head("/")).content == b""
        assert (await client.get("/")).text == "Ollama is running"


async def test_a_replay_once_comes_before_the_standing_one(server: ScriptedOllama) -> None:
    server.replay("tags")
    server.replay("err_host", once=True)
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as client:
        assert [(await client.get("/api/tags")).status_code for _ in range(3)] == [403, 200, 200]


async def test_in_real_time(server: ScriptedOllama) -> None:
    server.replay("pull_stream", in_real_time=True)
    wanted_s = recording("pull_stream").chunks[-1][0]
    began = time.monotonic()
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as client:
        await client.post("/api/pull", json={"model": "x"})
    assert time.monotonic() - began >= wanted_s


def test_recordings_keep_what_was_asked() -> None:
    asked = recording("copy")
    assert isinstance(asked, Recording)
    assert (asked.method, asked.body) == ("POST", {"source": "tutor", "destination": "tutor-copy"})
