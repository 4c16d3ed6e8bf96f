"""A client library for Ollama servers. Needs httpx and pydantic, and nothing of the rest of this product.

    async with AsyncClient() as client:
        async with await client.chat("qwen2.5:7b", [{"role": "user", "content": "Hola"}], stream=True) as stream:
            async for chunk in stream:
                print(chunk.message.content, end="")

Nothing is read or connected at import; the environment (OLLAMA_HOST, OLLAMA_API_KEY) counts when a client uses it.
"""

from tutor.ollama.aio.client import AsyncClient
from tutor.ollama.aio.streams import ChatStream
from tutor.ollama.errors import (
    ConnectionFailed,
    ConnectionLost,
    ConnectTimedOut,
    Incomplete,
    InvalidHost,
    InvalidUtf8,
    LineTooLong,
    MalformedLine,
    OllamaError,
    ProtocolError,
    ReadTimedOut,
    RequestError,
    ResponseError,
    TimedOut,
    TooManyRounds,
    TruncatedBody,
    Unparsable,
    WrongContentType,
)
from tutor.ollama.options import Options
from tutor.ollama.timeouts import DEFAULT_TIMEOUTS, Timeouts
from tutor.ollama.types import (
    ChatResponse,
    ListResponse,
    Logprob,
    Message,
    ModelDetails,
    ProcessResponse,
    ShowResponse,
    ToolCall,
    VersionResponse,
)

__all__ = [
    "DEFAULT_TIMEOUTS",
    "AsyncClient",
    "ChatResponse",
    "ChatStream",
    "ConnectTimedOut",
    "ConnectionFailed",
    "ConnectionLost",
    "Incomplete",
    "InvalidHost",
    "InvalidUtf8",
    "LineTooLong",
    "ListResponse",
    "Logprob",
    "MalformedLine",
    "Message",
    "ModelDetails",
    "OllamaError",
    "Options",
    "ProcessResponse",
    "ProtocolError",
    "ReadTimedOut",
    "RequestError",
    "ResponseError",
    "ShowResponse",
    "TimedOut",
    "Timeouts",
    "TooManyRounds",
    "ToolCall",
    "TruncatedBody",
    "Unparsable",
    "VersionResponse",
    "WrongContentType",
]
