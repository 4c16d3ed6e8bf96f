"""Options: sent as given, and a name that would be ignored is said where it was written."""

from __future__ import annotations

import _thread
import asyncio
import inspect
import warnings
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import ollama as published
import pytest

from tutor.ollama import Options, RequestError
from tutor.ollama.bodies import chat_body, create_body, embed_body, embeddings_body, generate_body
from tutor.ollama.options import options_body
from tutor.ollama.testing.received import until_blocking


def _line() -> int:
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


def test_sent_as_given() -> None:
    assert options_body(None) is None
    assert options_body({"num_ctx": None, "stop": ["a"]}) == {"num_ctx": None, "stop": ["a"]}
    assert options_body(MappingProxyType({"seed": 1})) == {"seed": 1}
    assert options_body(Options(num_ctx=9, min_p=0.5, draft_num_predict=2, top_p=None)) == {
        "num_ctx": 9,
        "min_p": 0.5,
        "draft_num_predict": 2,
    }
    assert options_body(published.Options(num_ctx=9)) == {"num_ctx": 9}
    with pytest.raises(RequestError):
        options_body(5)  # type: ignore[arg-type]


def test_every_option_of_the_published_client_is_known() -> None:
    assert set(published.Options.model_fields) < set(Options.model_fields)


def test_options_warn_when_they_are_made() -> None:
    with pytest.warns(UserWarning, match="no option 'temprature' .* did you mean 'temperature'") as told:
        options = Options.model_validate({"temprature": 0.1, "num_ctx": 9})
    assert told[0].filename == __file__
    assert options_body(options) == {"temprature": 0.1, "num_ctx": 9}
    with pytest.warns(UserWarning, match="no option 'qqq' and would ignore it$") as told:
        Options(qqq=1)
    assert (told[0].filename, told[0].lineno) == (__file__, _line() - 1)


def test_a_mapping_warns_when_it_is_sent_at_the_line_that_sends_it() -> None:
    with pytest.warns(UserWarning, match="'num_ctxt'") as told:
        body = generate_body("m", "p", None, stream=False, extras={"options": {"num_ctxt": 1, "num_ctx": 2}})
    assert [(one.filename, one.lineno) for one in told] == [(__file__, _line() - 1)]
    assert body["options"] == {"num_ctxt": 1, "num_ctx": 2}


def test_all_calls_that_take_options_warn() -> None:
    wrong: dict[str, Any] = {"num_ctxt": 1}
    sends: list[Callable[[], object]] = [
        lambda: chat_body("m", None, stream=False, extras={"options": wrong}),
        lambda: embed_body("m", "a", {"options": wrong}),
        lambda: embeddings_body("m", "a", options=wrong),
        lambda: create_body("m", stream=False, extras={"parameters": wrong}),
    ]
    for send in sends:
        with pytest.warns(UserWarning, match="'num_ctxt'"):
            send()


async def test_the_line_is_found_behind_awaits_and_tasks() -> None:
    async def ask() -> None:
        options_body({"num_ctxt": 1})

    for asked in (ask(), asyncio.create_task(ask())):
        with pytest.warns(UserWarning, match="'num_ctxt'") as told:
            await asked
        assert told[0].filename == __file__


def test_a_call_that_nobody_awaits_in_a_line_of_its_own_is_told_at_the_start_of_the_loop() -> None:
    async def main() -> None:
        asyncio.get_running_loop().call_soon(options_body, {"num_ctxt": 1})
        await asyncio.sleep(0)

    with pytest.warns(UserWarning, match="'num_ctxt'") as told:
        asyncio.run(main())
    assert [(one.filename, one.lineno) for one in told] == [(__file__, _line() - 1)]


def test_without_any_line_outside_it_is_told_all_the_same() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        _thread.start_new_thread(options_body, ({"num_ctxt": 1},))
        until_blocking(lambda: bool(told))
    assert told[0].filename.endswith("options.py")


def test_a_warning_comes_once_a_line() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("default")
        for _ in range(3):
            options_body({"num_ctxt": 1})
    assert len(told) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning):
            options_body({5: 1})  # type: ignore[dict-item]
