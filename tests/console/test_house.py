"""The console of a real server process, with a scripted Ollama behind it: what waits for an engine."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.live.house import House
from tests.patience import PATIENCE_S
from tutor.ollama.testing import Model, ScriptedOllama, faults

CLOUD = Model("gpt-oss:120b-cloud", remote_host="https://ollama.com", remote_model="gpt-oss:120b")


@pytest.fixture(scope="module")
def ollama() -> Iterator[ScriptedOllama]:
    with ScriptedOllama.in_thread(models=[Model("qwen2.5:7b"), CLOUD]) as server:
        yield server


@pytest.fixture(scope="module")
def house(ollama: ScriptedOllama) -> Iterator[House]:
    with House(ollama.base_url) as house:
        yield house


@pytest.fixture
def ada(house: House, ollama: ScriptedOllama) -> Iterator[httpx.Client]:
    ollama.forget()
    cookies = {"sessionid": house.sessions["ada"]}
    with httpx.Client(base_url=house.url, cookies=cookies, trust_env=False, timeout=PATIENCE_S) as client:
        yield client


def post(client: httpx.Client, path: str, **form: str) -> str:
    """A form of the console, as a browser sends it: with the page's token."""
    client.get("/console/")
    token = client.cookies["csrftoken"]
    answer = client.post(path, data={**form, "csrfmiddlewaretoken": token}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_it_shows_what_is_installed_and_hides_what_answers_from_elsewhere(ada: httpx.Client) -> None:
    text = post(ada, "/console/look-again/")
    assert "talks now" in text
    assert "0.33.0" in text
    assert "gpt-oss" not in text


def test_a_test_sentence_is_measured(ada: httpx.Client, ollama: ScriptedOllama) -> None:
    ollama.say(["¡Buenos ", "días!"], first_delay_s=0.05, once=True)
    text = post(ada, "/console/test/", model="qwen2.5:7b")
    assert "¡Buenos días!" in text
    assert "first token after 0." in text
    assert "tokens/s" in text
    asked = ollama.chats[-1].body
    assert asked["options"]["num_ctx"] == 4096
    assert asked["options"]["num_predict"] == 48
    assert "First token" in ada.get("/console/").text


@pytest.mark.parametrize("model", ["gpt-oss:120b-cloud", "nobody:1b", ""])
def test_what_is_not_on_the_board_is_not_asked(ada: httpx.Client, ollama: ScriptedOllama, model: str) -> None:
    assert "does not have this model" in post(ada, "/console/test/", model=model)
    assert not ollama.chats


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("server_error", "CUDA error: out of memory"),
        ("model_missing", "does not have this model"),
        ("busy", "The engine is busy."),
        ("malformed_line", "What came back is not what Ollama sends."),
        ("done_false", "It broke off in the middle"),
        ("empty_reply", "It answered, but without a word."),
        ("close_before_headers", "It broke off in the middle"),
    ],
)
def test_a_failed_test_says_what_happened(ada: httpx.Client, ollama: ScriptedOllama, fault: str, words: str) -> None:
    ollama.script(faults.FAULTS[fault](), once=True)
    assert words in post(ada, "/console/test/", model="qwen2.5:7b").replace("&#x27;", "'")


def test_a_preset_is_tried_with_values_that_are_not_saved(
    ada: httpx.Client, ollama: ScriptedOllama, house: House
) -> None:
    form = {"model": "qwen2.5:7b", "mode": "auto", "temperature": "0.2", "num_predict": "40", "top_p": "0.8"}
    text = post(ada, "/console/presets/try/", **form, repeat_penalty="1.2", num_ctx="4096", keep_alive="5m")
    assert "nothing is saved yet" in text
    assert ollama.chats[-1].body["options"]["temperature"] == 0.2
    assert ollama.chats[-1].body["keep_alive"] == "5m"
    assert house.rows("SELECT max(number) FROM catalogue_presetversion") == [(1,)]


def test_what_answers_at_an_address_is_said_before_it_is_saved(
    ada: httpx.Client, ollama: ScriptedOllama, house: House
) -> None:
    hosts = house.rows("SELECT count(*) FROM catalogue_host")
    text = post(ada, "/console/hosts/ask/", base_url=ollama.base_url, parallelism="1")
    assert "Ollama 0.33.0 answers in" in text
    assert "on this computer" in text
    text = post(ada, "/console/hosts/ask/", base_url="http://127.0.0.1:1", parallelism="1")
    assert "Nobody answers at this address." in text
    assert house.rows("SELECT count(*) FROM catalogue_host") == hosts
