"""Titles are found as people write: capitals do not count in any alphabet, accents do."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.cast import Cast
from tutor.conversations.models import Conversation
from tutor.conversations.selectors import conversations_of
from tutor.llm.presets import current_version

TITLE = "Über mi abuela: 100 % ñ"
FOUND = ("über", "U\u0308BER", "ABUELA", "100 % Ñ", "")
NOT_FOUND = ("uber", "1%0", "_ber", "abuelo", "\\")


@pytest.mark.parametrize("words", [*FOUND, *NOT_FOUND])
def test_whatever_the_capitals(cast: Cast, words: str) -> None:
    Conversation.objects.create(
        learner=cast.ana,
        client_id=uuid4(),
        title=TITLE,
        style_version=1,
        guided=False,
        seed=1,
        preset_version=current_version(),
    )
    assert bool(conversations_of(cast.ana, words)) is (words in FOUND)
