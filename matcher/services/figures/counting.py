"""Counting the rows of a figure: in all, per kind, industry, town or month, and per office below."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, String, Subquery, case, cast, func, literal, select, union_all

from matcher.db import db
from matcher.models import Office
from matcher.services.figures.days import month_of
from matcher.services.figures.definition import DEFINITIONS
from matcher.services.figures.scope import Scope

#: By what a figure can be broken down; what has none is counted under "".
DIMENSIONS = ("kind", "industry", "town", "month", "office", "tag", "per")
#: The column that a dimension is worked out from, where it has another name.
SOURCE = {"month": "day"}


def count(code: str, scope: Scope) -> int:
    """How many things the figure counts, each once."""
    rows = rows_of(code, scope, "key")
    return int(db.session.scalar(_counted(rows, scope)) or 0)


def counts(codes: Sequence[str], scope: Scope) -> dict[str, int]:
    """How many things each of several figures counts, in one statement."""
    parts = []
    for code in codes:
        rows = rows_of(code, scope, "key")
        parts.append(_counted(rows, scope).add_columns(literal(code, String)))
    return {code: int(number) for number, code in db.session.execute(union_all(*parts))}


def counts_by(codes: Sequence[str], scope: Scope, dimension: str) -> dict[str, dict[str, int]]:
    """The same per value of a dimension: figure -> value -> count; see `count_by`."""
    parts = []
    for code in codes:
        rows = rows_of(code, scope, "key", SOURCE.get(dimension, dimension))
        part = _part(rows, scope, dimension)
        parts.append(_counted(rows, scope).add_columns(literal(code, String), cast(part, String)).group_by(part))
    found: dict[str, dict[str, int]] = {code: {} for code in codes}
    for number, code, value in db.session.execute(union_all(*parts)):
        found[code][_word(value)] = number
    return found


def crossed(codes: Sequence[str], scope: Scope, dimensions: Sequence[str]) -> dict[str, dict[str, dict[str, int]]]:
    """Several breakdowns in one pass over the rows: dimension -> figure -> value -> count.

    Only for figures with one row per thing (the problems asked, accepted, solved), whose parts add up.
    """
    columns = [SOURCE.get(dimension, dimension) for dimension in dimensions]
    queries = []
    for code in codes:
        rows = rows_of(code, scope, *columns)
        parts = [cast(_part(rows, scope, dimension), String).label(dimension) for dimension in dimensions]
        query = select(literal(code, String), func.count(), *parts).where(*scope.filters(rows))
        queries.append(query.group_by(*parts))
    found: dict[str, dict[str, dict[str, int]]] = {d: {code: {} for code in codes} for d in dimensions}
    for code, number, *values in db.session.execute(union_all(*queries)):
        for dimension, value in zip(dimensions, values, strict=True):
            counted = found[dimension][code]
            counted[_word(value)] = counted.get(_word(value), 0) + number
    return found


def count_by(code: str, scope: Scope, dimension: str) -> dict[str, int]:
    """The same per value of a dimension. Parts may overlap (an enterprise can have problems of two kinds), so
    they need not add up to the whole."""
    return counts_by([code], scope, dimension)[code]


def sum_by(code: str, scope: Scope, columns: Sequence[str], dimension: str | None) -> dict[str, tuple[Any, ...]]:
    """Sums of `persons`, `attendances` or `amount` per value of a dimension; all under "" without one."""
    wanted = [*columns] if dimension is None else [*columns, SOURCE.get(dimension, dimension)]
    rows = rows_of(code, scope, *wanted)
    sums = [func.coalesce(func.sum(rows.c[name]), 0) for name in columns]
    query = select(*sums).where(*scope.filters(rows))
    if dimension is None:
        return {"": tuple(db.session.execute(query).one())}
    part = _part(rows, scope, dimension)
    found = db.session.execute(query.add_columns(part).group_by(part))
    return {_word(row[-1]): tuple(row[:-1]) for row in found}


def amounts_by_month(code: str, scope: Scope) -> dict[str, dict[str, Decimal]]:
    """Yuan of a figure of benefits: once or year -> month -> sum; the two are never added."""
    rows = rows_of(code, scope, "day", "per", "amount")
    month = month_of(rows.c.day)
    query = select(rows.c.per, month, func.sum(rows.c.amount)).where(*scope.filters(rows)).group_by(rows.c.per, month)
    found: dict[str, dict[str, Decimal]] = {}
    for per, name, amount in db.session.execute(query):
        found.setdefault(_word(per), {})[name] = Decimal(str(amount))
    return found


def rows_of(code: str, scope: Scope, *names: str) -> Subquery:
    """The rows of a figure as something to select from; with `names`, only these columns and those filtered by.

    A database works out every column of a UNION that it keeps, so what nobody asks for is left out.
    """
    query = DEFINITIONS[code].rows(scope)
    return (_only(query, [*names, *scope.filtered]) if names else query).subquery()


def _only(query: Any, names: Sequence[str]) -> Any:
    if isinstance(query, CompoundSelect):
        return union_all(*(_only(part, names) for part in query.selects))
    chosen = [query.selected_columns[name] for name in dict.fromkeys(names)]
    return query.with_only_columns(*chosen, maintain_column_froms=True)


def months_of(scope: Scope) -> list[date]:
    """The first days of the months that the period touches."""
    first, last = scope.period.start, scope.period.end
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _counted(rows: Subquery, scope: Scope) -> Any:
    return select(func.count(rows.c.key.distinct())).where(*scope.filters(rows))


def _part(rows: Subquery, scope: Scope, dimension: str) -> ColumnElement[Any]:
    if dimension == "month":
        return month_of(rows.c.day)
    if dimension == "office":
        return _child(rows, scope.office)
    return rows.c[dimension]


def _child(rows: Subquery, office: Office) -> ColumnElement[Any]:
    """Which office straight below it is, by the beginning of the path; the office's own work is its own."""
    below = [(rows.c.office.startswith(child.path, autoescape=True), child.code) for child in office.children]
    return case(*below, else_=office.code) if below else _always(office.code)


def _always(text: str) -> ColumnElement[Any]:
    """The same for every row, as an expression: databases read a bare constant in GROUP BY as a column's place."""
    return func.coalesce(literal(text, String), "")


def _word(value: Any) -> str:
    return str(value) if value is not None else ""
