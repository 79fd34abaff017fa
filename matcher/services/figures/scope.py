"""What a figure is asked about: an office with all below it, a period, and filters."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, select

from matcher.models import Activity, Office, Problem
from matcher.plain.periods import Period


@dataclass(frozen=True, slots=True)
class Scope:
    """An office's subtree in a period. A problem belongs to the office where it came in, whoever solved it,
    so that a city is the sum of its counties and what was sent up is not counted twice."""

    office: Office
    period: Period
    with_samples: bool = False
    kind: str | None = None
    industry: str | None = None
    town: str | None = None

    def before(self) -> "Scope":
        """The same question about the period before."""
        return replace(self, period=self.period.before())

    @property
    def is_filtered(self) -> bool:
        """Whether only a part of the office's work is asked about."""
        return any((self.kind, self.industry, self.town))

    def moments(self, column: Any) -> ColumnElement[bool]:
        """The moment lies in the period, by China's clock."""
        start, end = self.period.bounds()
        return and_(column >= start, column < end)

    def days(self, column: Any) -> ColumnElement[bool]:
        """The day lies in the period."""
        return column.between(self.period.start, self.period.end)

    def offices(self, column: Any = Office.path) -> ColumnElement[bool]:
        """The office is this one or below it."""
        inside: ColumnElement[bool] = column.startswith(self.office.path, autoescape=True)
        return inside

    def problems(self) -> list[ColumnElement[bool]]:
        """Conditions on Problem. A double that was merged is no problem."""
        inside = select(Office.id).where(self.offices())
        found: list[ColumnElement[bool]] = [Problem.owner_office_id.in_(inside), Problem.duplicate_of_id.is_(None)]
        return found if self.with_samples else [*found, Problem.is_sample.is_(False)]

    def activities(self) -> list[ColumnElement[bool]]:
        """Conditions on Activity joined with its Office."""
        return [self.offices()] if self.with_samples else [self.offices(), Activity.is_sample.is_(False)]

    @property
    def filtered(self) -> list[str]:
        """The columns that the filters look at."""
        return [name for name in ("kind", "industry", "town") if getattr(self, name)]

    def filters(self, rows: Subquery) -> list[ColumnElement[bool]]:
        """Conditions on the rows of a figure; what has no kind, industry or town falls out of a filter."""
        wanted = {"kind": self.kind, "industry": self.industry, "town": self.town}
        return [rows.c[name] == value for name, value in wanted.items() if value]
