"""Run by ``screenshots.py`` as a process: people, classes and conversations that are pleasant to look at.

The tutor's words are lines of the shipped scenarios, named by their ids, so that no picture shows what was never said.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, uuid4, uuid5

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "polyglott.settings")

if TYPE_CHECKING:
    from tutor.accounts.models import User
    from tutor.classrooms.models import Classroom
    from tutor.conversations.models import Conversation, Turn

MODEL = "qwen2.5:1.5b"
MARKET = "market"


@dataclass(frozen=True)
class Exchange:
    """What a learner wrote; the tutor answers as it would."""

    words: str
    state: str = "done"
    is_reported: bool = False


@dataclass(frozen=True)
class Spoken:
    """One conversation, so many hours ago."""

    who: str
    style: str
    hours_ago: float
    exchanges: tuple[Exchange, ...]
    language: str = "es"


SPOKEN = (
    Spoken(
        "ana",
        MARKET,
        0.1,
        (
            Exchange("Buenos días. ¿Tiene tomates?"),
            Exchange("Son para una ensalada. Quiero un kilo, por favor."),
        ),
    ),
    Spoken(
        "ana",
        "weekend",
        50,
        (
            Exchange("El sabado yo fue al cine con mi amiga."),
            Exchange("Una pelicula muy divertida, de robots."),
            Exchange("Todo bien al final. El domingo comí con mi abuela."),
            Exchange("Voy a jugar al fútbol el sábado. ¡Adiós!"),
        ),
    ),
    Spoken(
        "ana",
        "acquaintance",
        220,
        (
            Exchange("Me llamo Ana y soy de Eslovenia."),
            Exchange("Vivo en una ciudad pequeña.", is_reported=True),
        ),
    ),
    Spoken(
        "ana",
        "acquaintance",
        400,
        (Exchange("Bonjour ! Je m'appelle Ana."),),
        language="fr",
    ),
    Spoken(
        "ben",
        "weekend",
        3,
        (
            Exchange("Fui a la playa con mi familia."),
            Exchange("Hizo mucho sol y calor.", state="interrupted"),
        ),
    ),
    Spoken(
        "mia",
        MARKET,
        27,
        (
            Exchange("Hola, quiero fresas.", is_reported=True),
            Exchange("Sí, una caja."),
        ),
    ),
)


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    people = _people()
    spanish = _class(people)
    family = _family(people)
    talks = [_conversation(people[one.who], spanish, one) for one in SPOKEN]
    _readings(people["clara"], talks[1], talks[2])
    shown = {
        "sessions": {name: _session(person) for name, person in people.items()},
        "talks": [str(talk.public_id) for talk in talks],
        "device": _device(family),
    }
    sys.stdout.write(json.dumps(shown))


def _people() -> dict[str, User]:
    from tutor.accounts.models import User

    names = {
        "ana": "Ana", "ben": "Ben", "mia": "Mia", "clara": "Clara Ruiz", "ada": "Ada",
        "lena": "Lena", "tim": "Tim", "ida": "Ida", "max": "Max",
    }  # fmt: skip
    return {
        key: User.objects.create_user(key, name=name, is_administrator=key == "ada", time_zone="Europe/Madrid")
        for key, name in names.items()
    }


def _class(people: dict[str, User]) -> Classroom:
    from tutor.classrooms.models import Classroom, Study

    spanish = Classroom.objects.create(name="Spanish on Tuesdays", kind=Classroom.Kind.CLASS)
    for name in ("ana", "ben", "mia"):
        _join(people[name], spanish, "student")
        Study.objects.create(learner=people[name], language="es", level="A2", goal="A summer in Valencia")
    Study.objects.create(learner=people["ana"], language="fr", level="A1")
    _join(people["clara"], spanish, "teacher")
    return spanish


def _family(people: dict[str, User]) -> Classroom:
    from tutor.classrooms.models import Classroom, Study

    family = Classroom.objects.create(name="The Lindholms", kind=Classroom.Kind.FAMILY)
    _join(people["lena"], family, "teacher")
    for name in ("tim", "ida", "max"):
        _join(people[name], family, "student")
        Study.objects.create(learner=people[name], language="es", level="A1")
    return family


def _join(person: User, classroom: Classroom, role: str) -> None:
    from django.utils import timezone

    from tutor.classrooms.models import Membership

    since = timezone.now() - timedelta(days=60)
    Membership.objects.create(person=person, classroom=classroom, role=role, since=since)


def _conversation(learner: User, classroom: Classroom, spoken: Spoken) -> Conversation:
    from django.utils import timezone

    from tutor.classrooms.models import Study
    from tutor.conversations import services, store
    from tutor.conversations.models import Conversation, Report
    from tutor.dialogue import dialogue_for, scenario_title
    from tutor.llm.hosts import every_host
    from tutor.llm.presets import current_version

    beginning = services.Beginning(
        client_id=uuid5(NAMESPACE_OID, f"{spoken.who} {spoken.style} {spoken.language}"),  # decides which opener
        study=Study.objects.get(learner=learner, language=spoken.language),
        membership=learner.memberships.get(classroom=classroom),
        style=spoken.style,
        style_version=1,
        guided=True,
        title=scenario_title(spoken.style, spoken.language, "en"),
        host=every_host()[0],
        model=MODEL,
        preset_version=current_version(),
    )
    talk, _ = services.begin(learner, beginning)
    dialogue = dialogue_for(spoken.style, guided=True, language=spoken.language)
    services.say_opener(talk, dialogue.opener(store.talk_of(talk, [])))
    for exchange in spoken.exchanges:
        _turn(talk, exchange, _answer(talk, exchange))
    began = timezone.now() - timedelta(hours=spoken.hours_ago)
    for turn in talk.turns.all():
        talk.turns.filter(pk=turn.pk).update(created=began + timedelta(seconds=50 * turn.ordinal))
    Conversation.objects.filter(pk=talk.pk).update(created=began, updated=began)
    Report.objects.filter(conversation=talk).update(created=began + timedelta(minutes=3))
    return talk


def _answer(talk: Conversation, exchange: Exchange) -> str:
    """The first of the replies that fit."""
    from tutor.conversations import store
    from tutor.dialogue import Utterance
    from tutor.dialogue.guided import GuidedDialogue
    from tutor.dialogue.offers import scenario

    said = [*store.utterances_until(talk, talk.turns.count()), Utterance("learner", exchange.words)]
    dialogue = GuidedDialogue(scenario(talk.style), talk.language)
    return dialogue.replies(store.talk_of(talk, said))[0]


def _turn(talk: Conversation, exchange: Exchange, answer: str) -> Turn:
    from django.utils import timezone

    from tutor.conversations import services
    from tutor.conversations.models import Reply, Turn

    turn = Turn.objects.create(
        conversation=talk, author=talk.learner, ordinal=talk.turns.count(), text=exchange.words, client_id=uuid4()
    )
    cut = exchange.state == "interrupted"
    reply = Reply.objects.create(
        turn=turn,
        conversation=talk,
        state=exchange.state,
        error_code="cut_off" if cut else "",
        text=answer[: len(answer) // 2] if cut else answer,
        seq=1,
        model=MODEL,
        preset_version=talk.preset_version,
        options={**talk.preset_version.options, "temperature": 0.0},
        prompt_tokens=540 + 30 * turn.ordinal,
        reply_tokens=len(answer) // 4,
        first_token_ms=640,
        writing_ms=1400,
        finished=timezone.now(),
    )
    if exchange.is_reported:
        services.report(reply)
    return turn


def _readings(teacher: User, *talks: Conversation) -> None:
    from tutor.conversations import services

    for talk in talks:
        services.record_receipt(talk, teacher)


def _session(person: User) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _device(family: Classroom) -> str:
    """The cookie of a family's device."""
    from django.http import HttpResponse

    from tutor.classrooms import devices

    response = HttpResponse()
    devices.mark_device(response, family)
    return response.cookies[devices.COOKIE].value


if __name__ == "__main__":
    main()
