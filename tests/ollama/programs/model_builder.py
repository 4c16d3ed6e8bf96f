"""A builder of models: a file is uploaded, a model made of it, looked at, copied and thrown away."""

from __future__ import annotations

from pathlib import Path

import ollama

weights = Path("weights.gguf")
weights.write_bytes(b"GGUF" + bytes(200_000))

with ollama.Client() as client:
    digest = client.create_blob(weights)
    print(digest)
    made = client.create(
        model="mine",
        files={"weights.gguf": digest},
        template="{{ .Prompt }}",
        license=["Apache-2.0", "mine"],
        parameters={"num_ctx": 512, "stop": ["<end>"]},
        messages=[{"role": "user", "content": "Hola"}, ollama.Message(role="assistant", content="¿Qué tal?")],
    )
    print(made.status)
    for step in client.create("smaller", quantize="q4_K_M", from_="mine", adapters={"a": digest}, stream=True):
        print(step["status"], step.get("completed"), step.total)
    for progress in client.pull("gemma3", insecure=True, stream=True):
        share = progress.completed / progress.total if progress.completed and progress.total else 0
        print(f"{progress.status} {share:.0%}", progress.get("digest", "-"))

print(ollama.pull("gemma3").status, ollama.push("me/mine").status)
for model in ollama.list().models:
    size_text = model.size.human_readable() if model.size else "?"
    print(model.model, size_text, model.details and model.details.family, model.modified_at)
shown = ollama.show("mine")
print(shown.modelinfo and shown.modelinfo["general.architecture"], shown.capabilities, shown["template"])
for running in ollama.ps()["models"]:
    print(running["model"], running.size_vram, running.context_length, running["expires_at"].year)
print(ollama.copy("mine", "yours")["status"], ollama.delete("mine").status)
print("That was all.")
