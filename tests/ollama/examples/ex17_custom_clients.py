from tutor.ollama import Client, AsyncClient

# Synchronous client
client = Client(
    host='http://localhost:11434',
    headers={'x-api-key': 'secret'},
    timeout=30.0
)
response = client.chat(
    model='gemma3',
    messages=[{'role': 'user', 'content': 'Hello'}]
)
print(response.message.content)

# Custom host with path
client = Client(host='https://example.com:8080/ollama')
response = client.generate(model='gemma3', prompt='Test')

# Asynchronous client
import asyncio

async def main():
    client = AsyncClient(
        host='http://localhost:11434',
        follow_redirects=True
    )
    response = await client.chat(
        model='gemma3',
        messages=[{'role': 'user', 'content': 'Async hello'}]
    )
    print(response.message.content)

asyncio.run(main())
