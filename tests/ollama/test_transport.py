"""The scripted server without a socket answers both clients as the one with sockets does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.ollama import (
    AsyncClient,
    Client,
    ConnectionLost,
    Incomplete,
    ReadTimedOut,
    ResponseError,
    TruncatedBody,
)
from tutor.ollama.testing import Reply, Say, ScriptedTransport, faults

ASK = [{"role": "user", "content": "hola"}]


@pytest.fixture
def transport() -> ScriptedTransport:
    return ScriptedTransport()


def test_whole_and_streamed(transport: ScriptedTransport) -> None:
    transport.script(Say(["Ho", "la"], delay_s=0.001, first_delay_s=0.001))
    with Client(transport=transport) as client:
        assert client.chat("qwen2.5:7b", ASK).message.content == "Hola"
        with client.chat("qwen2.5:7b", ASK, stream=True) as stream:
            assert list(stream.text_stream) == ["Ho", "la"]
        assert [model.model for model in client.list().models] == ["qwen2.5:7b"]
    assert [asked.body["stream"] for asked in transport.chats] == [False, True]
    assert all(asked.over for asked in transport.requests)


async def test_the_same_for_asyncio(transport: ScriptedTransport) -> None:
    transport.script(Say(["Ho", "la"], delay_s=0.001, first_delay_s=0.001))
    async with AsyncClient(transport=transport) as client:
        assert (await client.chat("qwen2.5:7b", ASK)).message.content == "Hola"
        async with await client.chat("qwen2.5:7b", ASK, stream=True) as stream:
            assert [text async for text in stream.text_stream] == ["Ho", "la"]


def test_uploads_and_what_has_no_body(transport: ScriptedTransport, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"GGUF")
    with Client(transport=transport) as client:
        digest = client.create_blob(tmp_path / "model")
        assert client.create_blob(tmp_path / "model") == digest
    assert [asked.method for asked in transport.requests] == ["HEAD", "POST", "HEAD"]
    assert f"sha256:{transport.requests[1].body_sha256}" == digest


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(opening="hang"), ReadTimedOut),
        (Reply(opening="fin"), ConnectionLost),
        (Reply(opening="rst"), ConnectionLost),
        (faults.close_mid_stream(), TruncatedBody),
        (faults.reset_mid_stream(), ConnectionLost),
        (faults.stall_mid_stream(), ReadTimedOut),
        (faults.no_done(), Incomplete),
        (faults.model_missing(), ResponseError),
    ],
)
@pytest.mark.parametrize("twin", ["sync", "aio"])
async def test_faults_are_the_same_errors(
    transport: ScriptedTransport, reply: Reply, kind: type[Exception], twin: str
) -> None:
    transport.script(reply)

    async def ask() -> None:
        if twin == "sync":
            with Client(transport=transport, retries=0) as client:
                client.chat("qwen2.5:7b", ASK, stream=True).final()
        async with AsyncClient(transport=transport, retries=0) as aio:
            await (await aio.chat("qwen2.5:7b", ASK, stream=True)).final()

    with pytest.raises(kind):
        await ask()


def test_a_token_is_asked_for() -> None:
    with pytest.raises(ResponseError) as caught:
        Client(transport=ScriptedTransport(token="t")).list()
    assert caught.value.status_code == 401
