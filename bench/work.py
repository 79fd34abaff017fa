"""Years of a county's work, made up quickly: rows written straight into the tables, for benches only."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from matcher.db import LOCAL, Base, db, now, today
from matcher.models import Benefit, Case, Clock, Dispatch, Enterprise, Expert, Menu, Office, Problem, Visit, Visitor

BATCH = 2_000
EXPERTS, ENTERPRISES = 60, 800
DAYS = 365
KINDS = ("tackling", "skills", "management", "mentoring", "thought")
INDUSTRIES = ("17", "26", "30", "33", "34", "35", "38", "39", "01", "04")


def fill(offices: list[Office], cases: int, *, seed: int = 1) -> None:
    """Write `cases` closed or running cases, spread over the offices and over a year up to today."""
    random.seed(seed)
    _insert(Expert, _experts(offices))
    _insert(Enterprise, _enterprises(offices))
    plans = list(_plans(offices, cases))
    for noun, rows_of in (
        (Menu, _menu),
        (Problem, _problem),
        (Case, _case),
        (Dispatch, _dispatch),
        (Clock, _clock),
        (Visit, _visit),
        (Visitor, _visitor),
        (Benefit, _statement),
        (Benefit, _adoption),
    ):
        _insert(noun, (row for plan in plans if (row := rows_of(plan)) is not None))
    db.session.commit()


def _insert(noun: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            db.session.execute(insert(noun), batch)
            batch = []
    if batch:
        db.session.execute(insert(noun), batch)


def _experts(offices: list[Office]) -> Iterator[dict[str, Any]]:
    for number in range(1, EXPERTS + 1):
        office = offices[number % len(offices)]
        values = {"state": "active", "name": f"示例专家{number}", "trade": "维修电工"}
        yield {"id": number, "office_id": office.id, **values}


def _enterprises(offices: list[Office]) -> Iterator[dict[str, Any]]:
    for number in range(1, ENTERPRISES + 1):
        office = offices[number % len(offices)]
        yield {
            "id": number,
            "office_id": office.id,
            "state": "known",
            "name": f"示例企业{number}",
            "name_key": f"示例企业{number}",
            "town": f"示例镇{number % 17}",
            "industry": INDUSTRIES[number % len(INDUSTRIES)],
        }


def _plans(offices: list[Office], cases: int) -> Iterator[dict[str, Any]]:
    """One case each: who, when, how far."""
    start = today() - timedelta(days=DAYS)
    for number in range(1, cases + 1):
        day = start + timedelta(days=random.randrange(DAYS + 1))
        yield {
            "id": number,
            "office": offices[number % len(offices)],
            "enterprise": number % ENTERPRISES + 1,
            "expert": number % EXPERTS + 1,
            "at": datetime.combine(day, datetime.min.time(), LOCAL) + timedelta(hours=10),
            "day": day,
            "is_closed": random.random() < 0.9 and day <= today() - timedelta(days=10),
            "money": random.randrange(1, 200) * 500,
        }


def _menu(plan: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": plan["id"],
        "number": f"{plan['office'].code}-B-{plan['id']}",
        "office_id": plan["office"].id,
        "enterprise_id": plan["enterprise"],
        "channel": "phone",
        "text": "设备异响，温度偏高，自己的技术员没有修好。",
        "firm_as_written": f"示例企业{plan['enterprise']}",
        "town": f"示例镇{plan['enterprise'] % 17}",
        "posted_at": plan["at"],
    }


def _problem(plan: dict[str, Any]) -> dict[str, Any]:
    closed = plan["is_closed"]
    return {
        "id": plan["id"],
        "number": f"{plan['office'].code}-B-{plan['id']}-1",
        "menu_id": plan["id"],
        "position": 1,
        "office_id": plan["office"].id,
        "owner_office_id": plan["office"].id,
        "state": "solved" if closed else "dispatched",
        "solved_by": "case" if closed else None,
        "title": "设备异响",
        "text": "设备异响，温度偏高，自己的技术员没有修好。",
        "reporting_kind": KINDS[plan["id"] % len(KINDS)],
        "industry": INDUSTRIES[plan["id"] % len(INDUSTRIES)],
        "submitted_at": plan["at"],
        "accepted_at": plan["at"] + timedelta(hours=1),
        "ended_at": plan["at"] + timedelta(days=9) if closed else None,
    }


def _case(plan: dict[str, Any]) -> dict[str, Any]:
    closed = plan["is_closed"]
    return {
        "id": plan["id"],
        "number": f"{plan['office'].code}-B-{plan['id']}-1-1",
        "problem_id": plan["id"],
        "round": 1,
        "state": "closed" if closed else "opened",
        "outcome": "solved" if closed else None,
        "opened_at": plan["at"] + timedelta(hours=5),
        "closed_at": plan["at"] + timedelta(days=9) if closed else None,
        "persons": 4 if closed else 0,
        "attendances": 5 if closed else 0,
        "trained_on": plan["day"] if closed else None,
    }


def _dispatch(plan: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": plan["id"],
        "problem_id": plan["id"],
        "expert_id": plan["expert"],
        "case_id": plan["id"],
        "role": "lead",
        "state": "done" if plan["is_closed"] else "accepted",
        "offered_at": plan["at"] + timedelta(hours=2),
        "expires_at": plan["at"] + timedelta(hours=10),
    }


def _clock(plan: dict[str, Any]) -> dict[str, Any]:
    closed = plan["is_closed"]
    return {
        "problem_id": plan["id"],
        "office_id": plan["office"].id,
        "step": "close",
        "started_at": plan["at"],
        "resumed_at": plan["at"],
        "due_at": plan["at"] + timedelta(days=20),
        "ended_at": plan["at"] + timedelta(days=9) if closed else None,
        "is_met": True if closed else None,
        "hours": 40 + plan["id"] % 60 if closed else None,
        "hours_before": 0,
    }


def _visit(plan: dict[str, Any]) -> dict[str, Any]:
    return {"id": plan["id"], "case_id": plan["id"], "state": "held", "form": "onsite", "held_on": _within(plan["day"])}


def _visitor(plan: dict[str, Any]) -> dict[str, Any]:
    return {"visit_id": plan["id"], "expert_id": plan["expert"]}


def _statement(plan: dict[str, Any]) -> dict[str, Any] | None:
    return _line(plan, plan["id"] * 2 - 1, "stated", None) if plan["is_closed"] else None


def _adoption(plan: dict[str, Any]) -> dict[str, Any] | None:
    return _line(plan, plan["id"] * 2, "adopted", plan["id"] * 2 - 1) if plan["is_closed"] else None


def _line(plan: dict[str, Any], line_id: int, entry: str, about: int | None) -> dict[str, Any]:
    return {
        "id": line_id,
        "case_id": plan["id"],
        "kind": "saving",
        "entry": entry,
        "about_id": about,
        "party": "expert" if entry == "stated" else "office",
        "amount": plan["money"],
        "per": "year" if plan["id"] % 3 else "once",
        "evidence_grade": "telephone",
        "entered_on": _within(plan["day"] + timedelta(days=9)),
        "recorded_at": now(),
    }


def _within(day: date) -> date:
    return min(day, today())
