"""A librarian who finds the nearest book by its vector, then retells it: every way of reading a response."""

from __future__ import annotations

import math
from collections.abc import Sequence

import ollama

BOOKS = ["A whale is hunted.", "A knight fights windmills.", "A boy floats down a river."]


def likeness(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True)) / (math.hypot(*a) * math.hypot(*b))


shelf = ollama.embed(model="llama3.2", input=BOOKS, truncate=True, keep_alive=-1)
wanted = ollama.embeddings("llama3.2", "windmills", options={"num_ctx": 512})
found = max(range(len(BOOKS)), key=lambda number: likeness(shelf.embeddings[number], wanted["embedding"]))
print(BOOKS[found], len(wanted.embedding), shelf["prompt_eval_count"])

told = ollama.generate(
    "gemma3",
    f"Retell: {BOOKS[found]}",
    options=ollama.Options(temperature=0.1, stop=["\n\n"]),
    system="You are a librarian.",
    raw=False,
    think=False,
)
print(told["response"], told.done, told.get("done_reason"), told["eval_count"] / told["eval_duration"])
print("thinking" in told, "response" in told, told.get("thinking"), told.get("no_such", "nothing"))
try:
    print(told["no_such"])
except KeyError as error:
    print("no", error)
again = ollama.generate("gemma3", "Shorter.", context=told.context, suffix="The end.", format="", keep_alive="10m")
print(again.response, again.context)

message = ollama.Message(role="user", content="And in Spanish?")
answer = ollama.chat("gemma3", [message, {"role": "assistant", "content": "", "images": None}], format="json")
history = [dict(message), dict(answer["message"]), {"role": "user", "content": "Thanks"}]
print(history[1]["role"], history[1]["content"], "content" in answer.message, "images" in answer.message)
parts = list(ollama.chat("gemma3", history, stream=True, logprobs=True, top_logprobs=1))
print("".join(part.message.content or "" for part in parts), parts[-1].done_reason)
print([logprob.token for part in parts for logprob in part.logprobs or []])
print(parts[0].model_dump(exclude_none=True))
answer.message.content = "edited"
answer["message"]["role"] = "user"
print(answer.message.role, answer["message"]["content"])
print("That was all.")
