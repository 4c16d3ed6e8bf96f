from tutor.ollama import list, pull, push, create, delete, copy, show, ps

# List available models
models = list()
for model in models.models:
    print(f"{model.model} - {model.size} - {model.modified_at}")

# Pull a model
for progress in pull(model='gemma3', stream=True):
    print(f"{progress.status}: {progress.completed}/{progress.total}")

# Show model information
info = show(model='gemma3')
print(f"Template: {info.template}")
print(f"Parameters: {info.parameters}")
print(f"Capabilities: {info.capabilities}")

# List running models
running = ps()
for model in running.models:
    print(f"{model.name} - {model.size_vram}")

# Copy a model
status = copy(source='gemma3', destination='my-gemma3')
print(status.status)  # 'success' or 'error'

# Create custom model
for progress in create(
    model='my-model',
    from_='gemma3',
    system="You are Mario from Super Mario Bros.",
    stream=True
):
    print(progress.status)

# Delete a model
status = delete(model='my-model')
print(status.status)

# Push model to registry
for progress in push(model='user/model', stream=True):
    print(f"{progress.status}: {progress.completed}/{progress.total}")
