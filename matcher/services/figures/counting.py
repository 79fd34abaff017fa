"""Counting the rows of a figure: in all, per kind, industry, town or month, and per office below."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    Subquery,
    bindparam,
    cast,
    func,
    literal,
    select,
    union_all,
)

from matcher.models import ClockStep, Office
from matcher.services.figures.definition import DEFINITIONS
from matcher.services.figures.dialects import month_of, step_of
from matcher.services.figures.medians import HUNDREDTHS, median
from matcher.services.figures.scope import Scope
from matcher.services.figures.statements import ask

#: By what a figure can be broken down; what has none is counted under "".
DIMENSIONS = ("kind", "industry", "town", "month", "office", "tag", "per")
#: The column that a dimension is worked out from, where it has another name.
SOURCE = {"month": "day"}


def count(code: str, scope: Scope) -> int:
    """How many things the figure counts, each once."""
    return counts([code], scope)[code]


def counts(codes: Sequence[str], scope: Scope) -> dict[str, int]:
    """How many things each of several figures counts, in one statement."""

    def build() -> CompoundSelect:
        return union_all(*(_counted(code, scope).add_columns(literal(code, String)) for code in codes))

    return {code: int(number) for number, code in ask(("counts", *codes), scope, build)}


def counts_by(codes: Sequence[str], scope: Scope, dimension: str) -> dict[str, dict[str, int]]:
    """The same per value of a dimension: figure -> value -> count; see `count_by`."""

    def build() -> CompoundSelect:
        return union_all(*(_counted_by(code, scope, dimension) for code in codes))

    found: dict[str, dict[str, int]] = {code: {} for code in codes}
    names = _below(scope.office) if dimension == "office" else {}
    for number, code, value in ask(("counts_by", dimension, *codes), scope, build):
        found[code][names.get(_word(value), _word(value))] = number
    return found


def crossed(codes: Sequence[str], scope: Scope, dimensions: Sequence[str]) -> dict[str, dict[str, dict[str, int]]]:
    """Several breakdowns in one pass over the rows: dimension -> figure -> value -> count.

    Only for figures with one row per thing (the problems asked, accepted, solved), whose parts add up.
    """

    def build() -> CompoundSelect:
        return union_all(*(_crossed(code, scope, dimensions) for code in codes))

    found: dict[str, dict[str, dict[str, int]]] = {d: {code: {} for code in codes} for d in dimensions}
    for code, number, *values in ask(("crossed", *codes, *dimensions), scope, build):
        for dimension, value in zip(dimensions, values, strict=True):
            counted = found[dimension][code]
            counted[value or ""] = counted.get(value or "", 0) + number
    return found


def count_by(code: str, scope: Scope, dimension: str) -> dict[str, int]:
    """The same per value of a dimension. Parts may overlap (an enterprise can have problems of two kinds), so
    they need not add up to the whole."""
    return counts_by([code], scope, dimension)[code]


def sum_by(code: str, scope: Scope, columns: Sequence[str], dimension: str | None) -> dict[str, tuple[Any, ...]]:
    """Sums of `persons`, `attendances` or `amount` per value of a dimension; all under "" without one."""

    def build() -> Select:
        wanted = [*columns] if dimension is None else [*columns, SOURCE.get(dimension, dimension)]
        rows = rows_of(code, scope, *wanted)
        sums = [func.coalesce(func.sum(rows.c[name]), 0) for name in columns]
        query = select(*sums).where(*scope.filters(rows))
        if dimension is None:
            return query
        part = _part(rows, dimension)
        return query.add_columns(part).group_by(part)

    found = ask(("sum_by", code, dimension, *columns), scope, build)
    if dimension is None:
        return {"": tuple(found[0])}
    return {_word(row[-1]): tuple(row[:-1]) for row in found}


def amounts_by_month(codes: Sequence[str], scope: Scope) -> dict[str, dict[str, dict[str, Decimal]]]:
    """Yuan of figures of benefits: figure -> once or year -> month -> sum; no two of them are ever added."""

    def build() -> CompoundSelect:
        return union_all(*(_amounts(code, scope) for code in codes))

    found: dict[str, dict[str, dict[str, Decimal]]] = {code: {} for code in codes}
    for code, per, month, amount in ask(("amounts", *codes), scope, build):
        found[code].setdefault(per, {})[month] = Decimal(str(amount))
    return found


def hours_by_step(scope: Scope) -> dict[ClockStep, Decimal]:
    """Median working hours per step (SQLite knows no percentiles: it counts how often each length occurred)."""

    def build() -> Select:
        rows = rows_of("response", scope, "tag", "amount")
        step, length = cast(rows.c.tag, String), hundredths(rows.c.amount)
        return select(step, length, func.count()).where(*scope.filters(rows)).group_by(step, length)

    lengths: dict[str, list[tuple[int, int]]] = {}
    for step, length, often in ask(("hours",), scope, build):
        lengths.setdefault(step, []).append((length, often))
    return {step: median(lengths[step]) for step in ClockStep if step in lengths}


def hundredths(hours: Any) -> ColumnElement[int]:
    """Hours as a whole number of hundredths."""
    return cast(func.round(hours * HUNDREDTHS), Integer)


def rows_of(code: str, scope: Scope, *names: str) -> Subquery:
    """The rows of a figure as something to select from; with `names`, only these columns and those filtered by.

    A database works out every column of a UNION that it keeps, so what nobody asks for is left out.
    """
    query = DEFINITIONS[code].rows(scope)
    return (_only(query, [*names, *scope.filtered]) if names else query).subquery()


def _only(query: Any, names: Iterable[str]) -> Any:
    if isinstance(query, CompoundSelect):
        return union_all(*(_only(part, names) for part in query.selects))
    chosen = [query.selected_columns[name] for name in dict.fromkeys(names)]
    return query.with_only_columns(*chosen, maintain_column_froms=True)


def months_of(scope: Scope) -> list[date]:
    """The first days of the months that the period touches."""
    first, last = scope.period.start, scope.period.end
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _counted(code: str, scope: Scope) -> Select:
    rows = rows_of(code, scope, "key")
    return select(_number(code, rows)).select_from(rows).where(*scope.filters(rows))


def _counted_by(code: str, scope: Scope, dimension: str) -> Select:
    rows = rows_of(code, scope, "key", SOURCE.get(dimension, dimension))
    part = cast(_part(rows, dimension), String)
    query = select(_number(code, rows), literal(code, String), part).select_from(rows)
    query = query.where(*scope.filters(rows)).group_by(part)
    return query.join(Office, Office.id == rows.c.office) if dimension == "office" else query


def _number(code: str, rows: Subquery) -> ColumnElement[int]:
    return func.count() if DEFINITIONS[code].is_once else func.count(rows.c.key.distinct())


def _crossed(code: str, scope: Scope, dimensions: Sequence[str]) -> Select:
    rows = rows_of(code, scope, *(SOURCE.get(dimension, dimension) for dimension in dimensions))
    parts = [cast(_part(rows, dimension), String).label(dimension) for dimension in dimensions]
    return select(literal(code, String), func.count(), *parts).where(*scope.filters(rows)).group_by(*parts)


def _amounts(code: str, scope: Scope) -> Select:
    rows = rows_of(code, scope, "day", "per", "amount")
    per, month = cast(rows.c.per, String), month_of(rows.c.day)
    query = select(literal(code, String), per, month, func.sum(rows.c.amount)).where(*scope.filters(rows))
    return query.group_by(per, month)


def _part(rows: Subquery, dimension: str) -> ColumnElement[Any]:
    """What rows are told apart by. The office straight below is the first step of the path from here on."""
    if dimension == "month":
        return month_of(rows.c.day)
    if dimension == "office":
        return step_of(func.substr(Office.path, bindparam("scope_below", 1, type_=Integer)))
    return rows.c[dimension]


def _below(office: Office) -> dict[str, str]:
    """First step of the path -> code; the office's own work has no step and is its own."""
    return {"": office.code, **{str(child.id): child.code for child in office.children}}


def _word(value: Any) -> str:
    return str(value) if value is not None else ""
