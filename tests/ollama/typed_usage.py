"""What callers see of the types. Nothing here runs: `mypy --strict` reads it, and fails if one is otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import assert_type

from pydantic import BaseModel

import tutor.ollama
from tutor.ollama import (
    AsyncChatStream,
    AsyncClient,
    AsyncGenerateStream,
    AsyncProgressStream,
    ChatResponse,
    ChatStream,
    Client,
    EmbeddingsResponse,
    EmbedResponse,
    GenerateResponse,
    GenerateStream,
    ListResponse,
    Message,
    Options,
    ProcessResponse,
    ProgressResponse,
    ProgressStream,
    ShowResponse,
    StatusResponse,
    SystemOneResponse,
    ToolRun,
    VersionResponse,
    WebFetchResponse,
    WebSearchResponse,
)


class Word(BaseModel):
    spanish: str


def add(a: int, b: int) -> int:
    return a + b


def talking(client: Client, *, streamed: bool) -> None:
    assert_type(client.chat("m"), ChatResponse)
    assert_type(client.chat("m", stream=False), ChatResponse)
    assert_type(client.chat("m", stream=True), ChatStream)
    assert_type(client.chat("m", stream=streamed), ChatResponse | ChatStream)
    assert_type(client.generate("m", "Hola"), GenerateResponse)
    assert_type(client.generate("m", "Hola", stream=True), GenerateStream)
    assert_type(client.generate("m", "Hola", stream=streamed), GenerateResponse | GenerateStream)
    assert_type(client.embed("m", ["a", "b"], dimensions=64), EmbedResponse)
    assert_type(client.embeddings("m", "a"), EmbeddingsResponse)
    assert_type(client.systemone("m", "a state", {"mood": {"type": "noul"}}), SystemOneResponse)
    assert_type(client.run_tools("m", [], [add], max_rounds=2), ToolRun)
    assert_type(client.web_search("news"), WebSearchResponse)
    assert_type(client.web_fetch("https://example.com"), WebFetchResponse)


def keeping(client: Client, *, streamed: bool) -> None:
    assert_type(client.pull("m"), ProgressResponse)
    assert_type(client.pull("m", stream=True), ProgressStream)
    assert_type(client.pull("m", stream=streamed), ProgressResponse | ProgressStream)
    assert_type(client.push("m"), ProgressResponse)
    assert_type(client.push("m", stream=True), ProgressStream)
    assert_type(client.push("m", stream=streamed), ProgressResponse | ProgressStream)
    assert_type(client.create("m", from_="n"), ProgressResponse)
    assert_type(client.create("m", from_="n", stream=True), ProgressStream)
    assert_type(client.create("m", from_="n", stream=streamed), ProgressResponse | ProgressStream)
    assert_type(client.create_blob(Path("weights.gguf")), str)
    assert_type(client.list(), ListResponse)
    assert_type(client.show("m"), ShowResponse)
    assert_type(client.ps(), ProcessResponse)
    assert_type(client.copy("m", "n"), StatusResponse)
    assert_type(client.delete("m"), StatusResponse)
    assert_type(client.version(), VersionResponse)


async def talking_in_a_loop(client: AsyncClient, *, streamed: bool) -> None:
    assert_type(await client.chat("m"), ChatResponse)
    assert_type(await client.chat("m", stream=False), ChatResponse)
    assert_type(await client.chat("m", stream=True), AsyncChatStream)
    assert_type(await client.chat("m", stream=streamed), ChatResponse | AsyncChatStream)
    assert_type(await client.generate("m", "Hola"), GenerateResponse)
    assert_type(await client.generate("m", "Hola", stream=True), AsyncGenerateStream)
    assert_type(await client.generate("m", "Hola", stream=streamed), GenerateResponse | AsyncGenerateStream)
    assert_type(await client.embed("m", "a"), EmbedResponse)
    assert_type(await client.embeddings("m", "a"), EmbeddingsResponse)
    assert_type(await client.systemone("m", "a state", {"mood": {"type": "noul"}}), SystemOneResponse)
    assert_type(await client.run_tools("m", [], [add], tool_timeout_s=1.0), ToolRun)
    assert_type(await client.web_search("news", max_results=5), WebSearchResponse)
    assert_type(await client.web_fetch("https://example.com"), WebFetchResponse)


async def keeping_in_a_loop(client: AsyncClient, *, streamed: bool) -> None:
    assert_type(await client.pull("m"), ProgressResponse)
    assert_type(await client.pull("m", stream=True), AsyncProgressStream)
    assert_type(await client.pull("m", stream=streamed), ProgressResponse | AsyncProgressStream)
    assert_type(await client.push("m"), ProgressResponse)
    assert_type(await client.push("m", stream=True), AsyncProgressStream)
    assert_type(await client.push("m", stream=streamed), ProgressResponse | AsyncProgressStream)
    assert_type(await client.create("m", from_="n"), ProgressResponse)
    assert_type(await client.create("m", from_="n", stream=True), AsyncProgressStream)
    assert_type(await client.create("m", from_="n", stream=streamed), ProgressResponse | AsyncProgressStream)
    assert_type(await client.create_blob("weights.gguf"), str)
    assert_type(await client.list(), ListResponse)
    assert_type(await client.show("m"), ShowResponse)
    assert_type(await client.ps(), ProcessResponse)
    assert_type(await client.copy("m", "n"), StatusResponse)
    assert_type(await client.delete("m"), StatusResponse)
    assert_type(await client.version(), VersionResponse)


def blocks_and_loops() -> None:
    with Client("localhost", headers={"x-key": "k"}, timeout=30.0, follow_redirects=False, verify=False) as client:
        assert_type(client, Client)
        with client.chat("m", stream=True) as stream:
            assert_type(stream, ChatStream)
            for chunk in stream:
                assert_type(chunk, ChatResponse)
            assert_type(stream.text_stream, Iterator[str])
            assert_type(stream.final(), ChatResponse)
        for progress in client.pull("m", stream=True):
            assert_type(progress, ProgressResponse)
            assert_type(progress.completed, int | None)


async def blocks_and_loops_in_a_loop() -> None:
    async with AsyncClient(timeout=None) as client:
        assert_type(client, AsyncClient)
        async with await client.chat("m", stream=True) as stream:
            assert_type(stream, AsyncChatStream)
            async for chunk in stream:
                assert_type(chunk.message, Message)
            assert_type(stream.text_stream, AsyncIterator[str])
            assert_type(await stream.final(), ChatResponse)
        async for part in await client.generate("m", "Hola", stream=True):
            assert_type(part.response, str | None)


def what_calls_take(client: Client) -> None:
    tool = {"type": "function", "function": {"name": "f"}}
    message = Message(role="user", content="Hola", images=[b"...", "picture.png"])
    client.chat("m", [message, {"role": "user", "content": "¿Qué tal?"}], tools=[add, tool], think="high")
    client.chat("m", format=Word, options=Options(temperature=0.5), keep_alive="5m", timeout=5)
    client.chat("m", format=Word.model_json_schema(), options={"seed": 1}, keep_alive=-1)
    client.chat(format="json", logprobs=True, top_logprobs=2, think=False)
    client.generate("m", "Hola", "Adiós", images=[b"..."], context=[1, 2], raw=True, width=64, height=64, steps=2)


def what_calls_refuse(client: Client, waiting: AsyncClient) -> None:
    client.chat("m", steam=True)  # type: ignore[call-overload]
    client.chat("m", stream="yes")  # type: ignore[call-overload]
    client.chat("m", "Hola")  # type: ignore[arg-type]
    client.generate("m", think=["high"])  # type: ignore[call-overload]
    client.embed("m", dimension=64)  # type: ignore[call-arg]
    waiting.pull("m", stream=1)  # type: ignore[call-overload]


def module_functions(*, streamed: bool) -> None:
    assert_type(tutor.ollama.chat("m"), ChatResponse)
    assert_type(tutor.ollama.chat("m", stream=True), ChatStream)
    assert_type(tutor.ollama.chat("m", stream=streamed), ChatResponse | ChatStream)
    assert_type(tutor.ollama.generate("m", "Hola"), GenerateResponse)
    assert_type(tutor.ollama.generate("m", "Hola", stream=True), GenerateStream)
    assert_type(tutor.ollama.embed("m", "a"), EmbedResponse)
    assert_type(tutor.ollama.embeddings("m", "a"), EmbeddingsResponse)
    assert_type(tutor.ollama.pull("m", stream=True), ProgressStream)
    assert_type(tutor.ollama.push("m"), ProgressResponse)
    assert_type(tutor.ollama.create("m", from_="n", stream=streamed), ProgressResponse | ProgressStream)
    assert_type(tutor.ollama.list(), ListResponse)
    assert_type(tutor.ollama.show("m"), ShowResponse)
    assert_type(tutor.ollama.ps(), ProcessResponse)
    assert_type(tutor.ollama.copy("m", "n"), StatusResponse)
    assert_type(tutor.ollama.delete("m"), StatusResponse)
    assert_type(tutor.ollama.web_search("news"), WebSearchResponse)
    assert_type(tutor.ollama.web_fetch("https://example.com"), WebFetchResponse)


def responses(response: ChatResponse, listed: ListResponse) -> None:
    assert_type(response.message.content, str | None)
    assert_type(response.eval_count, int | None)
    assert_type([model.model for model in listed.models], list[str | None])
