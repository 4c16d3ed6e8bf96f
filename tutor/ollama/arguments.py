"""The plain arguments of all calls: what goes into a body as it was given, once it is known to be of its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tutor.ollama.errors import RequestError


class _Arguments(BaseModel):
    """Every plain argument by its keyword. A name means the same in all calls that have it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    stream: bool | None = None
    insecure: bool | None = None
    keep_alive: float | str | None = None

    think: bool | str | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    truncate: bool | None = None
    shift: bool | None = None

    prompt: str | None = None
    suffix: str | None = None
    system: str | None = None
    template: str | None = None
    context: Sequence[int] | None = None
    raw: bool | None = None
    width: int | None = None
    height: int | None = None
    steps: int | None = None

    input: str | Sequence[str] | None = None
    dimensions: int | None = None

    quantize: str | None = None
    from_: str | None = Field(default=None, serialization_alias="from")
    files: dict[str, str] | None = None
    adapters: dict[str, str] | None = None
    license: str | list[str] | None = None

    source: str | None = None
    destination: str | None = None
    query: str | None = None
    max_results: int | None = None
    url: str | None = None


def checked(given: Mapping[str, object]) -> dict[str, Any]:
    """The arguments as they are sent, without those that are None. Raises `RequestError` for one of another kind."""
    try:
        arguments = _Arguments.model_validate(given)
    except ValidationError as error:
        raise refusal("argument", error) from None
    return arguments.model_dump(exclude_none=True, by_alias=True)


def refusal(what: str, error: ValidationError) -> RequestError:
    """pydantic's complaint as ours. Fields are named; values are somebody's conversation, and are not quoted."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = next((part for part in first["loc"] if isinstance(part, str)), "")
    return RequestError(f"{what} {field!r} is not as Ollama takes it ({first['type']})")
