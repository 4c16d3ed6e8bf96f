import asyncio
from tutor.ollama import AsyncClient

async def async_chat(prompt: str) -> str:
    message = {'role': 'user', 'content': prompt}
    response = await AsyncClient().chat(
        model='qwen2.5:7b',
        messages=[message]
    )
    return response.message.content

# Run async function
result = asyncio.run(async_chat('Hello!'))
