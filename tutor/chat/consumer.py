"""The websocket of the talk: takes frames in, sends frames out, decides nothing."""

import asyncio
import contextlib
import logging
from collections import Counter
from uuid import UUID

from autobahn.exception import Disconnected
from channels.generic.websocket import AsyncWebsocketConsumer

from tutor.accounts import sessions
from tutor.chat import protocol as p
from tutor.chat.backpressure import Backpressure
from tutor.chat.commands import SignedOutError, carry_out, person_of
from tutor.chat.listener import Listener
from tutor.chat.messages import sentence
from tutor.chat.parsing import NotUnderstoodError, parse_command
from tutor.chat.rate_limit import FrameRateLimit
from tutor.database import come_in
from tutor.languages import asked_language
from tutor.live import timing
from tutor.live.supervisor import NoSupervisor, supervisor

log = logging.getLogger(__name__)
SOCKETS_A_PERSON = 10
LOOK_AGAIN_S = 0.25
_open: Counter[int] = Counter()
_sockets: set["TalkConsumer"] = set()


class TalkConsumer(AsyncWebsocketConsumer):
    """``receive`` answers commands; everything about the conversation itself is said by one task, in order."""

    person = 0
    language = ""
    over = False

    async def connect(self) -> None:
        await self.accept()
        self.backpressure, self.rate_limit, self.loop = Backpressure(), FrameRateLimit(), asyncio.get_running_loop()
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.scope["headers"]}
        cookies = headers.get("cookie", "")
        self.language = asked_language(headers.get("accept-language", ""), cookies)
        session_key = sessions.key_from_cookies(cookies)
        try:
            owner, person = supervisor(), await come_in(person_of, session_key)
        except SignedOutError:
            await self.say_bye(p.CLOSE_SIGNED_OUT, "signed_out")
        except NoSupervisor:
            await self.say_bye(p.CLOSE_RESTART, "restarting")
        else:
            self.language = person.interface_language or self.language
            await self._come_in(Listener(owner, session_key, person.pk, self.language))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.over or not self.person:
            return
        try:
            await self._take(parse_command(text_data or bytes_data))
        except NotUnderstoodError as fault:
            if fault.code == "bad_frame":
                self.rate_limit.note_bad()
            await self._refuse(fault.code, fault.client_id)
        except SignedOutError:
            await self.say_bye(p.CLOSE_SIGNED_OUT, "signed_out")
        if self.rate_limit.hopeless:
            await self.say_bye(p.CLOSE_BAD_FRAMES, "bad_frame")
        if self.backpressure.hopeless:
            await self.say_bye(p.CLOSE_TOO_SLOW, "too_slow")

    async def disconnect(self, code: int) -> None:
        self.over = True
        if self.person:
            _sockets.discard(self)
            _open[self.person] -= 1
            self.ends.close()
            self.sender.cancel()
            self.listener.close()

    async def say_bye(self, code: int, why: str) -> None:
        """The last frame, with the reason in words, then the close code. Nothing is said after it has begun."""
        if not self.over:
            self.over = True
            await self._leave(code, why)

    async def _leave(self, code: int, why: str) -> None:
        bye = p.Bye(code=code, message=sentence(why, self.language))
        with contextlib.suppress(Disconnected):
            await self.send(text_data=bye.model_dump_json())
            await self.close(code)

    async def _come_in(self, listener: Listener) -> None:
        person = listener.person
        if _open[person] >= SOCKETS_A_PERSON:
            await self.say_bye(p.CLOSE_TOO_MANY, "too_many")
            return
        self.person, self.listener = person, listener
        _open[person] += 1
        _sockets.add(self)
        self.ends = contextlib.ExitStack()
        self.ends.enter_context(sessions.watched(listener.session_key, person, self._session_ended))
        self.sender = self.loop.create_task(self._send_news())

    async def _take(self, command: p.Command) -> None:
        if self.rate_limit.too_fast():
            await self._refuse("too_fast", command.client_id if isinstance(command, p.Send) else None)
        elif isinstance(command, p.Ack):
            self.backpressure.acknowledge(command.received)
        elif isinstance(command, p.Subscribe):
            self.listener.subscribe(command)
        else:
            key, owner = self.listener.session_key, self.listener.supervisor
            await self._say(*await carry_out(key, command, owner, self.language))

    async def _say(self, *frames: p.Frame) -> None:
        for frame in frames:
            if self.over:
                return
            text = frame.model_dump_json()
            self.backpressure.note(len(text.encode()))
            try:
                await self.send(text_data=text)
            except Disconnected:  # whoever has just left: that is no fault
                self.over = True

    async def _refuse(self, code: str, client_id: UUID | None = None) -> None:
        await self._say(p.Refused(code=code, message=sentence(code, self.language), client_id=client_id))

    def _session_ended(self) -> None:
        """Called from whatever thread finds out: not one frame more, then the close code."""
        self.loop.call_soon_threadsafe(self._close_signed_out)

    def _close_signed_out(self) -> None:
        if not self.over:
            self.over = True
            self.farewell = self.loop.create_task(self._leave(p.CLOSE_SIGNED_OUT, "signed_out"))

    async def _send_news(self) -> None:
        """One voice for the conversation: what is new, as fast as it is read, and 40 ms of it at once. Words have been
        gathered where they came in, so that they hardly ever wait here."""
        said = -timing.GATHER_S
        while not self.over:
            await self.listener.something_new()
            wait_s = said + timing.GATHER_S - self.loop.time()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            try:
                await self._say_news()
            except SignedOutError:
                await self.say_bye(p.CLOSE_SIGNED_OUT, "signed_out")
            except Exception:
                log.exception("news could not be told")
                await asyncio.sleep(LOOK_AGAIN_S)
            said = self.loop.time()

    async def _say_news(self) -> None:
        while (frames := await self.listener.next_news()) is not None:
            await self._say(*frames)
            while self.backpressure.must_pause and not self.over:
                if self.backpressure.hopeless:
                    await self.say_bye(p.CLOSE_TOO_SLOW, "too_slow")
                await asyncio.sleep(LOOK_AGAIN_S)


async def say_bye_to_all(code: int = p.CLOSE_RESTART, why: str = "restarting") -> None:
    """Before the process ends: every socket hears why and reconnects by itself."""
    await asyncio.gather(*(socket.say_bye(code, why) for socket in tuple(_sockets)), return_exceptions=True)
