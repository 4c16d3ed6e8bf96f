"""What the permission matrix asks for: one of everything that an address can name, Ana's or of Clara's class."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.cast import Cast
from tutor.accounts.links import make_link
from tutor.accounts.models import OneTimeLink, User
from tutor.classrooms.models import Classroom, Membership
from tutor.conversations.erasing import delete
from tutor.conversations.models import Card, Conversation, Reply
from tutor.conversations.provenance import MadeState
from tutor.conversations.services import Beginning, begin, open_turn, report
from tutor.jobs.models import JobRecord
from tutor.llm.models import Host, Preset, PresetVersion

DAY = timedelta(days=1)
PURPOSES = {
    "set-up": OneTimeLink.Purpose.SET_UP,
    "new-password": OneTimeLink.Purpose.RESET,
    "device": OneTimeLink.Purpose.DEVICE,
}
OF_A_FAMILY = {"class-children", "class-device", "class-device-link", "class-devices-out"}


def set_scene(cast: Cast, route: str) -> dict[str, Any]:
    """Values for the parameters of this route's address, by the parameter's name."""
    conversation = _conversation(cast)
    reply = _reply(conversation)
    classroom = _family(cast) if route in OF_A_FAMILY else cast.claras_class
    link, token = link_for(cast, route)
    if route == "conversation-undo":
        delete(conversation)
    return {
        "card": _card(reply, "after" if route == "reveal" else "live").public_id,
        "child": cast.ana.public_id,
        "classroom": classroom.public_id,
        "conversation": conversation.public_id,
        "host": Host.objects.get().public_id,
        "job": JobRecord.objects.create(kind="weights", name="qwen2.5:1.5b", state="interrupted").public_id,
        "link": link.public_id,
        "member": (_just_left(cast) if route == "class-member-back" else cast.anas_membership).public_id,
        "person": cast.ana.public_id,
        "preset": Preset.objects.get().public_id,
        "reply": reply.public_id,
        "report": report(reply).public_id,
        "study": cast.anas_study.public_id,
        "token": token,
        "turn": reply.turn.public_id,
    }


def _card(reply: Reply, timing: str) -> Card:
    found = {"start": 0, "end": 5, "old": "tiene", "new": "tengo", "certainty": "sure", "kind": "verb-agreement"}
    body = {"findings": [{**found, "witnesses": ["rule"], "rung": "where", "disputed": False}]}
    about = {"turn": reply.turn, "conversation": reply.conversation, "kind": "correction"}
    return Card.objects.create(**about, timing=timing, body=body)


def link_for(cast: Cast, route: str) -> tuple[OneTimeLink, str]:
    purpose = PURPOSES.get(route, OneTimeLink.Purpose.JOIN)
    classroom = _family(cast) if route == "device" else cast.claras_class
    return make_link(
        purpose, DAY, person=cast.ana, classroom=classroom.public_id, role="student", made_by=cast.clara, uses=100
    )


def _family(cast: Cast) -> Classroom:
    """Clara is the parent, Ana her child."""
    family = Classroom.objects.create(name="At home", kind=Classroom.Kind.FAMILY)
    Membership.objects.create(person=cast.clara, classroom=family, role=Membership.Role.TEACHER)
    Membership.objects.create(person=cast.ana, classroom=family, role=Membership.Role.STUDENT)
    return family


def _just_left(cast: Cast) -> Membership:
    left = User.objects.create(username="just-left")
    return Membership.objects.create(
        person=left, classroom=cast.claras_class, role=Membership.Role.STUDENT, until=timezone.now()
    )


def _conversation(cast: Cast) -> Conversation:
    Host.objects.all().delete()
    Preset.objects.all().delete()
    host = Host.objects.create(kind=Host.Kind.OLLAMA, base_url="http://127.0.0.1:1")
    version = PresetVersion.objects.create(preset=Preset.objects.create(name="Scene"), number=1)
    conversation, _ = begin(
        cast.ana,
        Beginning(
            client_id=uuid.uuid4(),
            study=cast.anas_study,
            membership=cast.anas_membership,
            style="free-talk",
            style_version=1,
            guided=False,
            title="At the market",
            host=host,
            model="scripted",
            preset_version=version,
        ),
    )
    return conversation


def _reply(conversation: Conversation) -> Reply:
    turn, _ = open_turn(conversation, conversation.learner, uuid.uuid4(), "Hola", owner="scene")
    reply = turn.replies.get()
    reply.state, reply.text = MadeState.DONE, "¡Hola, Ana!"
    reply.save()
    return reply
