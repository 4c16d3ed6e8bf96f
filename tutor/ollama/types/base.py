"""What all models of this library have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, TypeVar

import pydantic_core
from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.fields import FieldInfo

T = TypeVar("T")


class Subscriptable(BaseModel):
    """A model with dict manners: `m['key']`, `m['key'] = value`, `m.get('key')`, `'key' in m`, `dict(m)`.

    A key is "in" the model if the server sent it (even as null) or if the class gives it a value; a key that is not in
    it raises KeyError, while the attribute of a declared field is None. Iterating gives (name, value) pairs, as
    pydantic has it. Fields that the class does not declare are kept.
    """

    model_config = ConfigDict(
        extra="allow",
        hide_input_in_errors=True,
        protected_namespaces=(),
        populate_by_name=True,
        # Keys repeat in every line of a stream; looking each value up as well costs a tenth of the parsing.
        cache_strings="keys",
    )
    _other_names: ClassVar[Mapping[str, str]] = {}

    def __getitem__(self, key: str) -> Any:
        # A declared field with a value is always "in": no further look-ups for what is read per token.
        value = self.__dict__.get(key)
        if value is not None:
            return value
        if key not in self:
            raise KeyError(key)
        return getattr(self, self._other_names.get(key, key))

    def __setitem__(self, key: str, value: Any) -> None:
        setattr(self, self._other_names.get(key, key), value)

    def __contains__(self, key: object) -> bool:
        name = self._other_names.get(key, key) if isinstance(key, str) else key
        if name in self.model_fields_set:
            return True
        field = type(self).model_fields.get(name) if isinstance(name, str) else None
        return field is not None and _has_value(field)

    def get(self, key: str, default: Any = None) -> Any:
        """The field's value (None when declared but absent), or `default` for a name this model does not have."""
        name = self._other_names.get(key, key)
        if name in type(self).model_fields or name in (self.model_extra or {}):
            return getattr(self, name)
        return default


class Seldom(Subscriptable):
    """The same for what most programs never meet: pydantic prepares it at its first use, not at import."""

    model_config = ConfigDict(defer_build=True)


def _has_value(field: FieldInfo) -> bool:
    return not field.is_required() and field.default is not None


def _nothing_as_empty_list(value: Any) -> Any:
    return [] if value is None else value


def _text_as_mapping(value: Any) -> Any:
    # Some gateways write the text twice.
    for _ in range(2):
        if isinstance(value, str | bytes):
            value = pydantic_core.from_json(value) if value.strip() else None
    return {} if value is None else value


ListOrNull = Annotated[T, BeforeValidator(_nothing_as_empty_list)]
"""A list for which servers written in Go may send null when it is empty."""

MappingOrText = Annotated[T, BeforeValidator(_text_as_mapping)]
"""The same for a mapping, which may also come as JSON text, as OpenAI's interface has it."""
