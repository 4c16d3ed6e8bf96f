"""Whatever happens to the tabs of a growing reply, each shows its text in the end, and no delta leaves a gap."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.chat.listener import Listener
from tutor.chat.presenters import with_growth
from tutor.chat.protocol import Delta, ReplyView, Subscribe
from tutor.live.growing_reply import GrowingReply
from tutor.live.hub import Hub

TALK, REPLY, TURN = uuid4(), uuid4(), uuid4()
EMPTY = ReplyView(reply=REPLY, turn=TURN, attempt=1, epoch=1, seq=0, state="queued", text="")


class Tab:
    """A listener, and the text that a browser makes of what it says."""

    def __init__(self, hub: Hub, growing: GrowingReply) -> None:
        self.listener = Listener(cast("Any", SimpleNamespace(hub=hub)), "", 0)
        self.growing = growing
        self.text, self.seq = "", 0
        self.open()

    def open(self) -> None:
        """The first time, after a reload, or after a gap: one snapshot."""
        self.listener.subscribe(Subscribe(type="subscribe", conversation=TALK))
        assert self.listener._follower.take() == ("all", TALK)
        view = with_growth(EMPTY, self.growing)
        assert self.listener.view is not None
        self.listener.view.note([view])
        self.text, self.seq = view.text, view.seq

    async def listen(self) -> None:
        while (frames := await self.listener.next_news()) is not None:
            for frame in frames:
                assert isinstance(frame, Delta)
                assert (frame.epoch, frame.after) == (1, self.seq)
                self.text, self.seq = self.text + frame.text, frame.seq


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("grow"), st.text(max_size=3)),
        st.tuples(st.sampled_from(["listen", "open", "drop"]), st.integers(0, 9)),
        st.tuples(st.just("another"), st.just(0)),
    ),
    max_size=80,
)


async def play(steps: list[tuple[str, Any]]) -> None:
    hub, growing = Hub(), GrowingReply(1, REPLY, TURN, TALK, 1, state="running")
    tabs = [Tab(hub, growing)]
    written = ""
    hub.hold(growing)
    for what, value in steps:
        if what == "grow":
            growing.append(value)
            written += value
            hub.tell(TALK, "reply", REPLY)
        elif what == "another":
            tabs.append(Tab(hub, growing))
        elif what == "listen" and tabs:
            await tabs[value % len(tabs)].listen()
        elif what == "open" and tabs:
            tabs[value % len(tabs)].open()
        elif what == "drop" and tabs:
            tabs.pop(value % len(tabs)).listener.close()
    for tab in tabs:
        await tab.listen()
        assert (tab.text, tab.seq) == (written, growing.seq)
        tab.listener.close()
    hub.let_go(growing)
    assert growing.text == written
    assert growing.characters == len(written)
    assert hub._followers == {}
    assert hub.all_growing() == []


@given(STEPS)
@settings(max_examples=200, deadline=None)
def test_every_tab_shows_the_whole_text(steps: list[tuple[str, Any]]) -> None:
    asyncio.run(play(steps))


async def test_a_slow_reader_gets_one_delta_for_many_pieces() -> None:
    hub, growing = Hub(), GrowingReply(1, REPLY, TURN, TALK, 1, state="running")
    hub.hold(growing)
    tab = Tab(hub, growing)
    for number in range(1000):
        growing.append(f"{number} ")
        hub.tell(TALK, "reply", REPLY)
    frames = await tab.listener.next_news()
    assert frames is not None
    assert len(frames) == 1
    assert await tab.listener.next_news() is None


async def test_news_that_could_not_be_told_stay_the_oldest() -> None:
    from tutor.live.hub import Follower

    follower, ids = Follower(), [UUID(int=number) for number in range(3)]
    for one in ids:
        follower.tell(("reply", one))
    taken = follower.take()
    assert taken is not None
    follower.tell_again(taken)
    assert [follower.take() for _ in range(4)] == [*(("reply", one) for one in ids), None]


def test_a_reply_that_goes_on_keeps_its_place() -> None:
    """The next run of the same reply may begin before the last one has let go of it."""
    hub = Hub()
    first, second = (GrowingReply(1, REPLY, TURN, TALK, epoch) for epoch in (1, 2))
    hub.hold(first)
    hub.hold(second)
    hub.let_go(first)
    assert hub.growing(REPLY) is second
    hub.let_go(second)
    assert hub.growing(REPLY) is None
