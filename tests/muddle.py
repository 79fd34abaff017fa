"""Changes straight in the tables, past every service: dates over the ends of months, other owners, merged firms,
doubles, deletions. What is true of the figures after these is true after anything."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import case, delete, insert, select, update

from matcher.db import LOCAL, db, today
from matcher.models import (
    Activity,
    ActivityEnterprise,
    ActivityExpert,
    ActivityState,
    Benefit,
    Case,
    Clock,
    Enterprise,
    EnterpriseTier,
    Expert,
    Lead,
    Menu,
    Problem,
    Visit,
    Visitor,
    VisitState,
)
from tests.factories import make_office

NEIGHBOUR = "320924"


def moment(days: int, hour: int = 0) -> datetime:
    """So many days ago, at that hour of China's clock."""
    return datetime.combine(today() - timedelta(days=days), time(hour), LOCAL)


def muddle(verb: str, half: int, days: int) -> None:
    """Do one of MOVES to every other row, with so many days."""
    MOVES[verb](half, days)


def _change(noun: Any, half: int, *where: Any, **values: Any) -> None:
    key = next(iter(noun.__table__.primary_key))
    statement = update(noun).where(key % 2 == half, *where).values(**values)
    db.session.execute(statement.execution_options(synchronize_session=False))


def _remove(noun: Any, half: int, *where: Any) -> None:
    key = next(iter(noun.__table__.primary_key))
    db.session.execute(delete(noun).where(key % 2 == half, *where).execution_options(synchronize_session=False))


def _first(column: Any) -> Any:
    return db.session.scalars(select(column).order_by(column).limit(1)).first()


def _move_problems(half: int, days: int) -> None:
    ended = case((Problem.ended_at.is_not(None), moment(days - 1, 1)))
    _change(Problem, half, submitted_at=moment(days), accepted_at=moment(days), ended_at=ended)


def _write_benefits(half: int, days: int) -> None:
    """Stated, adopted, and answered again on an earlier or later day: the ledger takes whatever day is written."""
    case_id = db.session.scalars(select(Case.id).order_by(Case.id.desc() if half else Case.id).limit(1)).first()
    if case_id is None:
        return
    line = {"case_id": case_id, "kind": "saving", "party": "office", "amount": 1000 + days, "evidence_grade": "none"}
    line |= {"per": "year" if half else "once"}
    first = {**line, "entry": "stated", "entered_on": today() - timedelta(days=days)}
    stated = db.session.scalar(insert(Benefit).values(first).returning(Benefit.id))
    for entry, later in (("adopted", days), ("verified" if half else "rejected", days - 40), ("adopted", days + 3)):
        on = today() - timedelta(days=later)
        db.session.execute(insert(Benefit).values({**line, "entry": entry, "about_id": stated, "entered_on": on}))


def _find_lead(half: int, days: int) -> None:
    _remove(Lead, half)
    case_id = db.session.scalars(select(Case.id).where(Case.id.not_in(select(Lead.case_id))).limit(1)).first()
    if case_id is not None:
        row = {"case_id": case_id, "office_id": make_office().id, "state": "drafted"}
        db.session.execute(insert(Lead).values(row | {"found_at": moment(days), "drafted_at": moment(half)}))


def _give_tier(half: int, days: int) -> None:
    _remove(EnterpriseTier, half)
    if (firm := _first(Enterprise.id)) is not None:
        tier = {"tier": "srdi", "valid_from": today() - timedelta(days=days)}
        db.session.execute(insert(EnterpriseTier).values(enterprise_id=firm, **tier))


def _swap_experts(half: int, _days: int) -> None:
    visitors = select(Visitor.visit_id)
    if (expert := _first(Expert.id)) is not None:
        db.session.execute(delete(Visitor).where(Visitor.visit_id % 2 == half))
        for visit in db.session.scalars(select(Visit.id).where(Visit.id % 2 == half, Visit.id.not_in(visitors))).all():
            db.session.execute(insert(Visitor).values(visit_id=visit, expert_id=expert))


def _merge_firms(half: int, _days: int) -> None:
    if (firm := _first(Enterprise.id)) is not None:
        _change(Menu, half, enterprise_id=firm)


def _merge_doubles(half: int, _days: int) -> None:
    if (original := _first(Problem.id)) is not None:
        _change(Problem, half, Problem.id != original, duplicate_of_id=original)


def _remove_activities(half: int, _days: int) -> None:
    _change(Visit, half, activity_id=None)
    kept = select(Visit.activity_id).where(Visit.activity_id.is_not(None))
    _remove(Activity, half, Activity.id.not_in(kept))


def _remove_visits(half: int, _days: int) -> None:
    _remove(Visit, half)


MOVES: dict[str, Callable[[int, int], None]] = {
    "problems' days": _move_problems,
    "visits' days": lambda h, d: _change(Visit, h, Visit.state == VisitState.HELD, held_on=today() - timedelta(days=d)),
    "cases' days": lambda h, d: _change(
        Case, h, Case.closed_at.is_not(None), closed_at=moment(d), trained_on=today() - timedelta(days=d), persons=d
    ),
    "activities' days": lambda h, d: _change(
        Activity, h, Activity.state == ActivityState.HELD, held_on=today() - timedelta(days=d), pairs=d
    ),
    "clocks": lambda h, d: _change(Clock, h, ended_at=moment(d), hours=d, is_met=True),
    "kinds": lambda h, d: _change(Problem, h, reporting_kind="skills" if d % 2 else None, industry="34"),
    "towns": lambda h, d: _change(Menu, h, town=f"示例镇{d % 3}"),
    "firms' towns": lambda h, d: _change(Enterprise, h, town=f"示例镇{d % 3}", industry="35"),
    "owners": lambda h, d: _change(Problem, h, owner_office_id=make_office(NEIGHBOUR).id),
    "activities' owners": lambda h, d: _change(Activity, h, office_id=make_office(NEIGHBOUR).id),
    "activities' places": lambda h, d: _change(Activity, h, place="工人文化宫" if d % 2 else ""),
    "samples": lambda h, d: _change(Problem, h, is_sample=d % 2 == 0),
    "who came": lambda h, d: _change(ActivityExpert, h, has_come=d % 2 == 0),
    "which firms came": lambda h, d: _change(ActivityEnterprise, h, has_come=d % 2 == 0),
    "typical": lambda h, d: _change(Case, h, released_typical_at=moment(d)),
    "benefits": _write_benefits,
    "leads": _find_lead,
    "tiers": _give_tier,
    "experts": _swap_experts,
    "merged firms": _merge_firms,
    "doubles": _merge_doubles,
    "no activities": _remove_activities,
    "no visits": _remove_visits,
    "no clocks": lambda h, d: _remove(Clock, h),
}
