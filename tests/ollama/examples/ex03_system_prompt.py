from tutor.ollama import chat

response = chat(
    model='qwen2.5:7b',
    messages=[
        {
            'role': 'system',
            'content': 'You are a friendly language tutor for children.'
        },
        {
            'role': 'user',
            'content': 'How do I say hello in Spanish?'
        },
    ]
)
