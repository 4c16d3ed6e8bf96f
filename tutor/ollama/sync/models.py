# Written by tools/generate_sync_client.py from aio/models.py. Change that one.
"""The calls about models themselves: which there are, fetching, making and removing them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Unpack, cast, overload

from tutor.ollama.accumulation import ProgressAccumulation
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
from tutor.ollama.sync.base import UNSET, Base
from tutor.ollama.sync.files import Blocks, digest_of
from tutor.ollama.sync.streams import ProgressStream
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


class Models(Base):
    """list, show, ps, pull, push, create, copy, delete and their kin."""

    def list(self, *, timeout: TimeoutLike = UNSET) -> ListResponse:
        """The installed models, the newest first."""
        return self._whole("GET", "/api/tags", None, timeout, ListResponse)

    def show(self, model: str, *, timeout: TimeoutLike = UNSET) -> ShowResponse:
        """What a model is and can do. Raises `ResponseError` 404 for one that is not there."""
        return self._whole("POST", "/api/show", encode(model_body(model)), timeout, ShowResponse)

    def ps(self, *, timeout: TimeoutLike = UNSET) -> ProcessResponse:
        """The models in memory."""
        return self._whole("GET", "/api/ps", None, timeout, ProcessResponse)

    def version(self, *, timeout: TimeoutLike = UNSET) -> VersionResponse:
        """The server's version; `str()` of it is the bare number."""
        return self._whole("GET", "/api/version", None, timeout, VersionResponse)

    def copy(self, source: str, destination: str, *, timeout: TimeoutLike = UNSET) -> StatusResponse:
        """Give a model a second name. Raises `ResponseError` 404 for one that is not there."""
        return self._done("POST", "/api/copy", encode(copy_body(source, destination)), timeout)

    def delete(self, model: str, *, timeout: TimeoutLike = UNSET) -> StatusResponse:
        """Remove a model's name, and its files if no other name needs them. Raises `ResponseError` 404."""
        return self._done("DELETE", "/api/delete", encode(model_body(model)), timeout)

    @overload
    def pull(
        self, model: str, *, insecure: bool = False, stream: Literal[False] = False, timeout: TimeoutLike = UNSET
    ) -> ProgressResponse: ...

    @overload
    def pull(
        self, model: str, *, insecure: bool = False, stream: Literal[True], timeout: TimeoutLike = UNSET
    ) -> ProgressStream: ...

    @overload
    def pull(
        self, model: str, *, insecure: bool = False, stream: bool, timeout: TimeoutLike = UNSET
    ) -> ProgressResponse | ProgressStream: ...

    def pull(
        self, model: str, *, insecure: bool = False, stream: bool = False, timeout: TimeoutLike = UNSET
    ) -> ProgressResponse | ProgressStream:
        """Fetch a model from its registry. Leaving the stream ends the fetching; the next pull goes on from there."""
        body = encode(transfer_body(model, insecure=insecure, stream=stream))
        return self._progress("/api/pull", body, timeout, stream=stream)

    @overload
    def push(
        self, model: str, *, insecure: bool = False, stream: Literal[False] = False, timeout: TimeoutLike = UNSET
    ) -> ProgressResponse: ...

    @overload
    def push(
        self, model: str, *, insecure: bool = False, stream: Literal[True], timeout: TimeoutLike = UNSET
    ) -> ProgressStream: ...

    @overload
    def push(
        self, model: str, *, insecure: bool = False, stream: bool, timeout: TimeoutLike = UNSET
    ) -> ProgressResponse | ProgressStream: ...

    def push(
        self, model: str, *, insecure: bool = False, stream: bool = False, timeout: TimeoutLike = UNSET
    ) -> ProgressResponse | ProgressStream:
        """Bring a model to its registry."""
        body = encode(transfer_body(model, insecure=insecure, stream=stream))
        return self._progress("/api/push", body, timeout, stream=stream)

    @overload
    def create(
        self,
        model: str,
        *given: Any,
        stream: Literal[False] = False,
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[CreateExtras],
    ) -> ProgressResponse: ...

    @overload
    def create(
        self,
        model: str,
        *given: Any,
        stream: Literal[True],
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[CreateExtras],
    ) -> ProgressStream: ...

    @overload
    def create(
        self,
        model: str,
        *given: Any,
        stream: bool,
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[CreateExtras],
    ) -> ProgressResponse | ProgressStream: ...

    @spelled_out(CreateExtras, by_position=True)
    def create(
        self,
        model: str,
        *given: Any,
        stream: bool = False,
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[CreateExtras],
    ) -> ProgressResponse | ProgressStream:
        """Make a model: from another (`from_`), or from `files` (name to digest, see `create_blob`)."""
        named = cast("CreateExtras", by_name(CreateExtras, given, extras))
        body = create_body(model, stream=stream, extras=named, read_image_paths=self._read_image_paths)
        return self._progress("/api/create", encode(body), timeout, stream=stream)

    def create_blob(
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
        digest, size = digest_of(Path(path))
        # An empty file has nothing to spare.
        if not (size and self._has_blob(digest, timeout)):
            self._upload(digest, Path(path), size, on_progress, timeout)
        if on_progress is not None:
            on_progress(size, size)
        return digest

    def _has_blob(self, digest: str, timeout: TimeoutLike) -> bool:
        exchange = self._exchange("HEAD", f"/api/blobs/{digest}", None, timeout, streamed=False)
        try:
            exchange.open()
        except ResponseError:
            # There is no such blob; or whoever answers (a gateway, say) cannot tell, and the upload will.
            return False
        finally:
            exchange.close()
        return not exchange.is_doubtful

    def _upload(
        self,
        digest: str,
        path: Path,
        size: int,
        on_progress: Callable[[int, int], object] | None,
        timeout: TimeoutLike,
    ) -> None:
        blocks = Blocks(path, size, on_progress)
        try:
            self._bytes(self._uploading(f"/api/blobs/{digest}", blocks, size, timeout))
        finally:
            blocks.close()

    def _done(self, method: str, path: str, body: bytes, timeout: TimeoutLike) -> StatusResponse:
        """A call that is answered by its status alone."""
        exchange = self._exchange(method, path, body, timeout, streamed=False)
        self._bytes(exchange)
        return StatusResponse(status="success" if exchange.status_code == 200 else "error")

    def _progress(
        self, path: str, body: bytes, timeout: TimeoutLike, *, stream: bool
    ) -> ProgressResponse | ProgressStream:
        if not stream:
            return self._whole("POST", path, body, timeout, ProgressResponse)
        whole = ProgressAccumulation()
        decoder = StreamDecoder(ProgressResponse, is_last=whole.add, max_line_bytes=self._max_line_bytes)
        return ProgressStream(self._later(path, body, timeout), decoder, whole)
