"""Statements that are written as querysets, compiled once, and run many times with other values.

Making SQL out of a queryset costs ten times what SQLite needs to answer it, and a message asks twenty questions. Here
the ORM compiles each of them once a process and kind of database; what is left is to run it and to make rows of what
comes. So the SQL is the ORM's own on every database, and rights stand where they stood: in querysets.
"""

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.db import connection, models
from django.db.models import Expression
from django.db.models.sql import InsertQuery, UpdateQuery

T_co = TypeVar("T_co", covariant=True)


class Slot(Expression):
    """Stands in a queryset for a value that is given by name when the statement runs; rows by their primary keys.

    ``column`` is what the value is stored in, if it is.
    """

    def __init__(self, name: str, column: "models.Field[Any, Any] | None" = None) -> None:
        super().__init__()
        self.name = name
        self.column = column

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)

    def adapted(self, value: Any) -> Any:
        """The value as the database's driver wants it."""
        if self.column is not None:
            return self.column.get_db_prep_save(value, connection)
        if isinstance(value, datetime):
            return connection.ops.adapt_datetimefield_value(value)
        return value.hex if isinstance(value, UUID) and connection.vendor == "sqlite" else value


class Prepared(Generic[T_co]):
    """A question. ``build`` makes its queryset, with a :class:`Slot` for each value that changes."""

    def __init__(self, build: Callable[[], "models.QuerySet[Any, T_co]"]) -> None:
        self._build = build
        # By kind of database: the queryset, its compiler, its statement.
        self._compiled: dict[str, tuple[Any, Any, str, Sequence[Any]]] = {}

    def all(self, **values: object) -> list[T_co]:
        """All rows, as the queryset would give them."""
        compiled = self._compiled.get(connection.vendor) or self._compile()
        return list(_bound(*compiled, values))

    def first(self, **values: object) -> T_co | None:
        """The first row, if there is any. Ask for no more than one: all are fetched."""
        return next(iter(self.all(**values)), None)

    def _compile(self) -> tuple[Any, Any, str, Sequence[Any]]:
        queryset = self._build()
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        # A run makes rows by these; looking for them again would cost as much as the answer.
        converters = compiler.get_converters([column[0] for column in compiler.select])
        compiler.get_converters = lambda _: converters
        made = self._compiled[connection.vendor] = (queryset, compiler, sql, params)
        return made


class PreparedUpdate:
    """A change of ``columns`` in the rows of a queryset. Each column's new value goes by the column's name; ``fixed``
    ones are expressions, or values that are always the same."""

    def __init__(self, build: Callable[[], "models.QuerySet[Any]"], *columns: str, **fixed: object) -> None:
        self._build = build
        self._columns = columns
        self._fixed = fixed
        self._compiled: dict[str, tuple[str, Sequence[Any]]] = {}

    def run(self, **values: object) -> int:
        """Return how many rows were changed."""
        sql, params = self._compiled.get(connection.vendor) or self._compile()
        with connection.cursor() as cursor:
            cursor.execute(sql, _given(params, values))
            return int(cursor.rowcount)

    def run_many(self, rows: Iterable[Mapping[str, object]]) -> None:
        """The same with one set of values after the other, as one call of the driver."""
        sql, params = self._compiled.get(connection.vendor) or self._compile()
        with connection.cursor() as cursor:
            cursor.executemany(sql, [_given(params, values) for values in rows])

    def _compile(self) -> tuple[str, Sequence[Any]]:
        queryset = self._build()
        field_of = queryset.model._meta.get_field  # noqa: SLF001 - Django's public name for it
        query: Any = queryset.query.chain(UpdateQuery)
        query.add_update_values({name: Slot(name, field_of(name)) for name in self._columns} | self._fixed)
        made = cast("tuple[str, Sequence[Any]]", query.get_compiler(connection=connection).as_sql())
        self._compiled[connection.vendor] = made
        return made


def insert(row: models.Model) -> None:
    """Store a new row as ``save(force_insert=True)`` would, for models without parents and signals."""
    sql, fields = _insertion(type(row), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields])
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001


@cache
def _insertion(model: type[models.Model], vendor: str) -> "tuple[str, list[models.Field[Any, Any]]]":
    options = model._meta  # noqa: SLF001
    fields: list[Any] = [field for field in options.local_concrete_fields if field is not options.pk]
    query: Any = InsertQuery(model)
    query.insert_values(fields, [model()])
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = [options.pk]
    [(sql, _)] = compiler.as_sql()
    return sql, fields


def _bound(
    queryset: Any, compiler: Any, sql: str, params: Sequence[Any], values: Mapping[str, object]
) -> Iterable[Any]:
    """The queryset's rows, made by its own iterator with a compiler that has the statement ready.

    Threads share what was compiled, but no connection and no values: compiler and query are copied for each run.
    """
    given = _given(params, values)
    ready, query = copy.copy(compiler), copy.copy(queryset.query)
    ready.connection, ready.as_sql = connection, lambda: (sql, given)
    query.get_compiler = lambda *_, **__: ready
    # As much of a queryset as its iterators look at.
    rows = {"model": queryset.model, "db": connection.alias, "query": query}
    rows |= {"_fields": queryset._fields, "_known_related_objects": {}}
    return cast("Iterable[Any]", queryset._iterable_class(SimpleNamespace(**rows)))  # noqa: SLF001


def _given(params: Sequence[Any], values: Mapping[str, object]) -> tuple[Any, ...]:
    return tuple(one.adapted(values[one.name]) if isinstance(one, Slot) else one for one in params)
