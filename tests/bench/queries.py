"""How many statements a turn costs, the first one and one after many: counted in a process on a house's database."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tests.bench.house import Crowd, in_house

if TYPE_CHECKING:
    from tutor.live.supervisor import Supervisor

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "polyglott.settings")


class Counting:
    """Counts what is executed on every connection of this process, whichever thread opens it."""

    def __init__(self) -> None:
        self.statements = 0

    def begin(self) -> None:
        from django.db.backends.signals import connection_created

        connection_created.connect(self._watch)

    def _watch(self, connection: Any, **_: Any) -> None:
        if self._count not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._count)

    def _count(self, execute: Callable[..., Any], *call: Any) -> Any:
        self.statements += 1
        return execute(*call)


async def _turn(supervisor: Supervisor, session: str, conversation: UUID) -> None:
    """One message to its stored reply, and everything the browser that sent it is told."""
    from tutor.chat.commands import carry_out, person_of
    from tutor.chat.listener import Listener
    from tutor.chat.protocol import Send, Subscribe
    from tutor.database import in_database

    person = await in_database(person_of, session)
    listener = Listener(supervisor, session, person.pk)
    listener.subscribe(Subscribe(type="subscribe", conversation=conversation))
    await listener.next_news()
    client_id = uuid4()
    await carry_out(
        session, Send(type="send", conversation=conversation, client_id=client_id, text="3 words"), supervisor
    )
    while supervisor.runner.under_way:
        await asyncio.sleep(0.01)
    while await listener.next_news() is not None:
        pass
    listener.close()


async def _count(session: str, conversations: list[str]) -> list[int]:
    from polyglott.wiring import make_supervisor

    counting, supervisor = Counting(), make_supervisor()
    counting.begin()
    await supervisor.engines.start()
    await supervisor.engines.probe_now()
    counts = []
    for conversation in conversations:
        before = counting.statements
        await _turn(supervisor, session, UUID(conversation))
        counts.append(counting.statements - before)
    await supervisor.engines.stop()
    return counts


def statements_of_a_turn(crowd: Crowd) -> tuple[int, int]:
    """In a new conversation, and in one of a thousand turns. The turn before them lets the process settle."""
    house = crowd.house
    conversations = [crowd.short, house.conversations["ana"][0], crowd.long]
    told = in_house(house, "-m", "tests.bench.queries", house.sessions["ana"], *conversations)
    _, first, after_many = json.loads(told)
    return first, after_many


def _main(session: str, conversations: list[str]) -> None:
    import django

    django.setup()
    sys.stdout.write(json.dumps(asyncio.run(_count(session, conversations))))


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2:])
