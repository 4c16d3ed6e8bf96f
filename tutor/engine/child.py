"""The parent's side of the engine: starts the child process, knows its address, and starts it again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

State = Literal["stopped", "starting", "ready", "restarting", "failed"]

ROOT: Final = Path(__file__).resolve().parents[2]
PASSED_ON: Final = ("HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TEMP", "TMPDIR")
HOPELESS: Final = frozenset({"model_missing", "model_unreadable", "bad_name", "bad_launch", "engine_missing"})
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 30.0
CALM_S: Final = 60.0
MOST_FAILURES: Final = 6
LOAD_TIMEOUT_S: Final = 180.0
FAREWELL_S: Final = 3.0


class EngineChild:
    """One engine with one model, kept alive between `start` and `stop`.

    `state` is "failed" when another start would not help, and `reason` then says why: "model_missing",
    "model_unreadable", "engine_missing", "bad_name", "crashed" (too often) or "not_ready" (within three minutes).
    While "restarting", `reason` is that of the last end. The address stays the same over restarts wherever the port
    is still free, and the token always does. Belongs to one event loop.
    """

    def __init__(
        self,
        model_path: Path,
        name: str,
        *,
        slots: int = 2,
        ctx: int = 4096,
        python: str = sys.executable,
        queue: int = 4,
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        self._command = [python, "-m", "tutor.engine", "--model", str(model_path), "--name", name]
        self._command += ["--slots", str(slots), "--ctx", str(ctx), "--queue", str(queue)]
        self._first_pause_s = first_pause_s
        self._token = secrets.token_urlsafe(32)
        self._port = 0
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()
        self.state: State = "stopped"
        self.reason = ""

    @property
    def base_url(self) -> str:
        """Where the engine answers; meaningful once it was ready."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def headers(self) -> dict[str, str]:
        """What every request to it must carry."""
        return {"authorization": f"Bearer {self._token}"}

    @property
    def pid(self) -> int | None:
        """The child's process number; None while there is none."""
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        """Begin, and return at once; `wait_ready` tells when the model is loaded. Does nothing when begun already."""
        if self._keeper is None:
            self._enter("starting", "")
            self._keeper = asyncio.create_task(self._keep(), name="engine-keeper")

    async def stop(self) -> None:
        """End the child and return when it has ended, by force if it does not end in three seconds."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.wait([keeper])
        await self._end_process()
        self._enter("stopped", "")

    async def wait_ready(self, timeout_s: float) -> bool:
        """True as soon as the engine is ready; False when it failed, was stopped, or is still not after `timeout_s`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._settled.wait()
        return self.state == "ready"

    async def _keep(self) -> None:
        failures = 0
        while self.state != "failed":
            began_s = time.monotonic()
            reason = await self._live()
            failures = 1 if time.monotonic() - began_s > CALM_S else failures + 1
            if reason in HOPELESS or failures >= MOST_FAILURES:
                self._enter("failed", reason)
                return
            self._enter("restarting", reason)
            await asyncio.sleep(min(LONGEST_PAUSE_S, self._first_pause_s * 2 ** (failures - 1)))

    async def _live(self) -> str:
        """One life of the child; the reason of its end."""
        try:
            process = await self._spawn()
        except OSError:
            return "engine_missing"
        told = await self._first_word(process)
        if told.get("ready") is True:
            self._port = int(told["port"])
            self._enter("ready", "")
            await process.wait()
        await self._end_process()
        return str(told.get("reason") or "crashed")

    async def _spawn(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        command = [*self._command, "--port", str(self._port)]
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment |= {"PYTHONPATH": str(ROOT), "GOMP_SPINCOUNT": "10000", "PYTHONUTF8": "1"}
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=pipe,
            stdout=pipe,
            env=environment,
            start_new_session=True,  # Ctrl-C is the parent's: it lets replies end first
        )
        self._process = process
        if process.stdin is not None:
            process.stdin.write(json.dumps({"token": self._token}).encode() + b"\n")
        return process

    async def _first_word(self, process: asyncio.subprocess.Process) -> Mapping[str, Any]:
        if process.stdout is None:
            return {}
        try:
            async with asyncio.timeout(LOAD_TIMEOUT_S):
                line = await process.stdout.readline()
        except TimeoutError:
            return {"reason": "not_ready"}
        with contextlib.suppress(ValueError):
            told = json.loads(line)
            return told if isinstance(told, dict) else {}
        return {}

    async def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()

    def _enter(self, state: State, reason: str) -> None:
        self.state = state
        self.reason = reason
        if state in {"ready", "failed", "stopped"}:
            self._settled.set()
        else:
            self._settled.clear()
