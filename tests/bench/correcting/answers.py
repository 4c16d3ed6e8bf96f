"""What a model says of a sentence, asked once and kept in ``var/bench``: margins are chosen again without asking it."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from typing import Any, Final

from tests.bench.correcting.sets import Sentence
from tests.bench.ollama import ROOT
from tutor.dialogue.corrections import (
    TOP,
    CorrectionLanguage,
    copy_request,
    corrected_from,
    deviations,
    generation_request,
    messages_for,
)
from tutor.dialogue.types import Message
from tutor.ollama import AsyncClient
from tutor.ollama.types import Logprob

KEPT: Final = ROOT / "var" / "bench"
NUM_CTX: Final = 4096


class Answers:
    """A model's answers about sentences of one language; ``until`` (monotonic) it may be asked for more."""

    def __init__(
        self, client: AsyncClient | None, model: str, language: str, known: CorrectionLanguage, until: float
    ) -> None:
        self._client, self._model, self._language, self._known, self._until = client, model, language, known, until
        # Other examples are another question: what was said before does not count.
        asked = json.dumps(messages_for(language, known, ""), ensure_ascii=False)
        digest = hashlib.sha256(asked.encode()).hexdigest()[:8]
        self._file = KEPT / f"corrections-{model.replace(':', '-').replace('/', '-')}-{language}-{digest}.jsonl"
        lines = self._file.read_text("utf-8").splitlines() if self._file.exists() else []
        self._rows: dict[str, Any] = {row["src"]: row for row in map(json.loads, lines)}

    async def about(self, sentences: Sequence[Sentence]) -> list[Sentence]:
        """The sentences with what the model says of each; one it had no time for stays as it is."""
        return [await self._about(one) for one in sentences]

    async def _about(self, one: Sentence) -> Sentence:
        row = self._rows.get(one.text)
        if row is None and self._client is not None and time.monotonic() < self._until:
            row = self._rows[one.text] = await self._ask(self._client, one.text)
        if row is None:
            return one
        return one.answered(deviations(one.text, [_token(*told) for told in row["copy"]]), row["gen"])

    async def _ask(self, client: AsyncClient, text: str) -> dict[str, Any]:
        messages = messages_for(self._language, self._known, text)
        schema, options = copy_request(text)
        options |= {"num_ctx": NUM_CTX}
        copied = await client.chat(
            self._model, messages, format=schema, options=options, logprobs=True, top_logprobs=TOP
        )
        told = copied.logprobs or ()
        free = text if _is_wish(told) else await self._written(client, messages, text)
        row = {"src": text, "copy": [_told(token) for token in told], "gen": free}
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        return row

    async def _written(self, client: AsyncClient, messages: Sequence[Message], text: str) -> str | None:
        """What the model writes where it may."""
        schema, options = generation_request(text)
        free = await client.chat(self._model, messages, format=schema, options={**options, "num_ctx": NUM_CTX})
        return corrected_from(free.message.content or "")


def _is_wish(told: Sequence[Logprob]) -> bool:
    """Whether every token that was copied is the likeliest: then nothing else would have been written freely."""
    return all(token.top_logprobs and token.top_logprobs[0].token == token.token for token in told)


def _told(token: Logprob) -> list[Any]:
    return [token.token, token.logprob, [[other.token, other.logprob] for other in token.top_logprobs or ()]]


def _token(token: str, logprob: float, top: Iterable[tuple[str, float]]) -> Logprob:
    likely = [{"token": other, "logprob": its} for other, its in top]
    return Logprob.model_validate({"token": token, "logprob": logprob, "top_logprobs": likely})
