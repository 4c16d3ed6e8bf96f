"""The engines this house may ask: who they are (rows), whether they answer (probes), and a client for each."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from tutor.database import in_database
from tutor.jobs.registry import registry
from tutor.llm.builtin import BuiltIn
from tutor.llm.capabilities import Capabilities
from tutor.llm.engine_status import EngineState, EngineStatus, LoadedFacts, ModelFacts, engine_status, publish
from tutor.llm.faults import engine_fault
from tutor.llm.hosts import Address, addresses
from tutor.llm.selection import note_kind_of_talk
from tutor.ollama import AsyncClient, OllamaError, ResponseError, Timeouts

log = logging.getLogger(__name__)
# Ten seconds: the built-in engine is silent for up to four while it loads a model.
PROBE_TIMEOUTS = Timeouts(connect_s=3, first_s=10, whole_s=10, between_s=10, total_s=10)


class Engines:
    """Owns the clients and, where no Ollama answers, the built-in engine's process. Probes every 30 s."""

    def __init__(self, builtin: BuiltIn | None, *, every_s: float, timeouts: Timeouts, line_bytes: int) -> None:
        self.builtin = builtin
        self.every_s = every_s
        self._timeouts = timeouts
        self._line_bytes = line_bytes
        self._capabilities = Capabilities()
        self._clients: dict[tuple[int, str], AsyncClient] = {}
        self._asked = asyncio.Event()
        self._probed = asyncio.Condition()
        self._rounds_begun = self._rounds_over = 0
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._last_news = ""

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._keep_probing())
        registry.watch(self.probe_soon)

    async def stop(self) -> None:
        registry.unwatch(self.probe_soon)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self.builtin is not None:
            await self.builtin.stop()
        await asyncio.gather(*(client.close() for client in self._clients.values()), return_exceptions=True)
        self._clients.clear()

    def client(self, engine: EngineState) -> AsyncClient:
        """The one client for this host at this address. Redirects are not followed and no proxy is asked."""
        key = (engine.host_pk, engine.base_url)
        if key not in self._clients:
            self._clients[key] = self._client(engine.base_url, self._headers(engine), self._timeouts)
        return self._clients[key]

    async def probe_now(self) -> None:
        """Ask all hosts again at once and wait for the answers: 10 s at most, twice that if they are just being asked.

        What is on its way already may have been true before whatever made somebody ask.
        """
        wanted = self._rounds_begun + 1
        async with self._probed:
            self._asked.set()
            await self._probed.wait_for(lambda: self._rounds_over >= wanted)

    def probe_soon(self) -> None:
        """Ask all hosts again at the next opportunity. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._asked.set)

    def _client(self, base_url: str, headers: Mapping[str, str], timeouts: Timeouts) -> AsyncClient:
        return AsyncClient(
            base_url,
            headers=headers,
            timeout=timeouts,
            follow_redirects=False,
            # The queue does the waiting; what learners write is never the name of a file.
            retries=0,
            read_image_paths=False,
            trust_env=False,
            max_line_bytes=self._line_bytes,
        )

    def _headers(self, engine: EngineState) -> Mapping[str, str]:
        return self.builtin.headers if self.builtin is not None and engine.kind == "builtin" else {}

    async def _keep_probing(self) -> None:
        while True:
            self._rounds_begun += 1
            try:
                await self._probe_all()
            except Exception:
                log.exception("probing the engines failed")
            async with self._probed:
                self._rounds_over = self._rounds_begun
                self._probed.notify_all()
            try:
                await asyncio.wait_for(self._asked.wait(), self._until_next_s())
            except TimeoutError:
                continue
            self._asked.clear()

    def _until_next_s(self) -> float:
        """An engine that is just starting is looked at every second."""
        starting = any(engine.problem == "starting" for engine in engine_status().engines)
        return min(1.0, self.every_s) if starting else self.every_s

    async def _probe_all(self) -> None:
        rows = await in_database(addresses)
        ollamas = [row for row in rows if row.kind == "ollama"]
        states = list(await asyncio.gather(*(self._probe(_state(row)) for row in ollamas)))
        states += [await self._probe_builtin(row, states) for row in rows if row.kind == "builtin"]
        picture = EngineStatus(tuple(states), timezone.now())
        news = ", ".join(f"{one.kind} {one.problem or 'answers'}" for one in states)
        if news != self._last_news:
            log.info("engines: %s", news)
        publish(picture)
        self._last_news = news
        await in_database(note_kind_of_talk, picture)

    async def _probe_builtin(self, row: Address, others: list[EngineState]) -> EngineState:
        """Started only when nobody else can answer; once it runs it stays, for the talks that began on it."""
        state = _state(row)
        if self.builtin is None:
            return replace(state, problem="off")
        if not any(_useful(other) for other in others):
            await self.builtin.ensure()
        if not self.builtin.running:
            return replace(state, problem=self.builtin.problem)
        return await self._probe(replace(state, base_url=self.builtin.base_url))

    async def ask(self, base_url: str) -> EngineState:
        """What answers at an address that is no row (yet), within ten seconds."""
        return await self._probe(EngineState(0, "", "ollama", base_url, 1))

    async def _probe(self, state: EngineState) -> EngineState:
        began = time.monotonic()
        async with self._client(state.base_url, self._headers(state), PROBE_TIMEOUTS) as client:
            try:
                version = await client.version()
                took_ms = round((time.monotonic() - began) * 1000)
                tags, loaded = await asyncio.gather(client.list(), _loaded(client))
            except OllamaError as fault:
                return replace(state, problem=engine_fault(fault))
            models = await self._capabilities.facts(client, f"{state.base_url} {version.version}", tags)
        found = replace(state, answers=True, version=version.version, latency_ms=took_ms)
        return replace(found, models=_allowed(models), loaded=loaded)


def _allowed(models: tuple[ModelFacts, ...]) -> tuple[ModelFacts, ...]:
    """Models that answer from elsewhere are left out unless the house allows them."""
    return models if settings.ALLOW_CLOUD else tuple(facts for facts in models if not facts.remote)


async def _loaded(client: AsyncClient) -> tuple[LoadedFacts, ...]:
    try:
        found = await client.ps()
    except ResponseError:  # a server from before there was such a list
        return ()
    return tuple(LoadedFacts(one.model or one.name or "", int(one.size or 0), one.expires_at) for one in found.models)


def _state(row: Address) -> EngineState:
    return EngineState(row.pk, row.public_id, row.kind, row.base_url, row.parallelism)


def _useful(state: EngineState) -> bool:
    return state.answers and any(facts.completion for facts in state.models)
