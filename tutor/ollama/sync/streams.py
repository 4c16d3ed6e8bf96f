# Written by tools/generate_sync_client.py from aio/streams.py. Change that one.
"""A reply that is still being written, as an object with an end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock
from types import TracebackType
from typing import Generic, Self, TypeVar

from tutor.ollama.accumulation import Accumulation
from tutor.ollama.errors import Incomplete, OllamaError
from tutor.ollama.sync.exchange import Exchange
from tutor.ollama.sync.runtime import CANCELLED, Interrupted, new_event, whoever
from tutor.ollama.types import ChatResponse, GenerateResponse, ProgressResponse
from tutor.ollama.wire import StreamDecoder

R = TypeVar("R", bound=ChatResponse | GenerateResponse | ProgressResponse)
T = TypeVar("T")


class ReplyStream(Generic[R]):
    """The chunks of one reply.

        with client.chat(..., stream=True) as stream:
            for chunk in stream: ...

    The request goes out with the first chunk asked for, and errors that have a status appear there. The loop ends
    after the final chunk; a reply that ends otherwise raises `Incomplete`. Leaving the block, `close` (also while
    another thread reads), dropping the stream and an error all close the connection, which stops the
    generation. A wait that is cancelled loses nothing: whoever still holds the stream can read on.
    """

    def __init__(self, begin: Callable[[], Exchange], decoder: StreamDecoder[R], accumulation: Accumulation[R]) -> None:
        self._begin = begin
        self._decoder = decoder
        self._accumulation = accumulation
        self._next = decoder.next
        self._exchange: Exchange | None = None
        self._defect: OllamaError | None = None
        # Who reads, or lets go of the connection.
        self._holder: object = None
        self._at_end = False
        self._closed = False
        self._released = new_event()
        # Of reading and closing, one lets go of the connection; both may be threads.
        self._gate = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> R:
        # While another thread reads, and after the end, there is nothing here to be taken.
        try:
            chunk = self._next()
        except OllamaError as error:  # met again by whoever waits for this chunk
            self._defect = error
            chunk = None
        if chunk is None:
            chunk = self._wait_for(self._next)
        return chunk

    def in_batches(self, every_s: float | Callable[[], float] = 0.0) -> Iterator[list[R]]:
        """The chunks in lists: all that are there, at least one; what is wrong comes after what was before it.

        Over plain http nothing is read for `every_s` seconds after each list, so that many chunks cost one wake-up; a
        function is asked anew each time. Over TLS or a proxy chunks come as soon as they are there.
        """
        return _Items(lambda: self._batch(every_s))

    def close(self) -> None:
        """Stop: close the connection, end a loop that waits for the next chunk. Harmless when repeated."""
        with self._gate:
            self._closed = True
            is_mine = self._is_free() or self._exchange is None
            if is_mine:
                self._holder = whoever()
        if is_mine:
            self._release()
            return
        assert self._exchange is not None  # noqa: S101 - whoever else holds it has begun
        self._exchange.interrupt(self._released)

    def final(self) -> R:
        """Read to the end; the whole reply as an unstreamed call would have given it, with the last counters."""
        for _ in self:
            pass
        if not self._decoder.ended:
            raise Incomplete("no_done", self.partial)
        return self.partial

    @property
    def partial(self) -> R:
        """What has been read so far, accumulated."""
        return self._accumulation.response()

    def _batch(self, every_s: float | Callable[[], float]) -> list[R]:
        chunks = self._all_there_are() or self._wait_for(self._all_there_are)
        rest_s = every_s() if callable(every_s) else every_s
        if rest_s > 0 and self._exchange is not None and not self._decoder.ended:
            self._exchange.rest(rest_s)
        return chunks

    def _all_there_are(self) -> list[R]:
        chunks: list[R] = []
        try:
            while self._defect is None and (chunk := self._next()) is not None:
                chunks.append(chunk)
        except OllamaError as error:
            self._defect = error
        return chunks

    def _wait_for(self, take: Callable[[], T | None]) -> T:
        """What `take` finds, once enough of the reply is there."""
        found = None
        try:
            exchange = self._claim()
            while not found and not self._is_over():
                self._take(exchange.read())
                found = take()
        except Interrupted:
            pass
        except BaseException as error:  # Ctrl-C may come at any place
            if self._holder == whoever():
                self._let_go(is_over=not isinstance(error, CANCELLED))
            raise
        self._let_go(is_over=not found)
        if not found:
            raise StopIteration
        return found

    def _claim(self) -> Exchange:
        with self._gate:
            if not (self._is_free() or self._released.is_set()):
                raise RuntimeError("another thread is reading this stream")
            if self._closed:
                raise StopIteration
            self._holder = whoever()
            if self._exchange is None:
                self._exchange = self._begin()
            return self._exchange

    def _is_free(self) -> bool:
        """Whether nobody else holds the connection; who was interrupted while holding it may take it up again."""
        return self._holder is None or self._holder == whoever()

    def _let_go(self, *, is_over: bool) -> None:
        """The end of a wait. Whoever closed the stream meanwhile waits, for the connection is the reader's."""
        with self._gate:
            self._closed = self._closed or is_over
            is_over = self._closed
            if not is_over:
                self._holder = None
        if is_over:
            self._release()

    def _is_over(self) -> bool:
        """Whether the reply came to its end. Raises what is wrong with it."""
        if self._defect is not None:
            raise self._defect
        if self._at_end and not self._decoder.ended:
            raise Incomplete("no_done", self.partial)
        return self._decoder.ended

    def _take(self, data: bytes) -> None:
        if data:
            self._decoder.feed(data)
        else:
            self._at_end = True
            self._decoder.finish()

    def _release(self) -> None:
        self._decoder.drop()
        try:
            if self._exchange is not None and self._exchange.is_open:
                try:
                    if self._decoder.ended:
                        self._exchange.drain()
                finally:
                    self._exchange.close()
        finally:
            self._released.set()

    def __del__(self) -> None:
        # Dropped without being closed: the generation would go on for nobody.
        exchange = getattr(self, "_exchange", None)
        if exchange is not None and exchange.is_open:
            exchange.abandon()


class _Items(Generic[T]):
    """What a stream gives, made of its chunks. No generator, which a cancelled wait would end."""

    def __init__(self, take: Callable[[], T]) -> None:
        self._take = take

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        return self._take()


class ChatStream(ReplyStream[ChatResponse]):
    """The chunks of one chat reply."""

    @property
    def text_stream(self) -> Iterator[str]:
        """The words alone, as they come; neither thoughts nor tool calls."""
        return _Items(self._text)

    def _text(self) -> str:
        while not (content := (self.__next__()).message.content):
            pass
        return content


class GenerateStream(ReplyStream[GenerateResponse]):
    """The chunks of one completion."""

    @property
    def text_stream(self) -> Iterator[str]:
        """The words alone, as they come; no thoughts."""
        return _Items(self._text)

    def _text(self) -> str:
        while not (response := (self.__next__()).response):
            pass
        return response


class ProgressStream(ReplyStream[ProgressResponse]):
    """The progress of a pull, a push or a create; the last line says "success"."""
