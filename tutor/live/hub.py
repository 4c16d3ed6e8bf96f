"""Who follows which conversation in this process, and what of it they have not heard yet.

No queue of deltas: a follower keeps one mark per reply that something about it is new, and reads from the growing text
what it lacks when it gets to it. So a slow reader costs nothing and never gets wrong text.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from tutor.live.growing_reply import GrowingReply

# A kind of thing, and the id of the one that is new. What it says is read by whoever follows, in ``chat/news.py``.
News = tuple[str, UUID]


class Follower:
    """What one socket has yet to hear, in the order it became new; each thing at most once."""

    def __init__(self) -> None:
        self._news: dict[News, None] = {}
        self._woken = asyncio.Event()

    def tell(self, news: News) -> None:
        self._news.setdefault(news)
        self._woken.set()

    def tell_again(self, news: News) -> None:
        """It could not be passed on: it is still the oldest news."""
        self._news = {news: None, **self._news}
        self._woken.set()

    def forget(self) -> None:
        self._news = {}
        self._woken.clear()

    async def wait(self) -> None:
        """Until something is new. Takes nothing, so that giving up loses nothing."""
        await self._woken.wait()

    def take(self) -> News | None:
        """The oldest news, if there is any."""
        news = next(iter(self._news), None)
        if news is not None:
            del self._news[news]
        if not self._news:
            self._woken.clear()
        return news


class Hub:
    def __init__(self) -> None:
        self._followers: dict[UUID, set[Follower]] = {}
        self._growing: dict[UUID, GrowingReply] = {}

    @contextmanager
    def following(self, conversation: UUID, follower: Follower) -> Iterator[None]:
        self._followers.setdefault(conversation, set()).add(follower)
        try:
            yield
        finally:
            followers = self._followers[conversation]
            followers.discard(follower)
            if not followers:
                del self._followers[conversation]

    def is_followed(self, conversation: UUID) -> bool:
        return conversation in self._followers

    def growing(self, reply: UUID) -> GrowingReply | None:
        """The reply, if it grows in this process now (or has just ended and is not yet stored)."""
        return self._growing.get(reply)

    def all_growing(self) -> list[GrowingReply]:
        return list(self._growing.values())

    def hold(self, growing: GrowingReply) -> None:
        self._growing[growing.reply] = growing

    def let_go(self, growing: GrowingReply) -> None:
        """The reply is stored. Said again at once ("Continue"), its next run may stand here already: that one stays."""
        if self._growing.get(growing.reply) is growing:
            del self._growing[growing.reply]

    def tell(self, conversation: UUID, kind: str, about: UUID) -> None:
        for follower in self._followers.get(conversation, ()):
            follower.tell((kind, about))
