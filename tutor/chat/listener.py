"""One open socket's ear: which conversation it follows, and the frames that are news to it."""

from contextlib import ExitStack

from tutor.chat.commands import refused
from tutor.chat.news import View, frames_of
from tutor.chat.protocol import Frame, Subscribe
from tutor.conversations.services import RefusedError
from tutor.live.hub import Follower
from tutor.live.supervisor import Supervisor


class Listener:
    def __init__(self, supervisor: Supervisor, session_key: str, person: int, language: str = "") -> None:
        self.supervisor = supervisor
        self.session_key = session_key
        self.person = person
        self.language = language
        self.view: View | None = None
        self._follower = Follower()
        self._following = ExitStack()

    def close(self) -> None:
        """Follow nothing any more."""
        self._following.close()
        self.view = None

    def subscribe(self, wanted: Subscribe) -> None:
        """Follow another conversation. It begins before anything is read, so that nothing falls between; what is
        missing comes first of all the news, and the right to read it is asked there."""
        self.close()
        self._follower.forget()
        conversation, follower = wanted.conversation, self._follower
        self.view = View(self.supervisor, self.session_key, self.person, conversation, wanted.after, follower)
        self._following.enter_context(self.supervisor.hub.following(conversation, follower))
        follower.tell(("all", conversation))

    async def something_new(self) -> None:
        await self._follower.wait()

    async def next_news(self) -> list[Frame] | None:
        """The oldest news, as far as it has come by now; None when there are none. What fails stays news."""
        news, view = self._follower.take(), self.view
        if news is None or view is None:
            return None
        try:
            frames = await frames_of(news, view)
        except RefusedError as refusal:
            self.close()
            return [refused(refusal, self.language)]
        except Exception:
            self._follower.tell_again(news)
            raise
        return frames if view is self.view else []
