"""The calls about models and files, of either twin."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ollama.watching import MODEL, connections
from tutor.ollama import AsyncClient, Incomplete, ReadTimedOut, RequestError, ResponseError, Timeouts
from tutor.ollama.testing import Model, Reply, ScriptedOllama
from tutor.ollama.testing.received import PATIENCE_S, until
from tutor.ollama.types import SystemOneChoiceAnswer, SystemOneChoiceQuestion

MakeClient = Callable[..., AsyncClient]

MEGABYTE = 1024 * 1024
QUESTIONS: dict[str, Any] = {
    "mood": SystemOneChoiceQuestion(instructions="How?", criteria={"good": None, "bad": None}),
    "polite": {"type": "noul", "instructions": "Polite?"},
}


@pytest.fixture
def blob(tmp_path: Path) -> Path:
    """A file of two and a half blocks."""
    path = tmp_path / "x.gguf"
    path.write_bytes(os.urandom(MEGABYTE * 5 // 2))
    return path


def digest_of(path: Path) -> str:
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


async def test_lists_and_shows(server: ScriptedOllama, client: AsyncClient) -> None:
    server.models = [
        Model(MODEL),
        Model("far:cloud", remote_host="https://ollama.com:443", remote_model="far"),
    ]
    models = (await client.list()).models
    assert [m.name for m in models] == [MODEL, "far:cloud"]
    assert [m.remote_host for m in models] == [None, "https://ollama.com:443"]
    assert (await client.show(MODEL)).capabilities == ["completion"]
    assert (await client.ps()).models == []
    await client.chat(MODEL, [])
    assert [m.name for m in (await client.ps()).models] == [MODEL]
    assert str(await client.version()) == server.version
    with pytest.raises(RequestError):
        await client.show("")
    with pytest.raises(ResponseError, match="not found"):
        await client.show("nobody")


async def test_numbers(server: ScriptedOllama, client: AsyncClient) -> None:
    server.models = [Model("all-minilm", capabilities=("embedding",)), Model(MODEL)]
    assert [len(v) for v in (await client.embed("all-minilm", ["a", "b"], dimensions=8)).embeddings] == [8, 8]
    assert len((await client.embeddings("all-minilm", "a")).embedding) == 384
    answers = (await client.systemone(MODEL, "hola", QUESTIONS)).answers
    assert isinstance(answers["mood"], SystemOneChoiceAnswer)
    assert answers["mood"].choice == "good"
    with pytest.raises(ResponseError):
        await client.embed("nobody", "a")


async def test_a_name_is_given_and_taken(server: ScriptedOllama, client: AsyncClient) -> None:
    assert (await client.copy(MODEL, "tutor")).status == "success"
    assert [m.name for m in (await client.list()).models] == ["tutor:latest", MODEL]
    assert (await client.delete("tutor")).status == "success"
    for call in (client.delete("tutor"), client.copy("nobody", "x")):
        with pytest.raises(ResponseError) as caught:
            await call
        assert caught.value.status_code == 404
    server.script(Reply(status=202, headers={}, framing="length"), path="/api/delete")
    assert (await client.delete(MODEL)).status == "error"
    assert connections(server) == 1


async def test_progress(server: ScriptedOllama, client: AsyncClient) -> None:
    server.registry.append(Model("llama3.2"))
    async with await client.pull("llama3.2", stream=True) as stream:
        steps = [step async for step in stream]
    assert steps[0].status == "pulling manifest"
    assert [step.completed for step in steps if step.total][-1] == 102
    assert (await stream.final()).status == "success"
    assert (await client.push("llama3.2")).status == "success"
    assert (await (await client.push("llama3.2", stream=True)).final()).status == "success"
    assert (await client.create("tutor", from_="llama3.2", system="x")).status == "success"
    assert (await (await client.create("tutor", from_="llama3.2", stream=True)).final()).status == "success"


@pytest.mark.parametrize("call", ["pull", "push"])
async def test_progress_that_fails(server: ScriptedOllama, client: AsyncClient, call: str) -> None:
    """The status was 200 long before."""
    with pytest.raises(ResponseError) as caught:
        await (await getattr(client, call)("nobody", stream=True)).final()
    assert caught.value.status_code == -1
    with pytest.raises(ResponseError):
        await getattr(client, call)("nobody")
    server.script(Reply([b'{"status":"pulling manifest"}\n']), path=f"/api/{call}")
    with pytest.raises(Incomplete) as broken:
        await (await getattr(client, call)("m", stream=True)).final()
    assert broken.value.response is not None


async def test_a_pull_that_is_left_ends_and_goes_on_later(server: ScriptedOllama, client: AsyncClient) -> None:
    server.registry.append(Model("llama3.2"))
    server.progress_delay_s = 0.02
    async with await client.pull("llama3.2", stream=True) as stream:
        async for step in stream:
            if step.completed:
                break
    await server.requests[0].wait_hung_up()
    assert server.find("llama3.2") is None
    server.progress_delay_s = 0.0
    again = [step async for step in await client.pull("llama3.2", stream=True)]
    assert next(step.completed for step in again if step.total)
    assert server.find("llama3.2")


async def test_a_file_is_uploaded_once(server: ScriptedOllama, client: AsyncClient, blob: Path) -> None:
    size, heard = blob.stat().st_size, []
    for _ in range(2):
        assert await client.create_blob(blob, on_progress=lambda *sizes: heard.append(sizes)) == digest_of(blob)
    assert heard == [(MEGABYTE, size), (2 * MEGABYTE, size), (size, size), (size, size), (size, size)]
    assert [r.method for r in server.requests] == ["HEAD", "POST", "HEAD"]
    assert server.requests[1].headers["content-length"] == str(size)
    assert server.blobs[digest_of(blob)] == size
    assert (await client.create("filed", files={"x.gguf": digest_of(blob)})).status == "success"


async def test_an_empty_file(server: ScriptedOllama, client: AsyncClient, tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    assert await client.create_blob(str(path)) == f"sha256:{hashlib.sha256().hexdigest()}"
    # It has nothing to spare: nobody asks whether it is there.
    assert [(request.method, request.body_bytes) for request in server.requests] == [("POST", 0)]


async def test_a_missing_file(server: ScriptedOllama, client: AsyncClient, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await client.create_blob(tmp_path / "nothing")
    assert not server.requests


async def test_a_file_that_changes_meanwhile(server: ScriptedOllama, client: AsyncClient, blob: Path) -> None:
    changed = bytearray(blob.read_bytes())
    changed[-1] ^= 1

    def change(*_: int) -> None:
        blob.write_bytes(changed)

    with pytest.raises(ResponseError, match="digest mismatch") as caught:
        await client.create_blob(blob, on_progress=change)
    assert caught.value.status_code == 400


async def test_a_file_that_shrinks_meanwhile(server: ScriptedOllama, client: AsyncClient, blob: Path) -> None:
    def cut(*_: int) -> None:
        os.truncate(blob, MEGABYTE)

    with pytest.raises(RequestError, match="changed"):
        await client.create_blob(blob, on_progress=cut)
    assert not server.blobs


async def test_a_file_that_grows_meanwhile(server: ScriptedOllama, client: AsyncClient, blob: Path) -> None:
    def grow(*_: int) -> None:
        with blob.open("ab") as file:
            file.write(bytes(MEGABYTE))

    with pytest.raises(RequestError, match="changed"):
        await client.create_blob(blob, on_progress=grow)
    assert not server.blobs


@pytest.mark.parametrize("wakes", [True, False])
async def test_a_server_that_is_slow_to_read(make_client: MakeClient, tmp_path: Path, wakes: bool) -> None:
    """It is waited for, as long as a step may take."""
    path = tmp_path / "large"
    path.write_bytes(bytes(48 * MEGABYTE))
    over = asyncio.Event()
    serving: set[asyncio.Task[Any] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"POST"):
            await (asyncio.sleep(0.2) if wakes else over.wait())
            await reader.readexactly(path.stat().st_size)
        status = b"201 Created" if head.startswith(b"POST") else b"404 Not Found"
        writer.write(b"HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status)
        writer.close()

    async def survive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await serve(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        serving.discard(asyncio.current_task())

    listener = await asyncio.start_server(survive, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    async with make_client(f"127.0.0.1:{port}", timeout=Timeouts(between_s=PATIENCE_S if wakes else 0.1)) as client:
        if wakes:
            assert await client.create_blob(path) == digest_of(path)
        else:
            with pytest.raises(ReadTimedOut):
                await client.create_blob(path)
    over.set()
    listener.close()
    await until(lambda: not serving)


@pytest.mark.parametrize("status", [200, 401])
async def test_an_answer_before_the_body_has_been_read(
    server: ScriptedOllama, client: AsyncClient, tmp_path: Path, status: int
) -> None:
    """Somebody else brought the file meanwhile, or the server wants none; either way it hangs up while we write."""
    path = tmp_path / "large"
    path.write_bytes(bytes(32 * MEGABYTE))
    early = Reply(status=status, headers={}, framing="length", before_body=True)
    server.script(early, path="/api/blobs/", method="POST")
    if status == 200:
        assert await client.create_blob(path) == digest_of(path)
    else:
        with pytest.raises(ResponseError) as caught:
            await client.create_blob(path)
        assert caught.value.status_code == 401
    assert server.requests[1].body_bytes < path.stat().st_size


async def test_a_refusal_of_the_upload_is_told(server: ScriptedOllama, client: AsyncClient, blob: Path) -> None:
    server.script(Reply(status=500, headers={}, framing="length"), path="/api/blobs/")
    with pytest.raises(ResponseError) as caught:
        await client.create_blob(blob)
    assert caught.value.status_code == 500
    assert [request.method for request in server.requests] == ["HEAD", "POST"]


async def test_an_upload_has_budgets_for_each_step(server: ScriptedOllama, make_client: MakeClient, blob: Path) -> None:
    """The sum of the steps may take longer than any of them."""
    server.script(Reply(opening="hang"), path="/api/blobs/", method="POST")
    async with make_client(server.base_url, timeout=Timeouts(whole_s=0.8, between_s=PATIENCE_S)) as client:
        with pytest.raises(ReadTimedOut):
            await client.create_blob(blob)
        await server.requests[-1].wait_hung_up()
        with pytest.raises(TimeoutError):
            await client.create_blob(blob, timeout=0.8)
    server.script(Reply(status=503, headers={}, framing="length"), path="/api/blobs/", method="POST")
    async with make_client(server.base_url) as client:
        with pytest.raises(ResponseError):
            await client.create_blob(blob)
    assert [r.method for r in server.requests] == ["HEAD", "POST"] * 3


async def test_uploads_side_by_side(server: ScriptedOllama, client: AsyncClient, tmp_path: Path) -> None:
    paths = [tmp_path / str(number) for number in range(4)]
    for path in paths:
        path.write_bytes(os.urandom(MEGABYTE))
    digests = await asyncio.gather(*(client.create_blob(path) for path in paths))
    assert server.blobs == dict.fromkeys(digests, MEGABYTE)
