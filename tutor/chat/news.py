"""What a follower of a conversation is told: for each kind of news, the loader that says it as it stands by now.

News are a kind and an id. A new kind needs nothing but a function here (or in a module of its own) under
``@told("kind")``, and whoever says ``hub.tell(conversation, "kind", id)``.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from tutor.chat import commands
from tutor.chat.presenters import delta, progress
from tutor.chat.protocol import Frame, ReplyView
from tutor.database import come_in, in_database
from tutor.live.growing_reply import GrowingReply
from tutor.live.hub import Follower, News
from tutor.live.supervisor import Supervisor

EVERYTHING = 1 << 30


@dataclass
class View:
    """One browser's view of one conversation, which had everything up to the turn ``after`` when it came.

    What is read for ``person`` between two commands is theirs alone; whether their session is still good is found out
    by whoever watches the socket.
    """

    supervisor: Supervisor
    session_key: str
    person: int
    conversation: UUID
    after: int
    follower: Follower
    # What the browser has of each reply: (epoch, seq).
    has: dict[UUID, tuple[int, int]] = field(default_factory=dict)

    def note(self, replies: Iterable[ReplyView]) -> None:
        self.has |= {reply.reply: (reply.epoch, reply.seq) for reply in replies}

    def growing(self, reply: UUID) -> GrowingReply | None:
        """The reply, if words still come."""
        found = self.supervisor.hub.growing(reply)
        return None if found is None or found.over else found


Loader = Callable[[View, UUID], Awaitable[list[Frame]]]
_loaders: dict[str, Loader] = {}


def told(kind: str) -> Callable[[Loader], Loader]:
    """Register what says news of this kind."""

    def register(loader: Loader) -> Loader:
        _loaders[kind] = loader
        return loader

    return register


async def frames_of(news: News, view: View) -> list[Frame]:
    """The frames that bring ``view`` up to date."""
    kind, about = news
    return await _loaders[kind](view, about)


@told("all")
async def everything(view: View, conversation: UUID) -> list[Frame]:
    caught = await come_in(commands.catch_up, view.session_key, conversation, view.after)
    frames = caught.frames(view.supervisor)
    view.note(frame.reply for frame in frames if frame.type == "turn")
    return frames


@told("conversation")
async def conversation(view: View, conversation: UUID) -> list[Frame]:
    caught = await come_in(commands.catch_up, view.session_key, conversation, EVERYTHING)
    return [caught.subscribed]


@told("turn")
async def turn(view: View, turn: UUID) -> list[Frame]:
    found = await in_database(commands.look_at_turn, view.person, view.conversation, turn)
    if found is None:
        return []
    grown = commands.grown(found, view.supervisor)
    view.note([grown.reply])
    return [grown]


@told("state")
async def state(view: View, reply: UUID) -> list[Frame]:
    growing = view.growing(reply)
    return [progress(growing)] if growing is not None else []


@told("reply")
async def reply(view: View, reply: UUID) -> list[Frame]:
    growing = view.growing(reply)
    return await _ended(view, reply) if growing is None else _growth(view, growing)


@told("card")
async def card(view: View, card: UUID) -> list[Frame]:
    found = await in_database(commands.look_at_card, view.person, view.conversation, card)
    return [found] if found is not None else []


@told("goals")
async def goals(view: View, conversation: UUID) -> list[Frame]:
    found = await in_database(commands.look_at_goals, view.person, conversation)
    return [found] if found is not None else []


def _growth(view: View, growing: GrowingReply) -> list[Frame]:
    epoch, seq = view.has.get(growing.reply, (0, 0))
    if epoch != growing.epoch:
        # A new run of a reply whose beginning this socket has not been sent: the turn brings it whole.
        view.follower.tell(("turn", growing.turn))
        return []
    if growing.seq <= seq:
        return []
    view.has[growing.reply] = (epoch, growing.seq)
    return [delta(growing, seq)]


async def _ended(view: View, reply: UUID) -> list[Frame]:
    turn = await in_database(commands.look_at_reply, view.person, view.conversation, reply)
    if turn is None:
        return []
    # What could not be stored yet stands in memory only.
    shown = commands.grown(turn, view.supervisor).reply
    view.note([shown])
    return [shown]
