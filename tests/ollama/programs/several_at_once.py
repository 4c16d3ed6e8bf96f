"""Several conversations in one event loop: gathered, streamed, left early, and given up on."""

from __future__ import annotations

import asyncio

import ollama
from ollama import AsyncClient

HELLO = [{"role": "user", "content": "Hello"}]


async def left_early(client: AsyncClient) -> str:
    said = ""
    async for part in await client.chat("gemma3", HELLO, stream=True):
        said += part["message"]["content"]
        if len(said) > 5:
            break
    return said


async def main() -> None:
    client = AsyncClient()
    print(await left_early(client))
    answers = await asyncio.gather(*(client.generate("gemma3", "Count to three.") for _ in range(3)))
    print([answer.response for answer in answers])
    stream = await client.generate(model="gemma3", prompt="Sing", stream=True)
    print([part.response async for part in stream])
    try:
        await asyncio.wait_for(client.chat("qwen3", HELLO), 0.5)
    except TimeoutError:
        print("given up")
    try:
        async for part in await client.chat("missing", HELLO, stream=True):
            print("never", part)
    except ollama.ResponseError as error:
        print(error.error, error.status_code)
    try:
        await AsyncClient("http://127.0.0.1:1").ps()
    except ConnectionError as error:
        print("not connected", "ollama.com/download" in str(error))
    vectors = (await client.embed("llama3.2", ["a", "b"])).embeddings
    print([list(vector) for vector in vectors], (await client.list()).models[0].model)


asyncio.run(main())
asyncio.run(main())
print("That was all.")
