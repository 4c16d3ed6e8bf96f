"""Every fault at every streamed path: the lines have the shapes of that path, and the wire breaks as promised."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from tutor.ollama.testing import ScriptedOllama, faults
from tutor.ollama.testing.faults import ALL_FAULTS, FAULTS
from tutor.ollama.testing.received import PATIENCE_S

PATHS = ["/api/chat", "/api/generate", "/api/pull", "/api/push", "/api/create"]
ENDLESS = {"endless", "drip", "endless_line"}
HANGING = {"hang_before_headers", "hang_before_first_token", "stall_mid_stream"}
BROKEN = {
    "close_before_headers", "reset_before_headers", "reset_mid_stream", "close_mid_stream", "chunk_cut",
    "length_too_long",
}  # fmt: skip
STATUSES = {
    "model_missing": 404, "not_found_text": 404, "server_error": 500, "busy": 503, "bad_gateway_page": 502,
    "redirect": 302, "moved": 301, "redirect_kept": 307, "redirect_permanent": 308, "too_long": 400,
    "rate_limited": 429, "bad_gateway": 502, "unauthorized": 401, "forbidden": 403, "client_closed": 499,
    "error_empty": 500, "error_object": 500, "error_scalar": 500,
}  # fmt: skip


async def played(server: ScriptedOllama, name: str, path: str) -> tuple[int, bytes]:
    server.fault(name, path=path)
    heard = bytearray()
    patience = httpx.Timeout(PATIENCE_S, read=0.15 if name in HANGING else PATIENCE_S)
    async with (
        httpx.AsyncClient(base_url=server.base_url, trust_env=False, timeout=patience) as http,
        http.stream("POST", path, json={"model": "m"}) as got,
    ):
        async for data in got.aiter_raw():
            heard += data
            if name in ENDLESS and len(heard) > 200:
                break
    return got.status_code, bytes(heard)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ALL_FAULTS)
async def test_played(server: ScriptedOllama, name: str, path: str) -> None:
    if name in HANGING:
        with pytest.raises(httpx.ReadTimeout):
            await played(server, name, path)
    elif name in BROKEN:
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await played(server, name, path)
    elif name == "huge_headers":
        with pytest.raises(httpx.RemoteProtocolError):
            await played(server, name, path)
    else:
        status, content = await played(server, name, path)
        assert status == STATUSES.get(name, 200)
        for item in objects(content):
            assert fits(item, path)


def objects(content: bytes) -> list[dict[str, Any]]:
    """The lines that are objects and no errors."""
    found = []
    for line in content.split(b"\n"):
        try:
            item = json.loads(line)
        except ValueError:
            continue
        if isinstance(item, dict) and "error" not in item:
            found.append(item)
    return found


def fits(item: dict[str, Any], path: str) -> bool:
    if path == "/api/chat":
        return "response" not in item and "status" not in item and "done" in item
    if path == "/api/generate":
        return "message" not in item and "status" not in item and "done" in item
    return list(item) == ["status"]


@pytest.mark.parametrize("path", PATHS)
def test_what_a_fault_says_before_it_breaks(path: str) -> None:
    for name in ALL_FAULTS.keys() - ENDLESS - STATUSES.keys():
        said = objects(ALL_FAULTS[name](path=path).whole())
        assert all(fits(item, path) for item in said), name


def test_the_old_list_is_a_part_of_the_whole_one() -> None:
    assert FAULTS.items() <= ALL_FAULTS.items()
    assert set(faults.__all__) == {"FAULTS", "ALL_FAULTS", *ALL_FAULTS}


async def test_then_well(server: ScriptedOllama) -> None:
    for name in ("rate_limited", "bad_gateway", "busy"):
        server.fault(name, once=True, path="/api/tags")
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as http:
        got = [await http.get("/api/tags") for _ in range(4)]
    assert [answer.status_code for answer in got] == [429, 502, 503, 200]
    assert [answer.headers.get("retry-after") for answer in got] == ["1", None, None, None]
    assert faults.busy(retry_after="5").headers["Retry-After"] == "5"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_can_lead_somewhere(server: ScriptedOllama, status: int) -> None:
    server.script(faults.redirect(status, f"{server.base_url}/api/version"), path="/api/tags")
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False, follow_redirects=True) as http:
        assert (await http.get("/api/tags")).json() == {"version": server.version}


async def test_499_has_no_name(server: ScriptedOllama) -> None:
    server.fault("client_closed", path="/api/tags")
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /api/tags HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert await reader.readline() == b"HTTP/1.1 499 status code 499\r\n"
    writer.close()
    await writer.wait_closed()


def test_a_reply_may_be_cut_at_any_byte() -> None:
    length = len(faults.cut_at(0).whole())
    for at in range(length + 1):
        steps = [step for step in faults.cut_at(at).each_step() if isinstance(step, bytes)]
        assert [len(step) for step in steps] == [size for size in (at, length - at) if size]
        assert len(objects(b"".join(steps))) == 2
    first = next(iter(faults.cut_at().each_step()))
    assert isinstance(first, bytes)
    with pytest.raises(UnicodeDecodeError):
        first.decode()
    assert len(objects(faults.cut_at(text="plain").whole())) == 2
