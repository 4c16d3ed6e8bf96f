"""The websocket of the talk: takes frames in, sends frames out, decides nothing."""

import asyncio
import contextlib
import logging
import time
from collections import Counter, deque

from channels.generic.websocket import AsyncWebsocketConsumer

from tutor.accounts import sessions
from tutor.accounts.database import in_database
from tutor.chat import protocol as p
from tutor.chat.commands import SignedOutError, person_of
from tutor.chat.flow import Flow
from tutor.chat.listener import Listener, sleep_between_frames
from tutor.chat.parsing import NotUnderstoodError, understand
from tutor.chat.words import sentence
from tutor.live.desk import desk

log = logging.getLogger(__name__)
SOCKETS_A_PERSON = 10
FRAMES_A_SECOND = 20
BAD_FRAMES = 5
RECHECK_S = 60.0
_open: Counter[int] = Counter()
_sockets: set["TalkConsumer"] = set()


class TalkConsumer(AsyncWebsocketConsumer):
    person = 0
    language = ""
    over = False

    async def connect(self) -> None:
        await self.accept()
        self.flow, self.bad, self.times = Flow(), 0, deque[float](maxlen=FRAMES_A_SECOND)
        cookies = dict(self.scope["headers"]).get(b"cookie", b"").decode("latin-1")
        self.listener = Listener(desk(), sessions.key_from_cookies(cookies))
        try:
            person = await in_database(person_of, self.listener.session_key)
        except SignedOutError:
            await self.say_bye(p.CLOSE_SIGNED_OUT, "signed_out")
            return
        if _open[person.pk] >= SOCKETS_A_PERSON:
            await self.say_bye(p.CLOSE_TOO_MANY, "too_many")
            return
        self.person, self.language = person.pk, person.interface_language
        _open[self.person] += 1
        _sockets.add(self)
        self.loop = asyncio.get_running_loop()
        self.ends = contextlib.ExitStack()
        self.ends.enter_context(sessions.listening(self._session_ended))
        self.sender = self.loop.create_task(self._send_news())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.over or not self.person:
            return
        try:
            command = understand(text_data or bytes_data)
            if self._too_fast():
                await self._refuse("too_fast")
            elif isinstance(command, p.Ack):
                self.flow.acknowledge(command.received)
            else:
                await self._say(*await self.listener.answer(command))
        except NotUnderstoodError as fault:
            self.bad += fault.code == "bad_frame"
            await self._refuse(fault)
        except SignedOutError:
            await self.say_bye(p.CLOSE_SIGNED_OUT, "signed_out")
        except Exception:
            log.exception("a command failed")
            await self._refuse("not_saved")

    async def disconnect(self, code: int) -> None:
        self.over = True
        if self.person:
            _sockets.discard(self)
            _open[self.person] -= 1
            self.ends.close()
            self.sender.cancel()
            self.listener.close()

    async def say_bye(self, code: int, why: str) -> None:
        """The last frame, with the reason in words, then the close code."""
        if not self.over:
            await self._say(p.Bye(code=code, message=sentence(why, self.language)))
            self.over = True
            await self.close(code)

    async def _say(self, *frames: p.Frame) -> None:
        for frame in frames:
            if self.over:
                return
            text = frame.model_dump_json()
            self.flow.note(len(text.encode()))
            await self.send(text_data=text)

    async def _refuse(self, why: NotUnderstoodError | str) -> None:
        code, client_id = (why, None) if isinstance(why, str) else (why.code, why.client_id)
        await self._say(p.Refused(code=code, message=sentence(code, self.language), client_id=client_id))
        if self.bad >= BAD_FRAMES:
            await self.say_bye(p.CLOSE_BAD_FRAMES, "bad_frame")

    def _too_fast(self) -> bool:
        now = time.monotonic()
        crowded = len(self.times) == FRAMES_A_SECOND and now - self.times[0] < 1
        self.times.append(now)
        return crowded

    def _session_ended(self, person: int, session_key: str | None) -> None:
        """Called from whatever thread signed somebody out: not one frame more, then the close code."""
        if person == self.person and session_key in {None, self.listener.session_key}:
            self.loop.call_soon_threadsafe(self._close_signed_out)

    def _close_signed_out(self) -> None:
        self.listener.close()
        self.farewell = self.loop.create_task(self.say_bye(p.CLOSE_SIGNED_OUT, "signed_out"))

    async def _send_news(self) -> None:
        while not self.over:
            try:
                async with asyncio.timeout(RECHECK_S):
                    frames = await self.listener.news()
                await self._say(*frames)
            except TimeoutError:
                await self._check_session()
            except SignedOutError:
                await self.say_bye(p.CLOSE_SIGNED_OUT, "signed_out")
            except Exception:
                log.exception("news could not be told")
            await sleep_between_frames()
            await self._wait_for_reader()

    async def _check_session(self) -> None:
        try:
            await self.listener.still_allowed()
        except SignedOutError:
            await self.say_bye(p.CLOSE_SIGNED_OUT, "signed_out")

    async def _wait_for_reader(self) -> None:
        while not self.over and self.flow.must_pause():
            if self.flow.hopeless():
                await self.say_bye(p.CLOSE_TOO_SLOW, "too_slow")
            await asyncio.sleep(0.25)


async def say_bye_to_all(code: int = p.CLOSE_RESTART, why: str = "restarting") -> None:
    """Before the process ends: every socket hears why and reconnects by itself."""
    await asyncio.gather(*(socket.say_bye(code, why) for socket in tuple(_sockets)), return_exceptions=True)
