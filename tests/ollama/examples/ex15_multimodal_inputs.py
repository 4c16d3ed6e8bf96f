from tutor.ollama import chat
from pathlib import Path

# Using file path
response = chat(
    model='gemma3',
    messages=[{
        'role': 'user',
        'content': 'What is in this image? Be concise.',
        'images': ['/path/to/image.jpg']
    }]
)
print(response.message.content)

# Using raw bytes
image_bytes = Path('/path/to/image.jpg').read_bytes()
response = chat(
    model='gemma3',
    messages=[{
        'role': 'user',
        'content': 'Describe this image',
        'images': [image_bytes]
    }]
)
print(response.message.content)

# Using base64 encoded string
import base64
image_b64 = base64.b64encode(Path('/path/to/image.jpg').read_bytes()).decode()
response = chat(
    model='gemma3',
    messages=[{
        'role': 'user',
        'content': 'Analyze this image',
        'images': [image_b64]
    }]
)
print(response.message.content)
