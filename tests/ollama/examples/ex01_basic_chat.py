from tutor.ollama import chat
from tutor.ollama import ChatResponse

response: ChatResponse = chat(
    model='qwen2.5:7b',
    messages=[
        {
            'role': 'user',
            'content': 'Why is the sky blue?',
        },
    ]
)

# Access response content
print(response['message']['content'])
# Or use attribute access
print(response.message.content)
