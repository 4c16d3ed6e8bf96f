"""A client library for Ollama servers. Needs httpx and pydantic, and nothing of the rest of this product.

    from tutor.ollama import chat

    with chat("qwen2.5:7b", [{"role": "user", "content": "Hola"}], stream=True) as stream:
        for words in stream.text_stream:
            print(words, end="", flush=True)

`Client` and `AsyncClient` hold settings and connections; the functions of this module are the calls of one `Client`
with default settings. Nothing is read or connected at import: the environment (OLLAMA_HOST, OLLAMA_API_KEY) counts when
a client is made or, for the functions, at each call.
"""

from tutor.ollama.aio.client import AsyncClient
from tutor.ollama.aio.streams import AsyncChatStream, AsyncGenerateStream, AsyncProgressStream
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
from tutor.ollama.functions import NOT_FOR_MODELS
from tutor.ollama.options import Options
from tutor.ollama.retries import DEFAULT_RETRIES, NO_RETRIES, Retries
from tutor.ollama.sync.client import Client
from tutor.ollama.sync.streams import ChatStream, GenerateStream, ProgressStream
from tutor.ollama.timeouts import DEFAULT_TIMEOUTS, Timeouts
from tutor.ollama.toolbox import ToolRun
from tutor.ollama.types import (
    BaseGenerateResponse,
    ChatResponse,
    EmbeddingsResponse,
    EmbedResponse,
    GenerateResponse,
    Image,
    ListResponse,
    Logprob,
    Message,
    ModelDetails,
    ProcessResponse,
    ProgressResponse,
    ShowResponse,
    StatusResponse,
    SystemOneAnswer,
    SystemOneChoiceAnswer,
    SystemOneChoiceQuestion,
    SystemOneContent,
    SystemOneNoulAnswer,
    SystemOneNoulQuestion,
    SystemOneQuestion,
    SystemOneRequest,
    SystemOneResponse,
    SystemOneScoreAnswer,
    SystemOneScoreQuestion,
    SystemOneUsage,
    TokenLogprob,
    Tool,
    ToolCall,
    VersionResponse,
    WebFetchResponse,
    WebSearchResponse,
)

_default = Client(late=True)

chat = _default.chat
generate = _default.generate
run_tools = _default.run_tools
embed = _default.embed
embeddings = _default.embeddings
systemone = _default.systemone
web_search = _default.web_search
web_fetch = _default.web_fetch
list = _default.list  # noqa: A001 - the published client's name
show = _default.show
ps = _default.ps
version = _default.version
pull = _default.pull
push = _default.push
create = _default.create
create_blob = _default.create_blob
copy = _default.copy
delete = _default.delete

__all__ = [
    "DEFAULT_RETRIES",
    "DEFAULT_TIMEOUTS",
    "NOT_FOR_MODELS",
    "NO_RETRIES",
    "AsyncChatStream",
    "AsyncClient",
    "AsyncGenerateStream",
    "AsyncProgressStream",
    "BaseGenerateResponse",
    "ChatResponse",
    "ChatStream",
    "Client",
    "ConnectTimedOut",
    "ConnectionFailed",
    "ConnectionLost",
    "EmbedResponse",
    "EmbeddingsResponse",
    "GenerateResponse",
    "GenerateStream",
    "Image",
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
    "ProgressResponse",
    "ProgressStream",
    "ProtocolError",
    "ReadTimedOut",
    "RequestError",
    "ResponseError",
    "Retries",
    "ShowResponse",
    "StatusResponse",
    "SystemOneAnswer",
    "SystemOneChoiceAnswer",
    "SystemOneChoiceQuestion",
    "SystemOneContent",
    "SystemOneNoulAnswer",
    "SystemOneNoulQuestion",
    "SystemOneQuestion",
    "SystemOneRequest",
    "SystemOneResponse",
    "SystemOneScoreAnswer",
    "SystemOneScoreQuestion",
    "SystemOneUsage",
    "TimedOut",
    "Timeouts",
    "TokenLogprob",
    "TooManyRounds",
    "Tool",
    "ToolCall",
    "ToolRun",
    "TruncatedBody",
    "Unparsable",
    "VersionResponse",
    "WebFetchResponse",
    "WebSearchResponse",
    "WrongContentType",
    "chat",
    "copy",
    "create",
    "create_blob",
    "delete",
    "embed",
    "embeddings",
    "generate",
    "list",
    "ps",
    "pull",
    "push",
    "run_tools",
    "show",
    "systemone",
    "version",
    "web_fetch",
    "web_search",
]
