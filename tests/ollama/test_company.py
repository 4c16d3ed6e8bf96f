"""The libraries that people use around httpx: another event loop, doubles of tests, what measures requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import respx
import trio
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pytest_httpx import HTTPXMock, IteratorStream

from tests.ollama.twins import make
from tests.ollama.watching import ASK, MODEL
from tutor.ollama import AsyncClient, Client, ReadTimedOut, ResponseError, Timeouts
from tutor.ollama.direct import is_httpx_patched
from tutor.ollama.testing import Reply, Say, ScriptedOllama, faults
from tutor.ollama.testing.received import PATIENCE_S, until_blocking
from tutor.ollama.testing.wire import last_line, line

HOLA = [line("Ho"), line("la"), last_line()]
WHOLE = {"message": {"role": "assistant", "content": "Hola"}, "done": True}
NOWHERE = "http://nowhere.invalid:11434"


@pytest.fixture
def far() -> Iterator[ScriptedOllama]:
    """A server in a thread of its own."""
    with ScriptedOllama.in_thread() as server:
        yield server


def test_under_trio(far: ScriptedOllama, tmp_path: Any) -> None:
    async def everything() -> str:
        async with AsyncClient(far.base_url, trust_env=False) as client:
            assert str(await client.version()) == far.version
            far.say(["Ho", "la"])
            assert (await client.chat(MODEL, ASK)).message.content == "Hola"
            async with await client.chat(MODEL, ASK, stream=True) as stream:
                assert [words async for words in stream.text_stream] == ["Ho", "la"]
            async with await client.chat(MODEL, ASK, stream=True) as stream:
                words = [chunk.message.content or "" async for batch in stream.in_batches(0.01) for chunk in batch]
            (tmp_path / "blob").write_bytes(b"blob")
            assert (await client.create_blob(tmp_path / "blob")).startswith("sha256:")
            return "".join(words)

    assert trio.run(everything) == "Hola"


def test_one_client_under_trio_and_asyncio(far: ScriptedOllama) -> None:
    far.say(["Hola"])
    client = AsyncClient(far.base_url, trust_env=False)

    async def ask() -> str:
        content = (await client.chat(MODEL, ASK)).message.content
        await client.close()
        return content or ""

    assert [trio.run(ask), asyncio.run(ask()), trio.run(ask)] == ["Hola"] * 3


def test_budgets_under_trio(far: ScriptedOllama) -> None:
    far.script(faults.hang_before_headers())

    async def ask() -> None:
        async with AsyncClient(far.base_url, trust_env=False, timeout=Timeouts(whole_s=0.3)) as client:
            await client.chat(MODEL, ASK)

    with pytest.raises(ReadTimedOut):
        trio.run(ask)


def test_a_busy_server_is_asked_again_under_trio(far: ScriptedOllama) -> None:
    far.script(faults.busy(retry_after="0"), once=True)

    async def ask() -> bool | None:
        async with AsyncClient(far.base_url, trust_env=False) as client:
            return (await (await client.chat(MODEL, ASK, stream=True)).final()).done

    assert trio.run(ask) is True
    assert len(far.chats) == 2


@pytest.mark.parametrize("fault", [faults.hang_before_headers, faults.stall_mid_stream])
def test_leaving_under_trio(far: ScriptedOllama, fault: Callable[[], Reply]) -> None:
    """Cancelled, closed by another task, or dropped: nothing goes on."""
    far.script(fault())

    async def cancelled(client: AsyncClient) -> None:
        with trio.move_on_after(0.2):
            await (await client.chat(MODEL, ASK, stream=True)).final()

    async def closed(client: AsyncClient) -> None:
        stream = await client.chat(MODEL, ASK, stream=True)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(read, stream)
            await trio.sleep(0.2)
            await stream.aclose()

    async def read(stream: Any) -> None:
        async for _ in stream:
            pass

    async def everything() -> None:
        async with AsyncClient(far.base_url, trust_env=False) as client:
            await cancelled(client)
            await closed(client)
            await trio.to_thread.run_sync(lambda: until_blocking(lambda: far.open_connections == 0))

    trio.run(everything)


def test_a_stream_dropped_under_trio(far: ScriptedOllama) -> None:
    far.script(faults.stall_mid_stream())

    async def drop() -> None:
        async with AsyncClient(far.base_url, trust_env=False) as client:
            await anext(await client.chat(MODEL, ASK, stream=True))
            await trio.to_thread.run_sync(lambda: until_blocking(lambda: far.open_connections == 0))

    async def keep() -> Any:
        stream = await AsyncClient(far.base_url, trust_env=False).chat(MODEL, ASK, stream=True)
        await anext(stream)
        return stream

    trio.run(drop)
    trio.run(keep)  # dropped when nothing runs any more: no complaint


def test_tools_under_trio(far: ScriptedOllama) -> None:
    """One in a thread, one awaited, one that takes too long."""

    def price(fruit: str) -> str:
        return f"{fruit}: 1 €"

    async def doubled(number: int) -> int:
        await trio.sleep(0)
        return 2 * number

    async def slow() -> None:
        await trio.sleep(PATIENCE_S)

    calls = [("price", {"fruit": "kiwi"}), ("doubled", {"number": 2}), ("slow", {})]
    asked = [{"function": {"name": name, "arguments": arguments}} for name, arguments in calls]
    far.script(Say([], tool_calls=asked), once=True)
    far.script(Say(["Hola"]))

    async def everything() -> list[str]:
        async with AsyncClient(far.base_url, trust_env=False) as client:
            run = await client.run_tools(MODEL, ASK, [price, doubled, slow], tool_timeout_s=0.3)
        return [result.text for result in run.calls]

    assert trio.run(everything) == ["kiwi: 1 €", "4", "TimeoutError: no result within 0.3 s"]


def test_without_a_loop_it_says_what_asyncio_says() -> None:
    asking = AsyncClient("box").version()
    with pytest.raises(RuntimeError, match="no running event loop"):
        asking.send(None)


@pytest.mark.parametrize("using", ["httpcore", "httpx"])
async def test_respx(twin: str, using: str) -> None:
    async with make(twin, NOWHERE) as client:
        for _ in range(2):
            with respx.mock(using=using) as router:
                route = router.post(f"{NOWHERE}/api/chat")
                route.return_value = httpx.Response(200, json=WHOLE)
                assert (await client.chat(MODEL, ASK)).message.content == "Hola"
                route.return_value = httpx.Response(200, content=b"".join(HOLA))
                assert (await (await client.chat(MODEL, ASK, stream=True)).final()).message.content == "Hola"
                assert route.call_count == 2
            assert not is_httpx_patched()


async def test_respx_lets_others_pass(server: ScriptedOllama, client: AsyncClient) -> None:
    await client.version()
    with respx.mock as router:
        router.get(f"{server.base_url}/api/version").respond(json={"version": "9"})
        assert str(await client.version()) == "9"
    assert str(await client.version()) == server.version


async def test_pytest_httpx(twin: str, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=f"{NOWHERE}/api/chat", json=WHOLE)
    httpx_mock.add_response(url=f"{NOWHERE}/api/chat", stream=IteratorStream(HOLA))
    httpx_mock.add_response(url=f"{NOWHERE}/api/show", status_code=404, json={"error": "not found"})
    async with make(twin, NOWHERE) as client:
        assert (await client.chat(MODEL, ASK)).message.content == "Hola"
        assert (await (await client.chat(MODEL, ASK, stream=True)).final()).message.content == "Hola"
        with pytest.raises(ResponseError, match="not found"):
            await client.show(MODEL)
    assert len(httpx_mock.get_requests()) == 3


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)
    yield exporter
    HTTPXClientInstrumentor().uninstrument()


async def test_opentelemetry(server: ScriptedOllama, client: AsyncClient, spans: InMemorySpanExporter) -> None:
    """A client that was there before."""
    assert (await client.chat(MODEL, ASK)).message.content
    assert (await (await client.chat(MODEL, ASK, stream=True)).final()).done
    assert [span.name for span in spans.get_finished_spans()] == ["POST", "POST"]
    assert all("traceparent" in request.headers for request in server.requests)


def test_what_was_replaced_is_no_longer_httpx_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_httpx_patched()

    class Other(httpx.AsyncHTTPTransport):
        pass

    for name, replacement in [("AsyncHTTPTransport", Other), ("AsyncClient", object()), ("Client", Client)]:
        with monkeypatch.context() as patched:
            patched.setattr(httpx, name, replacement)
            assert is_httpx_patched()
    assert not is_httpx_patched()
