"""Clocks: every step that somebody owes is timed in working time, standing still while one waits."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from matcher.db import db, now
from matcher.models import Clock, ClockStep, Holiday, Office, Problem
from matcher.plain.worktime import WorkCalendar


def calendar() -> WorkCalendar:
    """The working calendar with this installation's own holidays; read once per session."""
    info = db.session.info
    if "calendar" not in info:
        rows = db.session.execute(select(Holiday.day, Holiday.is_working))
        info["calendar"] = WorkCalendar(dict(rows.all()))
    found: WorkCalendar = info["calendar"]
    return found


def start(problem: Problem, step: ClockStep, *, at: datetime | None = None) -> Clock:
    """Start timing a step; its length is the handling office's setting, in working days."""
    moment = at or now()
    running = _running(problem, step)
    if running is not None:
        return running
    clock = Clock(
        problem=problem,
        office_id=problem.office_id or problem.office.id,
        step=step,
        started_at=moment,
        resumed_at=moment,
        due_at=calendar().add_days(moment, _days(problem.office, step)),
        hours_before=Decimal(0),
    )
    db.session.add(clock)
    return clock


def stop(problem: Problem, *steps: ClockStep, met: bool = True) -> None:
    """End the running clocks of these steps; `met` says that the step was done, not merely given up."""
    for step in steps:
        clock = _running(problem, step)
        if clock is None:
            continue
        clock.hours = _hours_so_far(clock)
        clock.ended_at = now()
        clock.is_met = met


def stop_all(problem: Problem) -> None:
    """Nothing more is owed for this problem."""
    stop(problem, *ClockStep, met=False)


def pause(problem: Problem) -> None:
    """Stop the time of what the office owes: the enterprise is waited for."""
    for clock in _all_running(problem):
        if clock.paused_at is None and clock.step is not ClockStep.QUESTION:
            clock.hours_before = _hours_so_far(clock)
            clock.paused_at = now()


def resume(problem: Problem) -> None:
    """Go on; the due date moves by the time that was waited."""
    for clock in _all_running(problem):
        if clock.paused_at is not None:
            left = calendar().hours_between(clock.paused_at, max(clock.due_at, clock.paused_at))
            clock.resumed_at, clock.paused_at = now(), None
            clock.due_at = calendar().add(clock.resumed_at, hours=left)


def hand_to(problem: Problem, office: Office) -> None:
    """The running clocks now count for the office that handles the problem."""
    for clock in _all_running(problem):
        clock.office_id = office.id


def _hours_so_far(clock: Clock) -> Decimal:
    if clock.paused_at is not None:
        return clock.hours_before
    worked = calendar().hours_between(clock.resumed_at, now())
    return clock.hours_before + Decimal(str(round(worked, 2)))


def _days(office: Office, step: ClockStep) -> float:
    return float(office.setting(f"clock_{step.value}"))


def _running(problem: Problem, step: ClockStep) -> Clock | None:
    return next((clock for clock in _all_running(problem) if clock.step is step), None)


def _all_running(problem: Problem) -> list[Clock]:
    if problem.id is None:
        db.session.flush()
    query = select(Clock).where(Clock.problem_id == problem.id, Clock.ended_at.is_(None)).order_by(Clock.id)
    return list(db.session.scalars(query))
