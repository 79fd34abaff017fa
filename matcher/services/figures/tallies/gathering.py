"""Months of work, gathered from the rows of the figures: by the definitions, and by nothing else."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, cast, func, literal, select, union_all

from matcher.services.figures.counting import hundredths, rows_of
from matcher.services.figures.definition import DEFINITIONS, Definition, Kept
from matcher.services.figures.dialects import month_of
from matcher.services.figures.scope import Scope
from matcher.services.figures.statements import ask
from matcher.services.figures.tallies.tally import ALL, Counts, MonthOfWork, digests, lengths

#: (office, month as 2026-06) -> what was done there.
Months = dict[tuple[int, str], MonthOfWork]

#: Every column by which a figure is told apart, and every column that is added up; amounts in hundredths of a yuan.
TOLD_BY = ("kind", "industry", "town", "tag", "per", "until")
SUMS = ("persons", "attendances", "amount")


def gather(scope: Scope, *kinds: Kept) -> Months:
    """The months of every office of the scope, in one statement for each kind of what is kept."""
    found: Months = {}
    for kind in kinds or Kept:
        _GATHERED[kind](scope, found)
    return found


def _counts(scope: Scope, found: Months) -> None:
    for row in ask(("tally", Kept.COUNTS), scope, lambda: union_all(*(_counts_of(d, scope) for d in _of(Kept.COUNTS)))):
        code, office, month, first, last, number = row[:6]
        definition = DEFINITIONS[code]
        told = dict(zip(TOLD_BY, row[6 : 6 + len(TOLD_BY)], strict=True))
        sums = dict(zip(SUMS, row[6 + len(TOLD_BY) :], strict=True))
        values = {ALL: "", **{name: told[name] for name in definition.told_by}}
        month_of_work = _month(found, office, month, first, last)
        counts = month_of_work.counts.setdefault(code, Counts())
        counts.add(values, number, [int(sums[name]) for name in definition.sums])


def _keys(scope: Scope, found: Months) -> None:
    keys: dict[tuple[str, int, date], set[str]] = {}
    for code, office, day, key in ask(
        ("tally", Kept.KEYS), scope, lambda: union_all(*(_keys_of(d, scope) for d in _of(Kept.KEYS)))
    ):
        keys.setdefault((code, office, day), set()).add(key)
    by_month: dict[tuple[str, int, str], set[str]] = {}
    for (code, office, day), those in keys.items():
        month = f"{day:%Y-%m}"
        _month(found, office, month, day, day)
        by_month.setdefault((code, office, month), set()).update(those)
    for (code, office, month), those in by_month.items():
        found[office, month].keys[code] = digests(those)


def _lengths(scope: Scope, found: Months) -> None:
    spent: dict[tuple[int, str, str], list[tuple[int, int]]] = {}
    for office, month, first, last, step, length, often in ask(
        ("tally", Kept.LENGTHS), scope, lambda: _lengths_of(scope)
    ):
        _month(found, office, month, first, last)
        spent.setdefault((office, month, step), []).append((length, often))
    for (office, month, step), those in spent.items():
        found[office, month].lengths[step] = lengths(those)


def _month(found: Months, office: int, month: str, first: date, last: date) -> MonthOfWork:
    known = found.setdefault((office, month), MonthOfWork(first, last))
    known.touch(first, last)
    return known


def _of(kept: Kept) -> Iterable[Definition]:
    return [definition for definition in DEFINITIONS.values() if definition.kept is kept]


def _counts_of(definition: Definition, scope: Scope) -> Select:
    told, sums = definition.told_by, definition.sums
    rows = rows_of(definition.code, scope, "key", "office", "day", *told, *sums)
    parts = {name: func.coalesce(cast(rows.c[name], String), "") for name in told}
    number = func.count() if definition.is_once else func.count(rows.c.key.distinct())
    query = select(
        *_whose(definition.code, rows),
        number,
        *(parts.get(name, literal("")) for name in TOLD_BY),
        *(_sum(rows.c[name], name) if name in sums else literal(0, BigInteger) for name in SUMS),
    )
    return query.where(*scope.filters(rows)).group_by(rows.c.office, month_of(rows.c.day), *parts.values())


def _keys_of(definition: Definition, scope: Scope) -> Select:
    """Each row by itself: to sort them here takes longer than to throw them into sets there."""
    rows = rows_of(definition.code, scope, "key", "office", "day")
    query = select(literal(definition.code, String), rows.c.office, rows.c.day, cast(rows.c.key, String))
    return query.where(*scope.filters(rows))


def _lengths_of(scope: Scope) -> Select:
    rows = rows_of("response", scope, "office", "day", "tag", "amount")
    step, length = cast(rows.c.tag, String), hundredths(rows.c.amount)
    query = select(*_whose("response", rows)[1:], step, length, func.count()).where(*scope.filters(rows))
    return query.group_by(rows.c.office, month_of(rows.c.day), step, length)


def _whose(code: str, rows: Any) -> list[ColumnElement[Any]]:
    """Code, office, month, first and last day of a group of rows."""
    day = rows.c.day
    return [literal(code, String), rows.c.office, month_of(day), func.min(day), func.max(day)]


def _sum(column: Any, name: str) -> ColumnElement[int]:
    total = func.coalesce(func.sum(column), 0)
    return cast(func.round(total * 100), BigInteger) if name == "amount" else cast(total, BigInteger)


_GATHERED: dict[Kept, Callable[[Scope, Months], None]] = {
    Kept.COUNTS: _counts,
    Kept.KEYS: _keys,
    Kept.LENGTHS: _lengths,
}
