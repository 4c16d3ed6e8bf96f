"""What installed models can do. ``/api/show`` is believed, once for each digest; where a server is silent about it,
the file's own facts are, and silence is no yes: a model for embeddings is never taken for a tutor."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import NamedTuple

from tutor.llm.engine_status import ModelFacts
from tutor.ollama import AsyncClient, ListResponse, OllamaError, ResponseError, ShowResponse

SHOWING_S = 5.0
"""So long may a round of ``/api/show`` take; who has not answered by then is asked again with the next probe."""

_AT_ONCE = 4
_TALKS = ("completion",)
_EMBEDS = ("embedding",)
# Architectures that only encode, as GGUF files and Ollama's `details.family` name them.
_ENCODERS = frozenset({"clip", "eurobert", "gemma-embedding", "llama-embed", "t5encoder", "xlm-roberta"})
_NAMED_SO = ("embed", "rerank", "minilm", "bge-", "reranker")


class _Known(NamedTuple):
    """What was learnt about a file."""

    capabilities: tuple[str, ...]
    context_length: int = 0


class Capabilities:
    """Remembers what each model file can do, for as long as the process lives."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], _Known] = {}

    async def facts(self, client: AsyncClient, server: str, tags: ListResponse) -> tuple[ModelFacts, ...]:
        """Everything in ``tags``; ``server`` names who said it, with its version. Raises nothing."""
        gate = asyncio.Semaphore(_AT_ONCE)
        new = [model for model in tags.models if self._key(server, model) not in self._known]
        try:
            async with asyncio.timeout(SHOWING_S):
                await asyncio.gather(*(self._learn(client, gate, self._key(server, model), model) for model in new))
        except TimeoutError:
            pass
        return tuple(_facts(model, self._known.get(self._key(server, model))) for model in tags.models)

    def _key(self, server: str, model: ListResponse.Model) -> tuple[str, str, str]:
        return server, model.digest or "", "" if model.digest else model.model or ""

    async def _learn(
        self, client: AsyncClient, gate: asyncio.Semaphore, key: tuple[str, str, str], model: ListResponse.Model
    ) -> None:
        async with gate:
            if key in self._known:  # two names of one file
                return
            try:
                shown = await client.show(model.model or "")
            except ResponseError:  # it answers, and does not tell
                self._known[key] = _Known(_listed(model))
            except OllamaError:
                return
            else:
                self._known[key] = _Known(_shown(shown) or _listed(model), _context_length(shown))


def _facts(model: ListResponse.Model, known: _Known | None) -> ModelFacts:
    name = model.model or ""
    remote = bool(model.get("remote_host") or model.get("remote_model")) or name.endswith((":cloud", "-cloud"))
    return ModelFacts(
        name=name,
        digest=model.digest or "",
        size_bytes=int(model.size or 0),
        parameter_size=(model.details.parameter_size or "") if model.details else "",
        family=(model.details.family or "") if model.details else "",
        remote=remote,
        capabilities=known.capabilities if known else _listed(model),
        context_length=known.context_length if known else 0,
    )


def _shown(shown: ShowResponse) -> tuple[str, ...]:
    """As told; else by the rule of Ollama itself: a file that says how it pools is one for embeddings."""
    if shown.capabilities:
        return tuple(shown.capabilities)
    if not shown.model_info:
        return ()
    return _EMBEDS if any(key.endswith(".pooling_type") for key in shown.model_info) else ()


def _context_length(shown: ShowResponse) -> int:
    """The tokens that the model was made for, as its file says; 0 where it does not."""
    said = (value for key, value in (shown.model_info or {}).items() if key.endswith(".context_length"))
    length = next(said, 0)
    return length if isinstance(length, int) and length > 0 else 0


def _listed(model: ListResponse.Model) -> tuple[str, ...]:
    """What the list says, else what the file's family and its name let expect."""
    if listed := model.get("capabilities"):
        return tuple(listed)
    families = (model.details.family, *(model.details.families or ())) if model.details else ()
    return _EMBEDS if _encodes(family for family in families if family) or _is_named_so(model) else _TALKS


def _encodes(families: Iterable[str]) -> bool:
    """Whether the language model among them only encodes; a projector for pictures (``clip``) beside one does not."""
    found = {family.lower() for family in families}
    encoders = {family for family in found if "bert" in family or family in _ENCODERS}
    return bool(found) and found == encoders


def _is_named_so(model: ListResponse.Model) -> bool:
    bare = (model.model or "").lower().rpartition("/")[2]
    return any(part in bare for part in _NAMED_SO)
