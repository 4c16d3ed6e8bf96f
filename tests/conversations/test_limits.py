"""How much one learner may want: the last that is allowed, and the first that is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.cast import Cast
from tests.conversations.test_writes import begin, ended, people
from tutor.accounts.models import User
from tutor.chat.presenters import reply_view
from tutor.conversations import selectors, services, store
from tutor.conversations.models import Conversation, Reply, Turn
from tutor.conversations.provenance import MadeState
from tutor.conversations.services import RefusedError
from tutor.conversations.store import Ending

__all__ = ["people"]
pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = timedelta(minutes=61)


def refused_with(work: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as refused:
        work()
    return refused.value.code


def say(conversation: Conversation, author: User) -> None:
    turn, _ = services.open_turn(conversation, author, uuid4(), "hola", "me")
    store.close(Reply, turn.said.pk, Ending("done", 1, content={"text": "¡Hola!"}))


def earlier(conversation: Conversation, author: User, count: int, **more: object) -> None:
    """So many messages of this hour, in a talk of their own."""
    first = conversation.turns.count()
    fields = {"conversation": conversation, "author": author, "text": "hola", **more}
    Turn.objects.bulk_create(Turn(ordinal=first + n, **{"client_id": uuid4(), **fields}) for n in range(count))


def test_sixty_messages_an_hour(people: Cast) -> None:
    elsewhere, conversation = begin(people), begin(people)
    earlier(elsewhere, people.ana, services.MESSAGES_AN_HOUR - 1)
    # None of these is a message of hers within the hour: greetings, what Ben wrote, what is over.
    earlier(elsewhere, people.ana, 5, client_id=None, text="")
    earlier(elsewhere, people.ben, 5)
    earlier(elsewhere, people.ana, 5, created=timezone.now() - LONG_AGO)
    say(conversation, people.ana)
    assert refused_with(lambda: say(conversation, people.ana)) == "too_many_messages"


@pytest.mark.parametrize("again", [services.retry, services.resume])
def test_four_open_replies_whether_sent_tried_again_or_continued(
    people: Cast, again: Callable[[Reply, str], Reply]
) -> None:
    replies = [ended(begin(people)) for _ in range(services.OPEN_REPLIES_A_LEARNER + 1)]
    for reply in replies[:-1]:
        again(reply, "me")
    assert refused_with(lambda: again(replies[-1], "me")) == "too_many_waiting"
    assert refused_with(lambda: say(begin(people), people.ana)) == "too_many_waiting"


def test_sixty_tries_an_hour(people: Cast) -> None:
    reply, other = ended(begin(people)), ended(begin(people))
    fields = {"turn": other.turn, "conversation": other.conversation, "chosen": False, "state": MadeState.FAILED}
    tries = services.RETRIES_AN_HOUR - 1
    Reply.objects.bulk_create(Reply(attempt=number, **fields) for number in range(2, 2 + tries))
    Reply.objects.create(attempt=100, created=timezone.now() - LONG_AGO, **fields)
    again = services.retry(reply, "me")
    store.close(Reply, again.pk, Ending("failed", 1))
    assert refused_with(lambda: services.retry(again, "me")) == "too_many_messages"


def test_a_reply_is_continued_nineteen_times(people: Cast) -> None:
    """Each time the text so far is kept once more."""
    reply = ended(begin(people))
    Reply.objects.filter(pk=reply.pk).update(epoch=services.RUNS_A_REPLY - 1)
    assert services.resume(reply, "me").epoch == services.RUNS_A_REPLY
    store.close(Reply, reply.pk, Ending("interrupted", services.RUNS_A_REPLY, content={"text": "La "}))
    assert refused_with(lambda: services.resume(reply, "me")) == "continued_often"


def test_a_report_is_of_one_attempt(people: Cast) -> None:
    """An earlier one that was reported is over with: the new one can be reported as well."""
    reply = ended(begin(people))
    services.report(reply)
    again = services.retry(reply, "me")
    store.close(Reply, again.pk, Ending("done", 1, content={"seq": 1, "text": "La mandarina."}))
    turns, _ = selectors.page(reply.conversation.turns.all())
    (turn,) = turns
    assert "report" in reply_view(turn.said, turn, last=True).can
    services.report(turn.said)
    (turn,) = selectors.page(reply.conversation.turns.all())[0]
    assert "reported" in reply_view(turn.said, turn, last=True).can
