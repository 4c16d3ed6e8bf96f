from tutor.ollama import generate, GenerateResponse

# Basic generation
response: GenerateResponse = generate(
    model='gemma3',
    prompt='Why is the sky blue?'
)
print(response.response)

# Generation with system prompt and context
response = generate(
    model='llama3.1',
    prompt='Continue the story',
    system='You are a creative writer.',
    context=[1, 2, 3],  # Token context from previous generation
    options={'temperature': 0.8}
)
print(response.response)
print(f"Tokens: {response.eval_count}")
print(f"Duration: {response.total_duration}ns")

# Streaming generation
stream = generate(
    model='gemma3',
    prompt='Write a poem about the ocean',
    stream=True
)
for chunk in stream:
    print(chunk.response, end='', flush=True)
