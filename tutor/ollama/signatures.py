"""What Python knows of a callable: its name, its docstring and its parameters with their types resolved. Pure."""

from __future__ import annotations

import contextlib
import functools
import inspect
import re
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Annotated, Any, Final, NamedTuple, Optional, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from tutor.ollama.errors import RequestError


class _NotForModels:
    def __repr__(self) -> str:
        return "NOT_FOR_MODELS"


NOT_FOR_MODELS: Final = _NotForModels()
"""`Annotated[str, NOT_FOR_MODELS]`: a parameter that is the program's own; no model hears of it or fills it."""

_Parameter = inspect.Parameter


class _Scope(NamedTuple):
    """Where the names in a function's annotations are looked up: its module, and what it closes over."""

    globals: dict[str, Any]
    nonlocals: dict[str, Any]


def name_of(function: Callable[..., Any]) -> str:
    """`__name__`; for objects without one their class's name in snake_case; partials are named after their function."""
    while isinstance(function, functools.partial) and not hasattr(function, "__name__"):
        function = function.func
    name = getattr(function, "__name__", None)
    return name if isinstance(name, str) else _snake_case(type(function).__name__)


def docstring_of(function: Callable[..., Any]) -> str:
    """The docstring, unindented; an object's is that of its `__call__` or else of its class."""
    function = _innermost(function)
    if inspect.isroutine(function):
        return inspect.getdoc(function) or ""
    # Not getdoc: it would inherit what `type` and `BaseModel` say of themselves.
    kind = function if inspect.isclass(function) else type(function)
    own_call = None if kind is function else _code_of(function).__doc__
    return inspect.cleandoc(own_call or kind.__doc__ or "")


def is_async(function: Callable[..., Any]) -> bool:
    """Whether calling it gives a coroutine."""
    return inspect.iscoroutinefunction(_called(function))


def documented_names(function: Callable[..., Any]) -> list[str]:
    """All names a docstring may describe, those included that a partial has bound."""
    return list(_read(_innermost(function)).parameters)


def resolved_signature(function: Callable[..., Any]) -> inspect.Signature:
    """The signature with real types in place of their names; no annotation means text.

    Left as they are: `*args`, `**kwargs`, and what a partial has bound. Raises `RequestError`.
    """
    signature = _read(function)
    scope = _scope_of(_code_of(function))
    bound = bound_names(function)
    return signature.replace(
        parameters=[
            p if p.name in bound or is_variadic(p) else _resolved(p, scope, name_of(function))
            for p in signature.parameters.values()
        ],
        return_annotation=signature.empty,
    )


def bound_names(function: Callable[..., Any]) -> Mapping[str, Any]:
    """The keywords that a partial has filled in."""
    return function.keywords if isinstance(function, functools.partial) else {}


def is_variadic(parameter: inspect.Parameter) -> bool:
    """Whether it is `*args` or `**kwargs`."""
    return parameter.kind in (_Parameter.VAR_POSITIONAL, _Parameter.VAR_KEYWORD)


def is_withheld(parameter: inspect.Parameter) -> bool:
    """Whether it is marked with `NOT_FOR_MODELS`, or private by its name."""
    if parameter.name.startswith("_"):
        return True
    return any(mark is NOT_FOR_MODELS for mark in getattr(parameter.annotation, "__metadata__", ()))


def own_default(parameter: inspect.Parameter) -> Any:
    """What the function takes it for when it is left out; `Parameter.empty` if nothing, or if pydantic must say."""
    return _Parameter.empty if isinstance(parameter.default, FieldInfo) else parameter.default


def _read(function: Callable[..., Any]) -> inspect.Signature:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError, NameError) as error:
        raise RequestError(f"the signature of the tool {name_of(function)} cannot be read: {error}") from error


def _resolved(parameter: inspect.Parameter, scope: _Scope, tool: str) -> inspect.Parameter:
    if parameter.annotation is _Parameter.empty:
        return parameter.replace(annotation=str)
    stand_in = SimpleNamespace(__annotations__={parameter.name: parameter.annotation})
    try:
        hints = get_type_hints(stand_in, scope.globals, scope.nonlocals, include_extras=True)
    except Exception as error:
        message = f"the type of {parameter.name} of the tool {tool} cannot be resolved: {error}"
        raise RequestError(message) from error
    return _as_declared(parameter.replace(annotation=hints[parameter.name]))


def _as_declared(parameter: inspect.Parameter) -> inspect.Parameter:
    annotation, default = parameter.annotation, parameter.default
    if isinstance(default, FieldInfo):
        return parameter.replace(annotation=Annotated[annotation, default])
    if default is None and not is_withheld(parameter):
        return parameter.replace(annotation=_or_none(annotation))
    return parameter


def _or_none(annotation: Any) -> Any:
    if get_origin(annotation) is Annotated:
        return Annotated[(_or_none(annotation.__origin__), *annotation.__metadata__)]
    return Optional[annotation]  # noqa: UP045 - a type known at run time only


def _scope_of(code: Any) -> _Scope:
    names = code.__code__.co_freevars if hasattr(code, "__code__") else ()
    nonlocals = {}
    for name, cell in zip(names, getattr(code, "__closure__", None) or (), strict=True):
        with contextlib.suppress(ValueError):  # a name that is not bound yet
            nonlocals[name] = cell.cell_contents
    return _Scope(getattr(code, "__globals__", {}), nonlocals)


def _innermost(function: Callable[..., Any]) -> Callable[..., Any]:
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _called(function: Callable[..., Any]) -> Any:
    """What runs when it is called; a decorator's wrapper, not what it wraps."""
    function = _innermost(function)
    if inspect.isclass(function):
        return function.__init__
    return function if inspect.isroutine(function) else type(function).__call__


def _code_of(function: Callable[..., Any]) -> Any:
    """Where its parameters and its words were written."""
    return inspect.unwrap(_called(function))


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
