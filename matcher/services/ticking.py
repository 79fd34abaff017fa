"""What the clock does: offers expire, questions lapse, confirmations run out, delay is told upward."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select

from matcher.db import db, now
from matcher.errors import MatcherError
from matcher.models import (
    Attempt,
    Case,
    CaseState,
    Clock,
    ClockStep,
    Dispatch,
    DispatchState,
    FormKey,
    Problem,
    ProblemState,
    Role,
)
from matcher.services import cases, dispatch, follow_ups, notices, problems


def tick(*, after_each: Callable[[], None]) -> dict[str, int]:
    """Do everything that is due now, and tell how often.

    Each move is a transaction of its own (`after_each` commits it), so one that fails holds up no other.
    """
    return {
        "expired": _each(_expiring(), dispatch.expire, after_each),
        "lapsed": _each(_lapsing(), problems.lapse, after_each),
        "unanswered": _each(_unanswered(), cases.leave_unanswered, after_each),
        "told": _each(_overdue(), _tell_upward, after_each),
        "left": _each(follow_ups.to_leave(), follow_ups.leave, after_each),
        "reminded": _each(follow_ups.to_remind(), follow_ups.remind, after_each),
    }


def forget_old_forms() -> int:
    """Forms older than two days are not pressed twice any more; windows that are over count nothing."""
    db.session.execute(delete(Attempt).where(Attempt.ends_at < now()))
    old = delete(FormKey).where(FormKey.used_at < now() - timedelta(days=2)).returning(FormKey.key)
    return len(db.session.scalars(old).all())


def _each(things: Iterable, act: Callable, after_each: Callable[[], None]) -> int:
    done = 0
    for thing in things:
        try:
            act(thing)
            after_each()
        except MatcherError:
            # Somebody moved it in the meantime, which is just what the clock wanted.
            db.session.rollback()
            continue
        done += 1
    return done


def _expiring() -> list[Dispatch]:
    query = select(Dispatch).where(
        Dispatch.state.in_((DispatchState.OFFERED, DispatchState.TERMS)), Dispatch.expires_at <= now()
    )
    return list(db.session.scalars(query.order_by(Dispatch.id)))


def _lapsing() -> list[Problem]:
    query = (
        select(Problem)
        .join(Clock, Clock.problem_id == Problem.id)
        .where(Problem.state == ProblemState.RETURNED, _due(ClockStep.QUESTION))
    )
    return list(db.session.scalars(query.order_by(Problem.id)))


def _unanswered() -> list[Case]:
    query = (
        select(Case)
        .join(Clock, Clock.problem_id == Case.problem_id)
        .where(Case.state == CaseState.CLOSED, _due(ClockStep.CONFIRM))
    )
    return list(db.session.scalars(query.order_by(Case.id)))


def _overdue() -> list[Clock]:
    query = select(Clock).where(
        Clock.ended_at.is_(None), Clock.paused_at.is_(None), Clock.told_at.is_(None), Clock.due_at <= now()
    )
    return list(db.session.scalars(query.order_by(Clock.id)))


def _tell_upward(clock: Clock) -> None:
    problem = clock.problem
    clock.told_at = now()
    subject = f"超时提醒 {problem.number}"
    notices.tell_office(problem.office, "overdue", subject, problem.title, problem=problem)
    if problem.office.parent is not None:
        notices.tell_office(problem.office.parent, "overdue", subject, problem.title, problem=problem, role=Role.LEADER)


def _due(step: ClockStep) -> ColumnElement[bool]:
    return (Clock.step == step) & Clock.ended_at.is_(None) & (Clock.due_at <= now())
