"""What a figure is asked about: an office with all below it, a period, and filters."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Subquery, and_, bindparam, select

from matcher.models import Activity, Office, Problem
from matcher.plain.periods import Period

FILTERS = ("kind", "industry", "town")


@dataclass(frozen=True, slots=True)
class Scope:
    """An office's subtree in a period. A problem belongs to the office where it came in, whoever solved it,
    so that a city is the sum of its counties and what was sent up is not counted twice.

    The conditions name their values, so that one statement, once built, serves all scopes of its shape
    (statements.py). `only` narrows the question to some offices of the subtree. `as_of` is the day on which
    the period of the whole question ends, where this scope is a part of it; money is told as it stood then.
    `with_replaced` asks for what was replaced before that day too; the column `until` says when it was.
    """

    office: Office
    period: Period
    with_samples: bool = False
    kind: str | None = None
    industry: str | None = None
    town: str | None = None
    only: tuple[int, ...] | None = None
    as_of: date | None = None
    with_replaced: bool = False

    def before(self) -> "Scope":
        """The same question about the period before."""
        return replace(self, period=self.period.before())

    @property
    def is_filtered(self) -> bool:
        """Whether only a part of the office's work is asked about."""
        return any((self.kind, self.industry, self.town))

    @property
    def shape(self) -> tuple[Any, ...]:
        """What decides how a statement reads, apart from its values."""
        return self.with_samples, *self.filtered, self.only is not None, self.with_replaced

    def values(self) -> dict[str, Any]:
        """The values of every condition, by name."""
        start, end = self.period.bounds()
        return {
            "scope_path": f"{self.office.path}%",
            "scope_below": len(self.office.path) + 1,
            "scope_only": list(self.only or ()),
            "scope_first": self.period.start,
            "scope_last": self.period.end,
            "scope_as_of": self.as_of or self.period.end,
            "scope_from": start,
            "scope_until": end,
            **{f"scope_{name}": getattr(self, name) for name in FILTERS},
        }

    def moments(self, column: Any) -> ColumnElement[bool]:
        """The moment lies in the period, by China's clock."""
        return and_(column >= self._value("from", column), column < self._value("until", column))

    def days(self, column: Any) -> ColumnElement[bool]:
        """The day lies in the period."""
        return column.between(self._value("first", column), self._value("last", column))

    def by_then(self, column: Any) -> ColumnElement[bool]:
        """The day had come when the period of the whole question ended."""
        had_come: ColumnElement[bool] = column <= self._value("as_of", column)
        return had_come

    def offices(self, column: Any = Office.path) -> ColumnElement[bool]:
        """The office is this one or below it. A path is figures and strokes: nothing in it means more in LIKE."""
        inside: ColumnElement[bool] = column.like(self._value("path", column))
        return inside

    def problems(self) -> list[ColumnElement[bool]]:
        """Conditions on Problem. A double that was merged is no problem."""
        found = [self._inside(Problem.owner_office_id), Problem.duplicate_of_id.is_(None)]
        return found if self.with_samples else [*found, Problem.is_sample.is_(False)]

    def activities(self) -> list[ColumnElement[bool]]:
        """Conditions on Activity."""
        found = [self._inside(Activity.office_id)]
        return found if self.with_samples else [*found, Activity.is_sample.is_(False)]

    @property
    def filtered(self) -> list[str]:
        """The columns that the filters look at."""
        return [name for name in FILTERS if getattr(self, name)]

    def filters(self, rows: Subquery) -> list[ColumnElement[bool]]:
        """Conditions on the rows of a figure; what has no kind, industry or town falls out of a filter."""
        return [rows.c[name] == self._value(name, rows.c[name]) for name in self.filtered]

    def _inside(self, office_id: Any) -> ColumnElement[bool]:
        if self.only is None:
            inside: ColumnElement[bool] = office_id.in_(select(Office.id).where(self.offices()))
            return inside
        chosen: ColumnElement[bool] = office_id.in_(bindparam("scope_only", list(self.only), expanding=True))
        return chosen

    def _value(self, name: str, column: Any) -> BindParameter[Any]:
        return bindparam(f"scope_{name}", self.values()[f"scope_{name}"], type_=column.type)
