"""One Ollama server that answers, with two big models, a small one and one that cannot talk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tutor.llm import engine_status
from tutor.llm.engine_status import EngineState, EngineStatus, ModelFacts
from tutor.llm.models import Host

BIG, OTHER = ModelFacts("qwen2.5:7b", parameter_size="7.6B"), ModelFacts("llama3.1:8b", parameter_size="8.0B")
SMALL, EMBEDS = (
    ModelFacts("tiny:latest", parameter_size="0.5B"),
    ModelFacts("embed:latest", capabilities=("embedding",)),
)


@contextmanager
def installed(*models: ModelFacts) -> Iterator[Host]:
    """The house sees these models at one host, for as long as it lasts."""
    before, found = engine_status.engine_status(), Host.objects.create(base_url="http://127.0.0.1:11434")
    state = EngineState(
        host_pk=found.pk,
        host=str(found.public_id),
        kind="ollama",
        base_url=found.base_url,
        parallelism=1,
        answers=True,
        models=models,
    )
    engine_status.publish(EngineStatus((state,)))
    try:
        yield found
    finally:
        engine_status.publish(before)
