from tutor.ollama import chat, ResponseError, generate

# Handle missing model
try:
    response = chat(model='nonexistent-model', messages=[{'role': 'user', 'content': 'test'}])
except ResponseError as e:
    print(f'Error: {e.error}')
    print(f'Status code: {e.status_code}')
    if e.status_code == 404:
        from tutor.ollama import pull
        pull('nonexistent-model')

# Handle connection errors
try:
    response = generate(model='gemma3', prompt='test')
except ConnectionError as e:
    print(f'Connection failed: {e}')
    print('Make sure Ollama is running: ollama serve')

# Streaming error handling
try:
    stream = chat(
        model='gemma3',
        messages=[{'role': 'user', 'content': 'test'}],
        stream=True
    )
    for chunk in stream:
        print(chunk.message.content, end='')
except ResponseError as e:
    print(f'Streaming error: {e.error}')
