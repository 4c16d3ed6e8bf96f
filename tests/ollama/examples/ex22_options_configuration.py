from tutor.ollama import chat, Options

# Using dictionary
response = chat(
    model='gemma3',
    messages=[{'role': 'user', 'content': 'Be creative'}],
    options={
        'temperature': 0.9,
        'top_p': 0.95,
        'top_k': 50,
        'num_predict': 200,
        'seed': 42,
        'num_ctx': 4096,
        'repeat_penalty': 1.1
    }
)

# Using Options object
options = Options(
    temperature=0.3,
    num_predict=500,
    num_ctx=8192,
    seed=123
)
response = chat(
    model='llama3.1',
    messages=[{'role': 'user', 'content': 'Be precise'}],
    options=options
)

# JSON format enforcement
response = chat(
    model='llama3.1',
    messages=[{'role': 'user', 'content': 'Return a JSON object with name and age'}],
    format='json',
    options={'temperature': 0}
)
import json
data = json.loads(response.message.content)
print(data)
