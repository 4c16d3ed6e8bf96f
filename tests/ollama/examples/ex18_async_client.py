import asyncio
from tutor.ollama import AsyncClient

async def main():
    client = AsyncClient()

    # Async chat
    response = await client.chat(
        model='gemma3',
        messages=[{'role': 'user', 'content': 'Why is the sky blue?'}]
    )
    print(response.message.content)

    # Async streaming
    async for chunk in await client.chat(
        model='gemma3',
        messages=[{'role': 'user', 'content': 'Tell me a story'}],
        stream=True
    ):
        print(chunk.message.content, end='', flush=True)

    # Async generation
    response = await client.generate(
        model='gemma3',
        prompt='Explain async programming'
    )
    print(response.response)

    # Async embeddings
    response = await client.embed(
        model='llama3.2',
        input='Async embeddings'
    )
    print(response.embeddings[0][:5])

asyncio.run(main())
