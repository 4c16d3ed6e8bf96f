from tutor.ollama import chat

messages = [
    {'role': 'system', 'content': 'You are a patient language tutor.'}
]

def send_message(user_input: str) -> str:
    messages.append({'role': 'user', 'content': user_input})

    response = chat(model='qwen2.5:7b', messages=messages)

    assistant_message = response.message.content
    messages.append({'role': 'assistant', 'content': assistant_message})

    return assistant_message
