"""One open socket's view of one conversation: what it has been sent, and what it lacks."""

import asyncio
from contextlib import ExitStack
from uuid import UUID

from tutor.accounts.database import in_database
from tutor.chat import commands
from tutor.chat.protocol import Command, Frame, ReplyView, Subscribe
from tutor.chat.shown import delta, progress
from tutor.live.desk import Desk
from tutor.live.growing import Growing
from tutor.live.hub import Follower, News


class Listener:
    def __init__(self, desk: Desk, session_key: str) -> None:
        self.desk = desk
        self.session_key = session_key
        self.conversation: UUID | None = None
        self._follower = Follower()
        self._following = ExitStack()
        # What the browser has of each reply: (epoch, seq).
        self._has: dict[UUID, tuple[int, int]] = {}

    def close(self) -> None:
        self._following.close()

    async def answer(self, command: Command) -> list[Frame]:
        """Carry out ``command``. A subscription begins to follow before it reads, so that nothing falls between."""
        if isinstance(command, Subscribe):
            self._follow(command.conversation)
            try:
                frames = await commands.carry_out(self.session_key, command, self.desk)
            except commands.SignedOutError:
                self.close()
                raise
            return self._noted(frames)
        return await commands.carry_out(self.session_key, command, self.desk)

    async def news(self) -> list[Frame]:
        """Wait for something new and say it, each thing as far as it has come by now."""
        frames: list[Frame] = []
        for item in await self._follower.news():
            frames += await self._frames(item)
        return frames

    async def still_allowed(self) -> None:
        """Raises SignedOutError once the session has ended."""
        await in_database(commands.person_of, self.session_key)

    def _follow(self, conversation: UUID) -> None:
        self._following.close()
        self._follower.forget()
        self._has, self.conversation = {}, conversation
        self._following.enter_context(self.desk.hub.following(conversation, self._follower))

    def _noted(self, frames: list[Frame]) -> list[Frame]:
        """Remember what these frames give of each reply; a refusal ends the following."""
        for frame in frames:
            if frame.type == "turn":
                self._has[frame.reply.reply] = (frame.reply.epoch, frame.reply.seq)
            elif frame.type == "refused":
                self.close()
                self.conversation = None
        return frames

    async def _frames(self, news: News) -> list[Frame]:
        kind, about = news
        if self.conversation is None:
            return []
        if kind == "turn":
            return await self._turn(self.conversation, about)
        if kind == "conversation":
            caught = await in_database(commands.catch_up, self.session_key, about, 1 << 30)
            return [caught.subscribed]
        growing = self.desk.hub.growing(about)
        if growing is None or growing.over:
            return await self._ended(self.conversation, about, growing)
        return [progress(growing)] if kind == "state" else self._growth(growing)

    async def _turn(self, conversation: UUID, turn: UUID) -> list[Frame]:
        view = await in_database(commands.look_at_turn, self.session_key, conversation, turn)
        return self._noted([commands.grown(view, self.desk)]) if view else []

    def _growth(self, growing: Growing) -> list[Frame]:
        epoch, seq = self._has.get(growing.reply, (0, 0))
        if epoch != growing.epoch:
            # A new run of a reply whose beginning this socket has not been sent: the turn brings it whole.
            self._follower.tell(("turn", growing.turn))
            return []
        if growing.seq <= seq:
            return []
        self._has[growing.reply] = (epoch, growing.seq)
        return [delta(growing, seq)]

    async def _ended(self, conversation: UUID, reply: UUID, growing: Growing | None) -> list[Frame]:
        turn = await in_database(commands.look_at_reply, self.session_key, conversation, reply)
        if turn is None:
            return []
        view: ReplyView = commands.grown(turn, self.desk).reply if growing else turn.reply
        self._has[reply] = (view.epoch, view.seq)
        return [view]


async def sleep_between_frames() -> None:
    """Words are gathered for 40 ms before they travel: one frame for many tokens, and no delay anybody sees."""
    await asyncio.sleep(0.04)
