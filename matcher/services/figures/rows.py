"""The things behind a figure: every figure is a query with the same columns, counted or listed alike."""

from typing import Any

from sqlalchemy import Date, Integer, Numeric, Select, String, cast, literal, null, select
from sqlalchemy.orm import aliased

from matcher.models import Activity, Case, Menu, Problem
from matcher.services.figures.scope import Scope

#: key: what is counted once; day: when it counts; what, what_id: which page shows it; office: its id;
#: until: the day from which the row no longer counts; tag: what tells the rows of one figure apart.
COLUMNS = (
    "key",
    "day",
    "what",
    "what_id",
    "office",
    "kind",
    "industry",
    "town",
    "persons",
    "attendances",
    "amount",
    "per",
    "until",
    "tag",
)


def problem_rows(scope: Scope, *, what: str = "problem", what_id: Any = Problem.id, **columns: Any) -> Select:
    """One row per problem of the scope; `columns` say what is counted and when. Join on from here."""
    columns = {"key": Problem.id, **columns}
    return select(*_columns(what, what_id, _of_problem(), columns)).select_from(Problem).where(*scope.problems())


def case_rows(scope: Scope, *, what: str = "case", what_id: Any = Case.id, **columns: Any) -> Select:
    """One row per case of the scope's problems."""
    return problem_rows(scope, what=what, what_id=what_id, **columns).join(Case, Case.problem_id == Problem.id)


def activity_rows(scope: Scope, **columns: Any) -> Select:
    """One row per activity of the scope."""
    columns = {"key": Activity.id, "day": Activity.held_on, "office": Activity.office_id, **columns}
    return select(*_columns("activity", Activity.id, {}, columns)).select_from(Activity).where(*scope.activities())


def _of_problem() -> dict[str, Any]:
    """The town is looked up where somebody asks for it, not joined to every count."""
    menu = aliased(Menu)
    return {
        "office": Problem.owner_office_id,
        "kind": Problem.reporting_kind,
        "industry": Problem.industry,
        "town": select(menu.town).where(menu.id == Problem.menu_id).scalar_subquery(),
    }


def _columns(what: str, what_id: Any, of: dict[str, Any], columns: dict[str, Any]) -> list[Any]:
    given = {**_EMPTY, "what": literal(what), "what_id": what_id, **of, **columns}
    return [given[name].label(name) for name in COLUMNS]


_TEXT = cast(null(), String)
_NUMBER = cast(null(), Integer)
_EMPTY: dict[str, Any] = {
    "day": cast(null(), Date),
    "kind": _TEXT,
    "industry": _TEXT,
    "town": _TEXT,
    "persons": _NUMBER,
    "attendances": _NUMBER,
    "amount": cast(null(), Numeric(14, 2)),
    "per": _TEXT,
    "until": cast(null(), Date),
    "tag": _TEXT,
}
