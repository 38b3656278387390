"""Statements of the hot path, compiled once.

Each message runs a dozen of them. SQLAlchemy spends ten times as long preparing a call as SQLite spends
answering it, so here a statement written with SQLAlchemy is compiled once for a dialect and then handed
to the driver's own cursor; types still convert what goes in and comes out. For everything else,
`connection.execute` is the plainer way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

_Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class _Plan:
    text: str
    positions: tuple[str, ...] | None  #: the names of `?` in their order; None where the driver takes names
    constants: Mapping[str, Any]
    ingoing: Mapping[str, _Convert]
    outgoing: tuple[tuple[int, _Convert], ...]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        given = {**self.constants, **values}
        for name, convert in self.ingoing.items():
            given[name] = convert(given[name])
        return given if self.positions is None else [given[name] for name in self.positions]

    def row(self, raw: Any) -> tuple[Any, ...]:
        values = list(raw)
        for index, convert in self.outgoing:
            values[index] = convert(values[index])
        return tuple(values)


class Prepared:
    """A select, update or insert; the names in `values` are its parameters or the columns it sets."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        plan = self._plan(connection, values)
        return [plan.row(raw) for raw in _execute(connection, plan, values).fetchall()]

    def first(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        return next(iter(self.all(connection, values)), None)

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """How many rows it changed."""
        return int(_execute(connection, self._plan(connection, values), values).rowcount)

    def insert(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """The id of the row it made."""
        cursor = _execute(connection, self._plan(connection, values), values)
        return int(cursor.lastrowid if connection.dialect.name == "sqlite" else cursor.fetchone()[0])

    def _plan(self, connection: Connection, values: Mapping[str, Any]) -> _Plan:
        key = (connection.dialect.name, *values)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = self._compile(connection.dialect, list(values))
        return plan

    def _compile(self, dialect: Any, names: list[str]) -> _Plan:
        statement = self._statement
        if statement.is_insert and dialect.name != "sqlite":
            statement = statement.returning(statement.table.c.id)
        columns = names if statement.is_dml else None
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        out = () if statement.is_dml else tuple(column.type for column in statement.selected_columns)
        converts = [(index, kind._cached_result_processor(dialect, None)) for index, kind in enumerate(out)]
        return _Plan(
            str(compiled),
            tuple(compiled.positiontup) if compiled.positional else None,
            {name: value for name, value in compiled.params.items() if name not in names},
            dict(compiled._bind_processors),
            tuple((index, convert) for index, convert in converts if convert is not None),
        )


def _execute(connection: Connection, plan: _Plan, values: Mapping[str, Any]) -> Any:
    driver = connection.dialect.dbapi
    parameters = plan.parameters(values)
    try:
        cursor = connection.connection.cursor()
        cursor.execute(plan.text, parameters)
    except driver.Error as error:
        raise DBAPIError.instance(
            plan.text, parameters, error, driver.Error, dialect=connection.dialect, hide_parameters=True
        ) from error
    return cursor
