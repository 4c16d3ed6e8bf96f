from tutor.ollama import Client

client = Client(
    host='http://localhost:11434',
    headers={'x-custom-header': 'value'}
)

response = client.chat(
    model='qwen2.5:7b',
    messages=[{'role': 'user', 'content': 'Hello!'}]
)
