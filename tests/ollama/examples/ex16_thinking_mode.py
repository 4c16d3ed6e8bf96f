from tutor.ollama import chat

# Basic thinking mode
response = chat(
    model='deepseek-r1',
    messages=[{'role': 'user', 'content': 'What is 10 + 23?'}],
    think=True
)
print('Thinking:\n' + response.message.thinking)
print('\nResponse:\n' + response.message.content)

# Thinking with levels
response = chat(
    model='qwen3',
    messages=[{'role': 'user', 'content': 'Solve this logic puzzle'}],
    think='high'  # Options: 'low', 'medium', 'high'
)
print(response.message.thinking)
