"""Run by ``house.py`` as a process: fills a fresh database with the cast and a session for each of them."""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "polyglott.settings")

OVER = "over-since-yesterday"


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from tests.cast import gather

    sessions = {}
    for name, person in gather().people.items():
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        sessions[name] = session.session_key
    _run_out()
    sys.stdout.write(json.dumps({"sessions": sessions, "conversations": _conversations()}))


def _run_out() -> None:
    """A session that is over, and in it what somebody looked for."""
    from datetime import timedelta

    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    kept = SessionStore().encode({"search-talk": "zanahoria"})
    Session.objects.create(session_key=OVER, session_data=kept, expire_date=timezone.now() - timedelta(days=1))


def _conversations() -> dict[str, list[str]]:
    """Two free talks and a guided one for Ana, a free one each for Ben and Emil, each with its greeting said."""
    wanted = {"ana": [False, False, True], "ben": [False], "emil": [False]}
    return {name: [_conversation(name, guided=guided) for guided in kinds] for name, kinds in wanted.items()}


def _conversation(name: str, *, guided: bool) -> str:
    from uuid import uuid4

    from tutor.accounts.models import User
    from tutor.classrooms.models import Study
    from tutor.conversations import services, store
    from tutor.dialogue import dialogue_for
    from tutor.llm.presets import current_version

    person = User.objects.get(username=name)
    style = "market" if guided else "patient"
    beginning = services.Beginning(
        client_id=uuid4(),
        study=Study.objects.get_or_create(learner=person, language="es", defaults={"level": "A2"})[0],
        membership=person.memberships.filter(until__isnull=True).first(),
        style=style,
        style_version=1,
        guided=guided,
        title=f"{name}'s {style}",
        host=None,
        model="qwen2.5:7b",
        preset_version=current_version(),
    )
    conversation, _ = services.begin(person, beginning)
    opener = dialogue_for(style, guided=guided, language="es").opener(store.talk_of(conversation, []))
    services.say_opener(conversation, opener)
    return str(conversation.public_id)


if __name__ == "__main__":
    main()
