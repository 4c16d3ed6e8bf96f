from tutor.ollama import chat, ResponseError

try:
    response = chat(model='nonexistent-model', messages=[{'role': 'user', 'content': 'Are you there?'}])
except ResponseError as e:
    print(f'Error: {e.error}')
    if e.status_code == 404:
        print('Model not found. Run: ollama pull <model>')
