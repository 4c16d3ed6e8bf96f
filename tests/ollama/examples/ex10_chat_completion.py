from tutor.ollama import chat, ChatResponse

# Basic chat
response: ChatResponse = chat(
    model='gemma3',
    messages=[
        {'role': 'user', 'content': 'Why is the sky blue?'}
    ]
)
print(response.message.content)
# Access via dictionary notation
print(response['message']['content'])

# Chat with system prompt and options
response = chat(
    model='llama3.1',
    messages=[
        {'role': 'system', 'content': 'You are a helpful assistant.'},
        {'role': 'user', 'content': 'Explain quantum computing'}
    ],
    options={'temperature': 0.7, 'top_p': 0.9},
    keep_alive='5m'
)
print(response.message.content)

# Streaming chat
stream = chat(
    model='gemma3',
    messages=[{'role': 'user', 'content': 'Tell me a story'}],
    stream=True
)
for chunk in stream:
    print(chunk['message']['content'], end='', flush=True)
