"""The list behind a number: one line per thing that was counted, with what a person calls it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, select

from matcher.db import db
from matcher.models import Activity, Benefit, Case, Clock, Enterprise, Expert, Lead, Menu, Office, Problem
from matcher.services.figures.counting import rows_of
from matcher.services.figures.scope import Scope


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a figure counted. `what` and `what_id` say which page shows it: problem, case or activity."""

    key: str
    day: date | None
    what: str
    what_id: int
    number: str
    title: str
    firm: str
    office: str
    kind: str
    industry: str
    town: str
    persons: int | None
    attendances: int | None
    amount: Decimal | None
    per: str
    tag: str
    expert: str = ""


def lines(code: str, scope: Scope, *, tag: str = "", limit: int | None = None, offset: int = 0) -> list[Line]:
    """What the figure counted in the scope, the latest first; as many lines as the number says."""
    rows = rows_of(code, scope)
    first = func.row_number().over(partition_by=rows.c.key, order_by=(rows.c.day, rows.c.what, rows.c.what_id))
    conditions = scope.filters(rows)
    if tag:
        conditions = [*conditions, rows.c.tag == tag]
    ranked = select(*rows.c, first.label("place")).where(*conditions).subquery()
    query = (
        select(*(ranked.c[name] for name in rows.c.keys()))  # noqa: SIM118 (columns, not a dict)
        .where(ranked.c.place == 1)
        .order_by(ranked.c.day.desc(), ranked.c.what, ranked.c.what_id.desc(), ranked.c.key)
        .offset(offset)
    )
    found = db.session.execute(query if limit is None else query.limit(limit)).all()
    return _named(code, found)


def _named(code: str, rows: Sequence[Row[Any]]) -> list[Line]:
    """Add what people call each thing; a few queries for all lines together."""
    cases = _cases_of(rows)
    activities = _by_id(Activity, [row.what_id for row in rows if row.what == "activity"])
    problem_ids = [row.what_id for row in rows if row.what == "problem"] + [case[1] for case in cases.values()]
    problems = _problems(problem_ids)
    offices = dict(db.session.execute(select(Office.id, Office.short_name)).all())
    people = _people(rows) if code == "expert_times" else {}
    found = []
    for row in rows:
        what, what_id = row.what, row.what_id
        if what == "activity":
            activity = activities[what_id]
            number, title, firm = "", activity.title, activity.place
        else:
            if what != "problem":
                what, what_id = "case", cases[(row.what, row.what_id)][0]
            problem = problems[row.what_id if row.what == "problem" else cases[(row.what, row.what_id)][1]]
            number, title, firm = problem
        found.append(
            Line(
                key=str(row.key),
                day=row.day,
                what=what,
                what_id=what_id,
                number=number,
                title=title,
                firm=firm,
                office=offices.get(row.office, ""),
                kind=row.kind or "",
                industry=row.industry or "",
                town=row.town or "",
                persons=row.persons,
                attendances=row.attendances,
                amount=row.amount,
                per=row.per or "",
                tag=row.tag or "",
                expert=people.get(row.tag or "", ""),
            )
        )
    return found


def _cases_of(rows: Iterable[Row[Any]]) -> dict[tuple[str, int], tuple[int, int]]:
    """(what, id) of cases, benefits, leads and steps -> (case or problem to open, problem)."""
    wanted: dict[str, list[int]] = {}
    for row in rows:
        wanted.setdefault(row.what, []).append(row.what_id)
    found: dict[tuple[str, int], tuple[int, int]] = {}
    queries = {
        "case": select(Case.id, Case.id, Case.problem_id).where(Case.id.in_(wanted.get("case", []))),
        "benefit": select(Benefit.id, Case.id, Case.problem_id)
        .join(Case, Benefit.case_id == Case.id)
        .where(Benefit.id.in_(wanted.get("benefit", []))),
        "lead": select(Lead.id, Case.id, Case.problem_id)
        .join(Case, Lead.case_id == Case.id)
        .where(Lead.id.in_(wanted.get("lead", []))),
        "clock": select(Clock.id, Clock.problem_id, Clock.problem_id).where(Clock.id.in_(wanted.get("clock", []))),
    }
    for what, query in queries.items():
        if wanted.get(what):
            found |= {(what, id_): (case_id, problem_id) for id_, case_id, problem_id in db.session.execute(query)}
    return found


def _problems(ids: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """Problem -> (number, title, firm)."""
    query = (
        select(Problem.id, Problem.number, Problem.title, Enterprise.name)
        .join(Menu, Problem.menu_id == Menu.id)
        .join(Enterprise, Menu.enterprise_id == Enterprise.id)
        .where(Problem.id.in_(set(ids)))
    )
    return {id_: (number, title, firm) for id_, number, title, firm in db.session.execute(query)}


def _by_id(noun: type[Activity], ids: Sequence[int]) -> dict[int, Activity]:
    return {thing.id: thing for thing in db.session.scalars(select(noun).where(noun.id.in_(set(ids))))} if ids else {}


def _people(rows: Iterable[Row[Any]]) -> dict[str, str]:
    ids = {int(row.tag) for row in rows if row.tag}
    return {
        str(id_): name for id_, name in db.session.execute(select(Expert.id, Expert.name).where(Expert.id.in_(ids)))
    }
