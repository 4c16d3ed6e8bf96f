"""What models can do, as servers of several years tell it: silence is no yes, and /api/show is believed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tutor.llm.capabilities import Capabilities
from tutor.llm.engine_status import EngineState, EngineStatus, ModelFacts
from tutor.llm.selection import choose
from tutor.ollama import AsyncClient
from tutor.ollama.testing import Model, ScriptedOllama
from tutor.ollama.testing.wire import error_reply, json_reply

NOMIC = Model("nomic-embed-text:latest", 274_302_450, "nomic-bert", "137M", capabilities=("embedding",))
GEMMA = Model("gemma3:12b", 8_149_190_253, "gemma3", "12.2B", capabilities=("completion", "vision"))
SMALL = Model("tiny:1b", 1_000_000_000, "llama", "1.1B")
THINKER = Model("qwen3:8b", 5_225_388_164, "qwen3", "8.2B", capabilities=("completion", "tools", "thinking"))


def silent(models: Sequence[Model]) -> dict[str, Any]:
    """A list from before there were capabilities."""
    return {
        "models": [{key: value for key, value in one.tags_entry().items() if key != "capabilities"} for one in models]
    }


async def learnt(ollama: ScriptedOllama, known: Capabilities | None = None) -> tuple[ModelFacts, ...]:
    async with AsyncClient(ollama.base_url, trust_env=False) as client:
        return await (known or Capabilities()).facts(client, ollama.base_url, await client.list())


def chosen(models: tuple[ModelFacts, ...], wanted: str = "") -> tuple[str, bool, str]:
    state = EngineState(1, "one", "ollama", "http://127.0.0.1:1", 1, answers=True, models=models)
    answer = choose(EngineStatus((state,)), wanted, "auto")
    return answer.model, answer.guided, answer.instead_of


@pytest.mark.parametrize("show", ["as old", "no such route", "nothing at all"])
async def test_an_embedding_model_is_no_tutor_on_a_server_that_lists_no_capabilities(show: str) -> None:
    models = [NOMIC, Model("bge-m3:latest", family="bert", parameter_size="567M"), SMALL, GEMMA]
    async with ScriptedOllama(models=models) as ollama:
        ollama.script(json_reply(silent(models)), path="/api/tags")
        if show != "as old":
            ollama.script(error_reply("404 page not found", 404 if show == "no such route" else 500), path="/api/show")
        else:
            ollama.script(json_reply({"details": {}, "template": "{{ .Prompt }}"}), path="/api/show")
        facts = await learnt(ollama)
    assert [one.name for one in facts if one.completion] == ["tiny:1b", "gemma3:12b"]
    assert chosen(facts) == ("gemma3:12b", False, "")


async def test_an_old_server_tells_by_the_pooling_of_the_file() -> None:
    models = [Model("house/finder:latest", family="qwen3", parameter_size="596M")]
    async with ScriptedOllama(models=models) as ollama:
        ollama.script(json_reply(silent(models)), path="/api/tags")
        info = {"general.architecture": "qwen3", "qwen3.pooling_type": 3}
        ollama.script(json_reply({"details": {}, "model_info": info}), path="/api/show")
        assert [one.capabilities for one in await learnt(ollama)] == [("embedding",)]


async def test_show_is_believed_where_the_list_says_something_else() -> None:
    claimed = THINKER.tags_entry() | {"capabilities": ["completion"]}
    pretender = NOMIC.tags_entry() | {"capabilities": ["completion"]}
    async with ScriptedOllama(models=[THINKER, NOMIC]) as ollama:
        ollama.script(json_reply({"models": [claimed, pretender]}), path="/api/tags")
        facts = await learnt(ollama)
    assert [one.capabilities for one in facts] == [("completion", "tools", "thinking"), ("embedding",)]


async def test_each_file_is_asked_about_once() -> None:
    known = Capabilities()
    async with ScriptedOllama(models=[THINKER, GEMMA]) as ollama:
        first, again = await learnt(ollama, known), await learnt(ollama, known)
        asked = [request.path for request in ollama.requests].count("/api/show")
    assert first == again
    assert asked == 2


async def test_a_projector_for_pictures_beside_a_language_model_makes_no_encoder() -> None:
    seeing = Model("llava:7b", family="llama", parameter_size="7B")
    async with ScriptedOllama(models=[seeing]) as ollama:
        entry = seeing.tags_entry()
        entry["details"] |= {"families": ["llama", "clip"]}
        del entry["capabilities"]
        ollama.script(json_reply({"models": [entry]}), path="/api/tags")
        ollama.script(error_reply("busy", 503), path="/api/show")
        assert [one.completion for one in await learnt(ollama)] == [True]


def test_a_preset_whose_model_is_gone_goes_on_with_the_best_that_is_there() -> None:
    here = (ModelFacts("mistral:7b", parameter_size="7.2B"), ModelFacts("qwen2.5:3b", parameter_size="3.1B"))
    assert chosen(here, "gone:7b") == ("qwen2.5:3b", False, "gone:7b")
    assert chosen(here, "mistral:7b") == ("mistral:7b", False, "")


def test_what_answers_from_elsewhere_stands_in_for_nobody() -> None:
    assert chosen((ModelFacts("big:cloud", parameter_size="400B", remote=True),), "gone:7b")[0] == "gone:7b"
