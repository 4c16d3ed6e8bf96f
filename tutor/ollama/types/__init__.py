"""What goes to a server and comes back, as models that can be read by attribute and by key."""

from tutor.ollama.types.base import Subscriptable
from tutor.ollama.types.chat import (
    BaseGenerateResponse,
    ChatResponse,
    GenerateResponse,
    Logprob,
    Message,
    TokenLogprob,
    ToolCall,
    ToolFunction,
)
from tutor.ollama.types.embedding import EmbeddingsResponse, EmbedResponse
from tutor.ollama.types.image import Image
from tutor.ollama.types.installed import ListResponse, ModelDetails, ProcessResponse, ShowResponse, VersionResponse
from tutor.ollama.types.progress import ProgressResponse, StatusResponse
from tutor.ollama.types.systemone import (
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
)
from tutor.ollama.types.tool import Tool
from tutor.ollama.types.web import WebFetchResponse, WebSearchResponse, WebSearchResult

__all__ = [
    "BaseGenerateResponse",
    "ChatResponse",
    "EmbedResponse",
    "EmbeddingsResponse",
    "GenerateResponse",
    "Image",
    "ListResponse",
    "Logprob",
    "Message",
    "ModelDetails",
    "ProcessResponse",
    "ProgressResponse",
    "ShowResponse",
    "StatusResponse",
    "Subscriptable",
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
    "TokenLogprob",
    "Tool",
    "ToolCall",
    "ToolFunction",
    "VersionResponse",
    "WebFetchResponse",
    "WebSearchResponse",
    "WebSearchResult",
]
