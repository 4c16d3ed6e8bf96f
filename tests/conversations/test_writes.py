"""What is written, when two want to write: in threads of their own, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from tests.cast import Cast, gather
from tests.patience import PATIENCE_S
from tutor.conversations import erasing, services, store
from tutor.conversations.models import Conversation, Reply, Turn
from tutor.conversations.provenance import MadeState, Provenance
from tutor.conversations.services import RefusedError
from tutor.llm.presets import current_version

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return gather()


def begin(people: Cast, title: str = "a talk") -> Conversation:
    return services.begin(
        people.ana,
        services.Beginning(
            client_id=uuid4(),
            study=people.anas_study,
            membership=people.anas_membership,
            style="patient",
            style_version=1,
            guided=False,
            title=title,
            host=None,
            model="m",
            preset_version=current_version(),
        ),
    )[0]


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """The outcome of each, done side by side: what it returned, or the code it was refused with."""

    def do(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except RefusedError as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(do, works))


def ended(conversation: Conversation, text: str = "La ") -> Reply:
    turn, _ = services.open_turn(conversation, conversation.learner, uuid4(), "hola", "me")
    reply = turn.replies.get()
    store.close(Reply, reply.pk, store.Ending("interrupted", 1, content={"seq": 1, "text": text}))
    return Reply.objects.select_related("turn", "conversation").get(pk=reply.pk)


def test_the_same_command_many_times_is_one_message(people: Cast) -> None:
    conversation, client_id = begin(people), uuid4()
    works = [lambda: services.open_turn(conversation, people.ana, client_id, "hola", "me")] * 4
    outcomes = at_once(*works)
    assert {turn.pk for turn, _ in outcomes} == {Turn.objects.get(client_id=client_id).pk}
    assert sorted(fresh for _, fresh in outcomes) == [False, False, False, True]


def test_two_messages_at_once_are_one_and_a_refusal(people: Cast) -> None:
    conversation = begin(people)
    works = [lambda: services.open_turn(conversation, people.ana, uuid4(), "hola", "me")] * 4
    outcomes = at_once(*works)
    assert outcomes.count("busy") == 3
    assert Turn.objects.filter(conversation=conversation).count() == 1


@pytest.mark.parametrize("again", [services.retry, services.resume])
def test_again_from_two_tabs_is_once(people: Cast, again: Callable[[Reply, str], Reply]) -> None:
    """Both have read the reply as it was; only one of them gets it going."""
    reply = ended(begin(people))
    copies = [Reply.objects.select_related("turn", "conversation").get(pk=reply.pk) for _ in range(2)]
    outcomes = at_once(*(lambda one=one: again(one, "me") for one in copies))
    refused = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert len(refused) == 1
    assert refused[0] in {"busy", "not_the_last"}
    assert Reply.objects.filter(state=MadeState.QUEUED).count() == 1


def test_what_has_ended_does_not_begin_again(people: Cast) -> None:
    """A stop may overtake the note that the reply runs now: the row stays ended, the conversation free."""
    conversation = begin(people)
    turn, _ = services.open_turn(conversation, people.ana, uuid4(), "hola", "me")
    reply = turn.replies.get()
    store.close(Reply, reply.pk, store.Ending("stopped", 1, content={"seq": 0, "text": ""}))
    store.begin_reply(reply.pk, Provenance("1", model="another"))
    store.checkpoint([(reply.pk, 1, 5, "too late", "")])
    reply.refresh_from_db()
    conversation.refresh_from_db()
    assert (reply.state, reply.text, conversation.switched_from) == ("stopped", "", "")
    assert services.open_turn(conversation, people.ana, uuid4(), "hola", "me")[1]


def test_an_earlier_epoch_writes_nothing(people: Cast) -> None:
    resumed = services.resume(ended(begin(people)), "me")
    store.checkpoint([(resumed.pk, 1, 9, "old", "")])
    store.close(Reply, resumed.pk, store.Ending("done", 1, content={"seq": 9, "text": "old"}))
    resumed.refresh_from_db()
    assert (resumed.epoch, resumed.state, resumed.text, resumed.earlier_texts) == (2, "queued", "La ", ["La "])


def test_a_dead_process_leaves_interrupted_replies(people: Cast) -> None:
    first, second = begin(people), begin(people)
    services.open_turn(first, people.ana, uuid4(), "hola", "the dead")
    services.open_turn(second, people.ana, uuid4(), "hola", "me")
    assert store.sweep("me") == 1
    states = dict(Reply.objects.values_list("conversation", "state"))
    assert states == {first.pk: "interrupted", second.pk: "queued"}


def test_a_reply_that_cannot_begin_is_no_block(people: Cast) -> None:
    conversation = begin(people)
    turn, _ = services.open_turn(conversation, people.ana, uuid4(), "hola", "me")
    store.give_up(Reply, turn.replies.get().pk)
    assert turn.replies.get().state == "failed"
    assert services.open_turn(conversation, people.ana, uuid4(), "hola", "me")[1]


def test_a_reply_that_cannot_go_on_keeps_its_words_and_may_try_again(people: Cast) -> None:
    resumed = services.resume(ended(begin(people)), "me")
    store.give_up(Reply, resumed.pk)
    resumed.refresh_from_db()
    assert (resumed.state, resumed.text) == ("interrupted", "La ")
    assert services.resume(resumed, "me").epoch == 3


def test_only_what_was_deleted_long_enough_ago_is_erased(people: Cast) -> None:
    old, new, kept = (begin(people, title) for title in ("old", "new", "kept"))
    for one in (old, new):
        erasing.delete(one)
    Conversation.objects.filter(pk=old.pk).update(deleted=timezone.now() - timedelta(seconds=31))
    assert erasing.erase_deleted(timedelta(seconds=30))
    assert erasing.undo_delete(Conversation.objects.filter(pk=new.pk))
    titles = Conversation.objects.filter(deleted__isnull=True).values_list("title", flat=True)
    assert sorted(titles) == ["kept", "new"]
    assert kept.pk


def test_undone_or_erased_and_never_both(people: Cast, client: Client) -> None:
    """Whoever takes a talk back while it is being erased has it again, or hears that it is gone."""
    client.force_login(people.ana)
    assert client.get("/talk/").status_code == 200  # slow the first time: imports
    talk = begin(people)
    Conversation.objects.filter(pk=talk.pk).update(deleted=timezone.now() - timedelta(seconds=31))
    with ThreadPoolExecutor(1) as elsewhere:
        undone: list[Future[int]] = []

        def undo() -> int:
            try:
                return client.post(f"/talk/{talk.public_id}/undo").status_code
            finally:
                connections.close_all()

        def once_found(execute: Callable[..., Any], *asked: Any) -> Any:
            found = execute(*asked)
            if not undone:
                undone.append(elsewhere.submit(undo))
                wait(undone, 1)
            return found

        with connection.execute_wrapper(once_found):
            erasing.erase_deleted(timedelta(seconds=30))
        answer = undone[0].result(PATIENCE_S)
    assert answer == (302 if Conversation.objects.filter(pk=talk.pk).exists() else 404)
