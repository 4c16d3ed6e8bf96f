"""One open socket's view of one conversation: what it has been sent, and what it lacks."""

from contextlib import ExitStack
from uuid import UUID

from tutor.chat import commands
from tutor.chat.presenters import delta, progress
from tutor.chat.protocol import Frame, ReplyView, Subscribe
from tutor.conversations.services import RefusedError
from tutor.database import in_database
from tutor.live.growing_reply import GrowingReply
from tutor.live.hub import Follower, News
from tutor.live.supervisor import Supervisor

EVERYTHING = 1 << 30


class Listener:
    """What is read for ``person`` between two commands is theirs alone; whether their session is still good is found
    out by whoever watches the socket."""

    def __init__(self, supervisor: Supervisor, session_key: str, person: int, language: str = "") -> None:
        self.supervisor = supervisor
        self.session_key = session_key
        self.person = person
        self.language = language
        self._wanted: Subscribe | None = None
        self._follower = Follower()
        self._following = ExitStack()
        # What the browser has of each reply: (epoch, seq).
        self._has: dict[UUID, tuple[int, int]] = {}

    def close(self) -> None:
        """Follow nothing any more."""
        self._following.close()
        self._wanted = None

    def subscribe(self, wanted: Subscribe) -> None:
        """Follow another conversation. It begins before anything is read, so that nothing falls between; what is
        missing comes first of all the news, and the right to read it is asked there."""
        self.close()
        self._follower.forget()
        self._has, self._wanted = {}, wanted
        self._following.enter_context(self.supervisor.hub.following(wanted.conversation, self._follower))
        self._follower.tell(("all", wanted.conversation))

    async def something_new(self) -> None:
        await self._follower.wait()

    async def next_news(self) -> list[Frame] | None:
        """The oldest news, as far as it has come by now; None when there are none. What fails stays news."""
        news, wanted = self._follower.take(), self._wanted
        if news is None or wanted is None:
            return None
        try:
            frames = await self._frames(news, wanted)
        except RefusedError as refusal:
            self.close()
            return [commands.refused(refusal, self.language)]
        except Exception:
            self._follower.tell_again(news)
            raise
        return frames if wanted is self._wanted else []

    async def _frames(self, news: News, wanted: Subscribe) -> list[Frame]:
        kind, about = news
        if kind == "all":
            return self._noted(await in_database(commands.catch_up, self.session_key, about, wanted.after), wanted)
        if kind == "conversation":
            caught = await in_database(commands.catch_up, self.session_key, about, EVERYTHING)
            return [caught.subscribed]
        if kind == "turn":
            return await self._turn(wanted, about)
        growing = self.supervisor.hub.growing(about)
        grows = growing is not None and not growing.over
        if kind == "state":
            return [progress(growing)] if growing is not None and grows else []
        return self._growth(growing) if growing is not None and grows else await self._ended(wanted, about, growing)

    def _noted(self, caught: commands.CaughtUp, wanted: Subscribe) -> list[Frame]:
        """Remember what these frames give of each reply."""
        frames = caught.frames(self.supervisor)
        if wanted is self._wanted:
            given = (frame.reply for frame in frames if frame.type == "turn")
            self._has |= {reply.reply: (reply.epoch, reply.seq) for reply in given}
        return frames

    async def _turn(self, wanted: Subscribe, turn: UUID) -> list[Frame]:
        found = await in_database(commands.look_at_turn, self.person, wanted.conversation, turn)
        if found is None:
            return []
        view = commands.grown(found, self.supervisor)
        self._has[view.reply.reply] = (view.reply.epoch, view.reply.seq)
        return [view]

    def _growth(self, growing: GrowingReply) -> list[Frame]:
        epoch, seq = self._has.get(growing.reply, (0, 0))
        if epoch != growing.epoch:
            # A new run of a reply whose beginning this socket has not been sent: the turn brings it whole.
            self._follower.tell(("turn", growing.turn))
            return []
        if growing.seq <= seq:
            return []
        self._has[growing.reply] = (epoch, growing.seq)
        return [delta(growing, seq)]

    async def _ended(self, wanted: Subscribe, reply: UUID, growing: GrowingReply | None) -> list[Frame]:
        turn = await in_database(commands.look_at_reply, self.person, wanted.conversation, reply)
        if turn is None:
            return []
        view: ReplyView = commands.grown(turn, self.supervisor).reply if growing else turn.reply
        self._has[reply] = (view.epoch, view.seq)
        return [view]
