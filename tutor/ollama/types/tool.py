"""A tool as models are told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from tutor.ollama.types.base import Seldom


class Tool(Seldom):
    """A tool. What a JSON schema can say beyond the declared fields (`anyOf`, `default`, nested `properties`) stays."""

    class Function(Seldom):
        """The function behind the tool: its name, what it is for, what it takes."""

        class Parameters(Seldom):
            """A JSON schema of an object; `defs` is written `$defs`."""

            _other_names: ClassVar[Mapping[str, str]] = {"$defs": "defs"}

            class Property(Seldom):
                """The JSON schema of one parameter."""

                type: str | Sequence[str] | None = None
                items: Any | None = None
                description: str | None = None
                enum: Sequence[Any] | None = None

            type: Literal["object"] | None = "object"
            defs: Any | None = Field(default=None, alias="$defs")
            items: Any | None = None
            required: Sequence[str] | None = None
            properties: Mapping[str, Property] | None = None

        name: str | None = None
        description: str | None = None
        parameters: Parameters | None = None

    type: str | None = "function"
    function: Function | None = None
