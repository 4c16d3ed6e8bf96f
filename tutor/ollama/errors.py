"""Everything that can go wrong between a program and an Ollama server, as one tree under `OllamaError`.

Each class also derives from what programs written against httpx or the builtins already catch. `code` is a stable word
for programs to branch on; the messages are for developers and never quote the conversation.

    OllamaError
      RequestError         the request cannot be sent as asked (also ValueError)
        InvalidHost
      ResponseError        the server answered with an error: a status, or an error line within a stream
      ConnectionFailed     nobody answered; nothing happened (also ConnectionError, httpx.ConnectError, ProxyError)
      TimedOut             a budget ran out; `.phase` says which (also TimeoutError, httpx.TimeoutException)
        ConnectTimedOut    (also ConnectionFailed, httpx.ConnectTimeout, PoolTimeout)
        ReadTimedOut       (also httpx.ReadTimeout, WriteTimeout)
      ConnectionLost       the connection broke (also ConnectionError, httpx.ReadError, WriteError, RemoteProtocolError)
      ProtocolError        the bytes are not what Ollama sends (also httpx.RemoteProtocolError)
        MalformedLine      (also json.JSONDecodeError)
        LineTooLong
        InvalidUtf8
        WrongContentType   (also httpx.DecodingError)
        TruncatedBody
      Incomplete           the reply ended, but was not done
      Unparsable           the reply is not the object that was asked for (also ValueError)
      TooManyRounds        the model went on calling tools
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import httpx

from tutor.ollama.errortext import unwrap_error

if TYPE_CHECKING:
    from tutor.ollama.types import ChatResponse, GenerateResponse, Message, ProgressResponse

    AnyResponse: TypeAlias = ChatResponse | GenerateResponse | ProgressResponse

Phase = Literal["connect", "first", "between", "total"]

RETRY_SAFE_STATUSES = frozenset({429, 502, 503})


class OllamaError(Exception):
    """Root of all errors of this library. `retry_safe` promises that the server cannot have started anything."""

    code: ClassVar[str] = "ollama"
    retry_safe: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors cross processes (pools, queues of work) with all they know; constructors differ too much for that."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[OllamaError], args: tuple[Any, ...], state: dict[str, Any]) -> OllamaError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


def address_of(request: httpx.Request) -> str:
    """Where a request went: scheme, host and port, without a user's name."""
    return f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"


class _HttpxCompatible(OllamaError):
    """Gives the httpx side of an error its `.request`, without httpx's constructor."""

    def __init__(self, message: str, *, request: httpx.Request | None = None) -> None:
        # Not up the chain: OSError, httpx and JSONDecodeError each want other arguments.
        self.args = (message,)
        self._request = request

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class RequestError(OllamaError, ValueError):
    """The request cannot be sent as asked: no model named, text that is no Unicode, an unknown kind of format."""

    code = "bad_request"

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class InvalidHost(RequestError):
    """A host (argument or OLLAMA_HOST) that names no address."""

    code = "invalid_host"


class ResponseError(OllamaError):
    """The server said no.

    `error` is the innermost text (Ollama wraps the JSON errors of its runner as text), `status_code` the HTTP status,
    -1 when the error came as a line within a stream, `details` whatever else stood beside the text
    (`n_ctx`, `n_prompt_tokens`, `signin_url`), `retry_after_s` what the server asked to wait before another attempt.
    """

    code = "response"

    def __init__(self, error: str, status_code: int = -1) -> None:
        found = unwrap_error(error)
        super().__init__(found.text)
        self.error: str = found.text
        self.status_code = status_code
        self.details: Mapping[str, Any] = found.details
        self.retry_safe = status_code in RETRY_SAFE_STATUSES
        self.retry_after_s: float | None = None

    def __str__(self) -> str:
        return f"{self.error} (status code: {self.status_code})"


class ConnectionFailed(_HttpxCompatible, ConnectionError, httpx.ConnectError, httpx.ProxyError):
    """No connection came about (refused, unknown name, no route, TLS refused); the server saw no request."""

    code = "connection_failed"
    retry_safe = True


class ConnectionLost(_HttpxCompatible, ConnectionError, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
    """The connection broke after the request went out: reset, or closed before an answer began."""

    code = "connection_lost"


class TimedOut(_HttpxCompatible, TimeoutError, httpx.TimeoutException):
    """A time budget ran out; `phase` is the budget's name, `limit_s` its size in seconds."""

    code = "timed_out"

    def __init__(self, phase: Phase, limit_s: float | None = None, *, request: httpx.Request | None = None) -> None:
        budget = "" if limit_s is None else f" after {limit_s:g} s"
        place = "" if request is None else f" at {address_of(request)}"
        super().__init__(f"timed out{budget} ({phase}){place}", request=request)
        self.phase: Phase = phase
        self.limit_s = limit_s


class ConnectTimedOut(TimedOut, ConnectionFailed, httpx.ConnectTimeout, httpx.PoolTimeout):
    """No connection within the connect budget."""

    retry_safe = True


class ReadTimedOut(TimedOut, httpx.ReadTimeout, httpx.WriteTimeout):
    """Connected, but the first byte, the next one, or the end did not come in time."""


class ProtocolError(_HttpxCompatible, httpx.RemoteProtocolError):
    """The server's bytes are not HTTP, or not what Ollama sends."""

    code = "protocol"


class MalformedLine(ProtocolError, json.JSONDecodeError):
    """A line of the reply is no JSON, or JSON of another shape. Its words are not kept (`doc` is empty)."""

    code = "malformed_line"

    def __init__(self, message: str, *, request: httpx.Request | None = None) -> None:
        super().__init__(message, request=request)
        self.msg, self.doc, self.pos, self.lineno, self.colno = message, "", 0, 1, 1


class LineTooLong(ProtocolError):
    """A line (or an unstreamed body) exceeds the client's cap."""

    code = "line_too_long"


class InvalidUtf8(ProtocolError):
    """A line is not UTF-8."""

    code = "invalid_utf8"


class WrongContentType(ProtocolError, httpx.DecodingError):
    """Success, but not JSON: another service answers at this address, or the body is compressed unasked."""

    code = "wrong_content_type"


class TruncatedBody(ProtocolError):
    """The body stopped in the middle."""

    code = "truncated_body"


class Incomplete(OllamaError):
    """The reply ended in order but was not done: no final object, or one with `done: false` (Ollama's repeat guard).

    `response` holds what had arrived, accumulated.
    """

    code = "incomplete"

    def __init__(self, reason: Literal["no_done", "done_false"], response: AnyResponse | None = None) -> None:
        super().__init__(f"the reply ended without being done ({reason})")
        self.reason = reason
        self.response = response


class Unparsable(OllamaError, ValueError):
    """The reply's text is not the object that was asked for; the message names the fields, never their content."""

    code = "unparsable"


class TooManyRounds(OllamaError):
    """The model still called tools after the last round allowed; `messages` holds the talk up to there."""

    code = "too_many_rounds"

    def __init__(self, max_rounds: int, messages: Sequence[Message | Mapping[str, Any]]) -> None:
        super().__init__(f"the model went on calling tools after {max_rounds} rounds")
        self.max_rounds = max_rounds
        self.messages = messages
