"""Each command, given by the whole cast to the dispatcher behind socket and POST, about a conversation of Ana's."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from polyglott.wiring import make_supervisor
from tests.cast import Cast, gather
from tests.house.matrix import ABSENT, ACTORS, COMMANDS, OPEN, SIGN_IN
from tests.house.scene import set_scene
from tutor.chat.commands import SignedOutError, carry_out
from tutor.chat.protocol import Refused, command_adapter
from tutor.classrooms.models import Classroom, Membership
from tutor.conversations.models import Reply
from tutor.database import close_database_threads, in_database
from tutor.live.supervisor import Supervisor


@pytest.fixture
async def supervisor(transactional_db: None) -> AsyncIterator[Supervisor]:
    made = make_supervisor()
    yield made
    await made.runner.drain()
    await close_database_threads()


def frame_of(name: str, scene: dict[str, Any]) -> dict[str, Any]:
    about = {
        "subscribe": {"conversation": scene["conversation"]},
        "send": {"conversation": scene["conversation"], "client_id": uuid.uuid4(), "text": "Buenos días"},
        "climb": {"card": scene["card"], "index": 0},
        "dispute": {"card": scene["card"], "index": 0},
        "check": {"turn": scene["turn"]},
        "reveal": {"conversation": scene["conversation"]},
        "ack": {"received": 1},
        "ping": {},
    }
    return {"type": name, **about.get(name, {"reply": scene["reply"]})}


def sign_in(cast: Cast, actor: str) -> str:
    client = Client(HTTP_HOST="127.0.0.1")
    if actor == "anonymous":
        return ""
    client.force_login(cast.people[actor])
    return client.session.session_key or ""


@pytest.mark.parametrize("name", sorted(COMMANDS))
async def test_command(name: str, supervisor: Supervisor, settings: Any) -> None:
    settings.CORRECTIONS = "rules"
    cast = await in_database(gather)
    scene = await in_database(set_scene, cast, name)
    command = command_adapter.validate_python(frame_of(name, scene))
    answers = {}
    # Ana last: what she begins must not change what the others find.
    for actor in sorted(ACTORS, key="ana".__eq__):
        session_key = await in_database(sign_in, cast, actor)
        answers[actor] = await answer(session_key, command, supervisor)
    assert answers == {actor: COMMANDS[name].to(actor) for actor in ACTORS}


async def answer(session_key: str, command: Any, supervisor: Supervisor) -> str:
    try:
        frames = await carry_out(session_key, command, supervisor)
    except SignedOutError:
        return SIGN_IN
    refusals = [frame.code for frame in frames if isinstance(frame, Refused)]
    # She may, and nobody who could be asked is there.
    return {"not_found": ABSENT, "no_suggestions": OPEN}.get(refusals[0], refusals[0]) if refusals else OPEN


def come_back_to_the_family(cast: Cast) -> None:
    Classroom.objects.filter(pk=cast.claras_class.pk).update(kind="family")
    Membership.objects.filter(pk=cast.anas_membership.pk).update(until=timezone.now())
    Membership.objects.create(person=cast.ana, classroom=cast.claras_class, role="student")


async def test_in_a_talk_from_before_a_child_came_back_nothing_is_said(supervisor: Supervisor) -> None:
    """What a child says in a family is open to its parents, and this talk would not be."""
    cast = await in_database(gather)
    scene = await in_database(set_scene, cast, "send")
    await in_database(come_back_to_the_family, cast)
    ana = await in_database(sign_in, cast, "ana")
    names = ("send", "retry", "resume", "subscribe")
    commands = [command_adapter.validate_python(frame_of(name, scene)) for name in names]
    assert [await answer(ana, command, supervisor) for command in commands] == ["closed", "closed", "closed", OPEN]
    assert await in_database(Reply.objects.exclude(state="done").count) == 0
