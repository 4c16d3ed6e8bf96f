"""Run as a process on a house's database: a hundred learners, a host for as many, and two long conversations."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from tutor.accounts.models import User
    from tutor.conversations.models import Conversation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "polyglott.settings")

MANY = 100
SHORT_TURNS, LONG_TURNS = 20, 1_000
REPLY = (
    "¡Qué bien! El **sábado** fui al mercado con mi hermana y compramos fruta, pan y un poco de queso. "
    "Después comimos en el parque, porque hacía sol. ¿Y tú, qué hiciste el fin de semana?"
)
MESSAGE = "El sábado yo voy al cine con mis amigos y vimos una película muy divertida."


def main(learners: int, ollama: str) -> None:
    import django

    django.setup()
    from tutor.llm.models import Host

    Host.objects.create(kind=Host.Kind.OLLAMA, base_url=ollama, parallelism=max(learners, 1))
    seeded = {
        "learners": [_learner(f"learner{number}") for number in range(learners)],
        "short": str(_long_conversation("ana", SHORT_TURNS).public_id),
        "long": str(_long_conversation("ana", LONG_TURNS).public_id),
    }
    sys.stdout.write(json.dumps(seeded))


def _learner(name: str) -> tuple[str, str]:
    """Somebody new with a conversation: their session's key and its public id."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from tutor.accounts.models import User

    person = User.objects.create(username=name, name=name, password="!")
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key), str(_conversation(person).public_id)


def _conversation(person: User) -> Conversation:
    from tutor.classrooms.models import Study
    from tutor.conversations import services
    from tutor.llm.presets import current_version

    beginning = services.Beginning(
        client_id=uuid4(),
        study=Study.objects.get_or_create(learner=person, language="es", defaults={"level": "A2"})[0],
        membership=None,
        style="patient",
        style_version=1,
        guided=False,
        title="El fin de semana",
        host=None,
        model="qwen2.5:7b",
        preset_version=current_version(),
    )
    conversation, _ = services.begin(person, beginning)
    services.say_opener(conversation, REPLY)
    return conversation


def _long_conversation(name: str, turns: int) -> Conversation:
    """One of ``turns`` turns, said yesterday: the limit of messages an hour counts none of them."""
    from tutor.accounts.models import User
    from tutor.conversations.models import Reply, Turn
    from tutor.conversations.provenance import MadeState

    person = User.objects.get(username=name)
    conversation = _conversation(person)
    conversation.turns.all().delete()
    yesterday = conversation.created - timedelta(days=1)
    rows = [
        Turn(
            conversation=conversation,
            author=person,
            ordinal=ordinal,
            text=f"{MESSAGE} ({ordinal})",
            client_id=uuid4(),
            created=yesterday + timedelta(seconds=ordinal),
        )
        for ordinal in range(turns)
    ]
    said = Turn.objects.bulk_create(rows)
    done = {"conversation": conversation, "state": MadeState.DONE, "seq": 40, "model": conversation.model}
    Reply.objects.bulk_create(
        Reply(turn=turn, text=f"{REPLY} ({turn.ordinal})", created=turn.created, finished=turn.created, **done)
        for turn in said
    )
    return conversation


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
