"""Another kind of work than a reply needs one file: here it is, with its card at the margin of a turn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from uuid import UUID, uuid4

import pytest

from polyglott.wiring import make_supervisor
from tests.cast import gather
from tests.conversations.test_writes import begin
from tests.patience import until
from tests.prompted import Prompted
from tutor.chat.listener import Listener
from tutor.chat.protocol import CardView, Correction, Subscribe, TurnView
from tutor.conversations import services, store
from tutor.conversations.models import Card, Conversation
from tutor.conversations.provenance import Provenance
from tutor.conversations.store import Ending
from tutor.database import close_database_threads, in_database
from tutor.dialogue import ModelRequest
from tutor.live.calls import ModelCall, Question
from tutor.live.outcomes import DONE, Outcome
from tutor.live.queue import Rank
from tutor.live.supervisor import Supervisor
from tutor.llm.engine_status import EngineStatus, publish
from tutor.llm.models import Host
from tutor.llm.selection import CurrentModel, current_model
from tutor.ollama import ChatResponse
from tutor.ollama.testing import Say, ScriptedOllama, faults

RIGHT = "Tengo una gata."


def _finding(right: str) -> dict[str, object]:
    place = {"start": 0, "end": 14, "old": "Tengo un gata.", "new": right, "margin": 2.0, "reason": ""}
    return {**place, "certainty": "possible", "kind": "gender", "witnesses": [], "rung": "answer", "disputed": False}


class CheckingWork(Question):
    """What the model would have written instead. It knows of models, queue and provenance what a reply knows."""

    rank = Rank.CORRECTION

    def __init__(self, supervisor: Supervisor, card: UUID) -> None:
        self.supervisor = supervisor
        self.card = card
        self.words = ""
        self.call: ModelCall | None = None

    @property
    def has_content(self) -> bool:
        return bool(self.words)

    async def load(self) -> None:
        self.row: Card = await in_database(Card.objects.select_related("conversation", "turn").get, public_id=self.card)
        self.learner, self.model = self.row.conversation.learner_id, await in_database(current_model)

    async def run(self, call: Callable[[], ModelCall]) -> Outcome:
        self.call = call()
        await self.call.ask(self)
        return DONE

    async def close(self, outcome: Outcome) -> None:
        assert self.call is not None
        body = {"body": {"findings": [_finding(self.words)]}} if outcome == DONE else {}
        ending = Ending(outcome.state, self.row.epoch, outcome.code, self.call.counts, body)
        await in_database(store.close, Card, self.row.pk, ending)
        self.supervisor.hub.tell(self.row.conversation.public_id, "card", self.card)

    async def give_up(self) -> None:
        await in_database(store.give_up, Card, self.row.pk)

    def choose(self) -> CurrentModel:
        return self.model

    def request_for(self, model: CurrentModel) -> ModelRequest:
        return ModelRequest([{"role": "user", "content": self.row.turn.text}], None, {"num_ctx": 4096}, "checking 1")

    async def begin(self, provenance: Provenance) -> None:
        await in_database(store.begin, Card, self.row.pk, provenance)
        self.supervisor.hub.tell(self.row.conversation.public_id, "card", self.card)

    def on_chunks(self, chunks: Sequence[ChatResponse]) -> bool:
        self.words += "".join(chunk.message.content or "" for chunk in chunks)
        return False


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    with ScriptedOllama.in_thread() as server:
        yield server


@pytest.fixture
async def supervisor(transactional_db: None, ollama: ScriptedOllama) -> AsyncIterator[Supervisor]:
    made = make_supervisor()
    await in_database(Host.objects.all().delete)
    await in_database(Host.objects.create, kind="ollama", base_url=ollama.base_url)
    await made.engines.start()
    await made.engines.probe_now()
    yield made
    await made.runner.drain()
    await made.engines.stop()
    publish(EngineStatus())
    await close_database_threads()


@pytest.fixture
async def card(supervisor: Supervisor) -> Card:
    return await in_database(_card, supervisor.owner)


def _card(owner: str) -> Card:
    conversation = begin(gather())
    turn, _ = services.open_turn(conversation, conversation.learner, uuid4(), "Tengo un gata.", "me")
    store.close_reply(turn.replies.get().pk, Ending("done", 1, content={"seq": 1, "text": "¡Qué bien!"}))
    return Card.objects.create(turn=turn, conversation=conversation, kind="correction", owner=owner)


async def listening(supervisor: Supervisor, conversation: Conversation) -> Listener:
    """The one who wrote, with the conversation in front of them."""
    listener = Listener(supervisor, "", conversation.learner_id)
    listener.subscribe(Subscribe(type="subscribe", conversation=conversation.public_id))
    listener._follower.forget()
    return listener


async def heard(listener: Listener) -> list[object]:
    frames: list[object] = []
    while (more := await listener.next_news()) is not None:
        frames += more
    return frames


async def test_a_card_comes_beside_its_reply(supervisor: Supervisor, ollama: ScriptedOllama, card: Card) -> None:
    held = Prompted(["Tengo ", "una gata."])
    ollama.script(held.reply)
    listener = await listening(supervisor, card.conversation)
    supervisor.runner.start(card.public_id, CheckingWork(supervisor, card.public_id))
    await until(lambda: len(ollama.chats) == 1)
    begun = [frame for frame in await heard(listener) if isinstance(frame, CardView)]
    assert [(one.turn, one.state, one.body) for one in begun] == [(card.turn.public_id, "running", None)]
    held.let_go()
    await until(lambda: not supervisor.runner.under_way)
    (done,) = await heard(listener)
    assert isinstance(done, CardView)
    assert isinstance(done.body, Correction)
    assert (done.state, done.body.findings[0].answer) == ("done", RIGHT)
    # Whoever comes later finds it in its turn.
    supervisor.hub.tell(card.conversation.public_id, "turn", card.turn.public_id)
    (turn,) = await heard(listener)
    assert isinstance(turn, TurnView)
    assert turn.cards == (done,)
    conversation = card.conversation
    await in_database(card.refresh_from_db)
    assert (card.model, card.prompt_version, card.options) == ("qwen2.5:7b", "checking 1", {"num_ctx": 4096})
    assert card.preset_version_id == conversation.preset_version_id
    assert card.finished is not None
    listener.close()


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [("reset_mid_stream", "interrupted", "cut_off"), ("model_missing", "failed", "model_missing")],
)
async def test_a_fault_ends_it_as_it_would_a_reply(
    supervisor: Supervisor, ollama: ScriptedOllama, card: Card, fault: str, state: str, code: str
) -> None:
    ollama.script(faults.FAULTS[fault]())
    supervisor.runner.start(card.public_id, CheckingWork(supervisor, card.public_id))
    await until(lambda: not supervisor.runner.under_way)
    await in_database(card.refresh_from_db)
    assert (card.state, card.error_code, card.body) == (state, code, {})


async def test_it_is_stopped_and_drained_like_a_reply(
    supervisor: Supervisor, ollama: ScriptedOllama, card: Card
) -> None:
    ollama.script(faults.hang_before_headers())
    supervisor.runner.start(card.public_id, CheckingWork(supervisor, card.public_id))
    await until(lambda: len(ollama.chats) == 1)
    await supervisor.runner.drain()
    await in_database(card.refresh_from_db)
    assert (card.state, card.error_code) == ("interrupted", "restart")


async def test_what_a_dead_process_left_open_is_swept(supervisor: Supervisor, card: Card) -> None:
    assert await in_database(store.sweep, supervisor.owner) == 0
    assert await in_database(store.sweep, "another boot") == 1
    await in_database(card.refresh_from_db)
    assert (card.state, card.error_code) == ("interrupted", "restart")


async def test_somebody_else_hears_nothing_of_it(supervisor: Supervisor, card: Card) -> None:
    listener = await listening(supervisor, card.conversation)
    assert listener.view is not None
    listener.view.person = 0
    supervisor.hub.tell(card.conversation.public_id, "card", card.public_id)
    assert await heard(listener) == []
    listener.close()


async def test_a_reply_goes_before_it(supervisor: Supervisor, ollama: ScriptedOllama, card: Card) -> None:
    """While the model is taken, both wait: the reply, though it came later, is served first."""
    ollama.script(Say([RIGHT]))
    queue = supervisor.runner.queues.at((await in_database(Host.objects.get, kind="ollama")).pk)
    async with queue.slot(99, Rank.REPLY, lambda *_: None):
        supervisor.runner.start(card.public_id, CheckingWork(supervisor, card.public_id))
        await until(lambda: queue.waiting == 1)
        reply = await in_database(_message, card.conversation)
        supervisor.let_grow(card.conversation.public_id, *reply)
        await until(lambda: queue.waiting == 2)
    await until(lambda: not supervisor.runner.under_way)
    assert [chat.body["messages"][-1]["content"] for chat in ollama.chats] == ["¿Y tú?", "Tengo un gata."]


def _message(conversation: Conversation) -> tuple[UUID, int]:
    turn, _ = services.open_turn(conversation, conversation.learner, uuid4(), "¿Y tú?", "me")
    reply = turn.replies.get()
    return reply.public_id, reply.pk
