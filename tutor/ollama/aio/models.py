# `timeout` is a keyword that callers of the published client know, and it sets several budgets.
# ruff: noqa: ASYNC109
"""The calls about models themselves: which there are, fetching, making and removing them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Unpack, cast, overload

from tutor.ollama.accumulation import ProgressAccumulation
from tutor.ollama.aio.base import UNSET, AsyncBase
from tutor.ollama.aio.files import Blocks, digest_of
from tutor.ollama.aio.streams import AsyncProgressStream
from tutor.ollama.bodies import (
    CreateExtras,
    copy_body,
    create_body,
    encode,
    model_body,
    transfer_body,
)
from tutor.ollama.errors import ResponseError
from tutor.ollama.extras import by_name, spelled_out
from tutor.ollama.timeouts import TimeoutLike
from tutor.ollama.types import (
    ListResponse,
    ProcessResponse,
    ProgressResponse,
    ShowResponse,
    StatusResponse,
    VersionResponse,
)
from tutor.ollama.wire import StreamDecoder


class AsyncModels(AsyncBase):
    """list, show, ps, pull, push, create, copy, delete and their kin."""

    async def list(self, *, timeout: TimeoutLike = UNSET) -> ListResponse:
        """The installed models, the newest first."""
        return await self._whole("GET", "/api/tags", None, timeout, ListResponse)

    async def show(self, model: str, *, timeout: TimeoutLike = UNSET) -> ShowResponse:
        """What a model is and can do. Raises `ResponseError` 404 for one that is not there."""
        return await self._whole("POST", "/api/show", encode(model_body(model)), timeout, ShowResponse)

    async def ps(self, *, timeout: TimeoutLike = UNSET) -> ProcessResponse:
        """The models in memory."""
        return await self._whole("GET", "/api/ps", None, timeout, ProcessResponse)

    async def version(self, *, timeout: TimeoutLike = UNSET) -> VersionResponse:
        """The server's version; `str()` of it is the bare number."""
        return await self._whole("GET", "/api/version", None, timeout, VersionResponse)

    async def copy(self, source: str, destination: str, *, timeout: TimeoutLike = UNSET) -> StatusResponse:
        """Give a model a second name. Raises `ResponseError` 404 for one that is not there."""
        return await self._done("POST", "/api/copy", encode(copy_body(source, destination)), timeout)

    async def delete(self, model: str, *, timeout: TimeoutLike = UNSET) -> StatusResponse:
        """Remove a model's name, and its files if no other name needs them. Raises `ResponseError` 404."""
        return await self._done("DELETE", "/api/delete", encode(model_body(model)), timeout)

    @overload
    async def pull(
        self, model: str, *, insecure: bool = False, stream: Literal[False] = False, timeout: TimeoutLike = UNSET
    ) -> ProgressResponse: ...

    @overload
    async def pull(
        self, model: str, *, insecure: bool = False, stream: Literal[True], timeout: TimeoutLike = UNSET
    ) -> AsyncProgressStream: ...

    @overload
    async def pull(
        self, model: str, *, insecure: bool = False, stream: bool, timeout: TimeoutLike = UNSET
    ) -> ProgressResponse | AsyncProgressStream: ...

    async def pull(
        self, model: str, *, insecure: bool = False, stream: bool = False, timeout: TimeoutLike = UNSET
    ) -> ProgressResponse | AsyncProgressStream:
        """Fetch a model from its registry. Leaving the stream ends the fetching; the next pull goes on from there."""
        body = encode(transfer_body(model, insecure=insecure, stream=stream))
        return await self._progress("/api/pull", body, timeout, stream=stream)

    @overload
    async def push(
        self, model: str, *, insecure: bool = False, stream: Literal[False] = False, timeout: TimeoutLike = UNSET
    ) -> ProgressResponse: ...

    @overload
    async def push(
        self, model: str, *, insecure: bool = False, stream: Literal[True], timeout: TimeoutLike = UNSET
    ) -> AsyncProgressStream: ...

    @overload
    async def push(
        self, model: str, *, insecure: bool = False, stream: bool, timeout: TimeoutLike = UNSET
    ) -> ProgressResponse | AsyncProgressStream: ...

    async def push(
        self, model: str, *, insecure: bool = False, stream: bool = False, timeout: TimeoutLike = UNSET
    ) -> ProgressResponse | AsyncProgressStream:
        """Bring a model to its registry."""
        body = encode(transfer_body(model, insecure=insecure, stream=stream))
        return await self._progress("/api/push", body, timeout, stream=stream)

    @overload
    async def create(
        self,
        model: str,
        *given: Any,
        stream: Literal[False] = False,
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[CreateExtras],
    ) -> ProgressResponse: ...

    @overload
    async def create(
        self,
        model: str,
        *given: Any,
        stream: Literal[True],
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[CreateExtras],
    ) -> AsyncProgressStream: ...

    @overload
    async def create(
        self,
        model: str,
        *given: Any,
        stream: bool,
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[CreateExtras],
    ) -> ProgressResponse | AsyncProgressStream: ...

    @spelled_out(CreateExtras, by_position=True)
    async def create(
        self,
        model: str,
        *given: Any,
        stream: bool = False,
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[CreateExtras],
    ) -> ProgressResponse | AsyncProgressStream:
        """Make a model: from another (`from_`), or from `files` (name to digest, see `create_blob`)."""
        named = cast("CreateExtras", by_name(CreateExtras, given, extras))
        body = create_body(model, stream=stream, extras=named, read_image_paths=self._read_image_paths)
        return await self._progress("/api/create", encode(body), timeout, stream=stream)

    async def create_blob(
        self,
        path: str | Path,
        *,
        on_progress: Callable[[int, int], object] | None = None,
        timeout: TimeoutLike = UNSET,
    ) -> str:
        """Bring a file to the server, unless it has it already; its digest, "sha256:…", for `create`.

        `on_progress` hears the bytes sent and the bytes in all. Raises OSError for a file that cannot be read, and
        `ResponseError` 400 for one that changed meanwhile.
        """
        digest, size = await digest_of(Path(path))
        # An empty file has nothing to spare.
        if not (size and await self._has_blob(digest, timeout)):
            await self._upload(digest, Path(path), size, on_progress, timeout)
        if on_progress is not None:
            on_progress(size, size)
        return digest

    async def _has_blob(self, digest: str, timeout: TimeoutLike) -> bool:
        exchange = self._exchange("HEAD", f"/api/blobs/{digest}", None, timeout, streamed=False)
        try:
            await exchange.open()
        except ResponseError:
            # There is no such blob; or whoever answers (a gateway, say) cannot tell, and the upload will.
            return False
        finally:
            await exchange.aclose()
        return not exchange.is_doubtful

    async def _upload(
        self,
        digest: str,
        path: Path,
        size: int,
        on_progress: Callable[[int, int], object] | None,
        timeout: TimeoutLike,
    ) -> None:
        blocks = Blocks(path, size, on_progress)
        try:
            await self._bytes(self._uploading(f"/api/blobs/{digest}", blocks, size, timeout))
        finally:
            await blocks.aclose()

    async def _done(self, method: str, path: str, body: bytes, timeout: TimeoutLike) -> StatusResponse:
        """A call that is answered by its status alone."""
        exchange = self._exchange(method, path, body, timeout, streamed=False)
        await self._bytes(exchange)
        return StatusResponse(status="success" if exchange.status_code == 200 else "error")

    async def _progress(
        self, path: str, body: bytes, timeout: TimeoutLike, *, stream: bool
    ) -> ProgressResponse | AsyncProgressStream:
        if not stream:
            return await self._whole("POST", path, body, timeout, ProgressResponse)
        whole = ProgressAccumulation()
        decoder = StreamDecoder(ProgressResponse, is_last=whole.add, max_line_bytes=self._max_line_bytes)
        return AsyncProgressStream(self._later(path, body, timeout), decoder, whole)
