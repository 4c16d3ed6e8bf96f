"""What the permission matrix asks for: one of everything that an address can name, Ana's or of Clara's class."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from tests.cast import Cast
from tutor.accounts.links import make_link
from tutor.accounts.models import OneTimeLink
from tutor.catalogue.models import Host, Preset, PresetVersion
from tutor.conversations.models import Conversation, Reply, ReplyState
from tutor.conversations.services import Beginning, begin, open_turn, report


def set_scene(cast: Cast) -> dict[str, Any]:
    """Values for the parameters of addresses, by the parameter's name."""
    conversation = _conversation(cast)
    reply = _reply(conversation)
    link, token = make_link(
        OneTimeLink.Purpose.JOIN,
        timedelta(days=1),
        classroom=cast.claras_class.public_id,
        part="student",
        made_by=cast.clara,
    )
    host, preset = Host.objects.get(), Preset.objects.get()
    return {
        "child": cast.ana.public_id,
        "classroom": cast.claras_class.public_id,
        "conversation": conversation.public_id,
        "host": host.public_id,
        "link": link.public_id,
        "member": cast.anas_membership.public_id,
        "person": cast.ana.public_id,
        "preset": preset.public_id,
        "reply": reply.public_id,
        "report": report(reply).public_id,
        "study": cast.anas_study.public_id,
        "token": token,
    }


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
    reply.state, reply.text = ReplyState.DONE, "¡Hola, Ana!"
    reply.save()
    return reply
