"""A conversation of Ana's."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.house.scene import set_scene
from tutor.conversations.models import Conversation


@pytest.fixture
def anas_conversation(cast: Cast) -> Conversation:
    return Conversation.objects.get(public_id=set_scene(cast, "conversation")["conversation"])
