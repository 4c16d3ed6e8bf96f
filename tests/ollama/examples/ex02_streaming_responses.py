from tutor.ollama import chat

stream = chat(
    model='qwen2.5:7b',
    messages=[{'role': 'user', 'content': 'Tell me a story'}],
    stream=True,
)

for chunk in stream:
    print(chunk['message']['content'], end='', flush=True)
