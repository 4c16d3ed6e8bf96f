from tutor.ollama import chat

response = chat(
    model='qwen2.5:7b',
    messages=[{'role': 'user', 'content': 'Hello'}],
    options={
        'temperature': 0.7,      # Creativity (0.0-2.0)
        'top_p': 0.9,            # Nucleus sampling
        'num_predict': 256,      # Max tokens to generate
        'stop': ['\n\n'],        # Stop sequences
    }
)
