"""Every fault of an engine has one code, and every code a sentence for whoever tests a model."""

from __future__ import annotations

import pytest

from tests.ollama.watching import ASK, MODEL
from tutor.console.messages import TEST_PROBLEMS
from tutor.llm.faults import engine_fault, is_busy, worth_another_try
from tutor.ollama import AsyncClient, OllamaError, TimedOut, Timeouts
from tutor.ollama.testing import ScriptedOllama, faults

CODES = {
    "model_missing": "model_missing",
    "busy": "engine_busy",
    "server_error": "out_of_memory",
    "forbidden": "refused",
    "error_mid_stream": "out_of_memory",
    "error_object_mid_stream": "engine_error",
    "hang_before_headers": "slow_start",
    "hang_before_first_token": "slow_start",
    "stall_mid_stream": "stalled",
    "drip": "too_long",
    "reset_mid_stream": "cut_off",
    "close_before_headers": "cut_off",
    "chunk_cut": "cut_off",
    "no_done": "unfinished",
    "malformed_line": "protocol",
    "endless_line": "protocol",
}
HASTY = Timeouts(connect_s=5, first_s=0.6, whole_s=0.6, between_s=0.6, total_s=1.5)


@pytest.mark.parametrize("fault", CODES)
async def test_each_fault_has_its_code(fault: str) -> None:
    async with ScriptedOllama() as server:
        server.script(faults.ALL_FAULTS[fault]())
        async with AsyncClient(server.base_url, timeout=HASTY, retries=0, max_line_bytes=100_000) as client:
            with pytest.raises(OllamaError) as raised:
                await _read(client)
    assert engine_fault(raised.value) == CODES[fault]
    assert worth_another_try(raised.value) == (fault == "server_error")
    assert is_busy(raised.value) == (fault == "busy")


async def _read(client: AsyncClient) -> None:
    async with await client.chat(MODEL, ASK, stream=True) as stream:
        async for _ in stream:
            pass


async def test_nobody_there() -> None:
    async with AsyncClient("http://127.0.0.1:1", retries=0) as client:
        with pytest.raises(OllamaError) as raised:
            await client.version()
    assert engine_fault(raised.value) == "offline"
    assert engine_fault(TimedOut("connect", 5)) == "offline"


@pytest.mark.parametrize(
    "code",
    sorted({*CODES.values(), "model_crashed", "cannot_load", "message_too_long", "offline", "empty", "no_supervisor"}),
)
def test_each_code_has_a_sentence(code: str) -> None:
    assert str(TEST_PROBLEMS[code])
