from tutor.ollama import embed, EmbedResponse

# Single text embedding
response: EmbedResponse = embed(
    model='llama3.2',
    input='Hello, world!'
)
print(response.embeddings[0][:5])  # First 5 dimensions
# Output: [0.123, -0.456, 0.789, ...]

# Batch embeddings
response = embed(
    model='llama3.2',
    input=[
        'The sky is blue because of rayleigh scattering',
        'Grass is green because of chlorophyll'
    ]
)
print(f"Number of embeddings: {len(response.embeddings)}")
print(f"Embedding dimension: {len(response.embeddings[0])}")

# With custom dimensions
response = embed(
    model='llama3.2',
    input='Reduce my dimensions',
    dimensions=512
)
print(f"Reduced dimension: {len(response.embeddings[0])}")
