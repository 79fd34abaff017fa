"""复访: 3, 6 and 12 months after a case was closed, what became of it: in use, not in use, pending, unknown."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select

from matcher.db import db, now, today
from matcher.errors import BadInput, WrongMove
from matcher.models import Actor, BenefitKind, Case, EvidenceGrade, FollowUp, Outcome, Per, Problem
from matcher.services import benefits, notices
from matcher.services.history import record

MONTHS = (3, 6, 12)
#: Told once when it is due and once again after two weeks; after three months nobody is asked any more.
REMIND_AGAIN, GIVE_UP = timedelta(days=14), timedelta(days=90)


class Result(StrEnum):
    """What the enterprise says has become of it; the words are the vocabulary `follow_up_results`."""

    IMPLEMENTED = "implemented"
    NOT_IMPLEMENTED = "not_implemented"
    PENDING = "pending"
    UNKNOWN = "unknown"


class Due(StrEnum):
    """What a follow-up waits for."""

    NOW = "now"
    LATER = "later"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to a follow-up. An amount is the benefit as it is now, and goes into the ledger as a statement."""

    result: Result
    reason: str = ""
    amount: Decimal | None = None
    kind: BenefitKind | None = None
    per: Per = Per.YEAR


def plan(case: Case) -> list[FollowUp]:
    """Plan the follow-ups of a case that was closed as solved or partly solved."""
    if case.outcome not in (Outcome.SOLVED, Outcome.PARTLY):
        return []
    planned = [FollowUp(case=case, months=months, due_on=months_after(today(), months)) for months in MONTHS]
    db.session.add_all(planned)
    return planned


def call_off(case: Case) -> None:
    """The trouble is back: what nobody has answered yet is asked after the next round."""
    for follow_up in db.session.scalars(select(FollowUp).filter_by(case_id=case.id, result=None)):
        db.session.delete(follow_up)


def answer(follow_up: FollowUp, told: Told, *, by: Actor) -> None:
    """Write down what became of it; a reason where it is not in use, an amount where one is known."""
    if follow_up.result is not None:
        raise WrongMove("这次复访已经记过了。")
    if follow_up.due_on > today():
        raise WrongMove("还没有到这次复访的日子。")
    if told.result is Result.NOT_IMPLEMENTED and not told.reason.strip():
        raise BadInput("请写下为什么没有落实。", field="reason")
    if told.amount is not None:
        _state(follow_up, told, by=by)
    follow_up.result, follow_up.reason, follow_up.amount = told.result.value, told.reason.strip(), told.amount
    follow_up.answered_on = by.behalf.on if by.behalf is not None else today()
    follow_up.recorded_by_id = by.user.id if by.user is not None else None
    record(by, "followup.answer", follow_up, result=told.result, months=follow_up.months)


def remind(follow_up: FollowUp) -> None:
    """Ask the enterprise (the clock's move)."""
    problem = follow_up.case.problem
    body = f"“{problem.title}”办结已经 {follow_up.months} 个月，现在用得怎么样？请点链接告诉我们，一分钟就好。"
    notices.tell_enterprise(problem.menu, "follow_up", "请告诉我们现在的效果", body, problem=problem)
    if follow_up.reminded_at is None:
        subject = f"复访到期 {problem.number}"
        notices.tell_office(problem.office, "follow_up", subject, problem.title, problem=problem)
    follow_up.reminded_at = now()


def leave(follow_up: FollowUp) -> None:
    """Nobody answered for three months: unknown (the clock's move)."""
    follow_up.result, follow_up.reason, follow_up.answered_on = Result.UNKNOWN.value, "到期后没有答复。", today()
    record(Actor.system(), "followup.leave", follow_up, months=follow_up.months)


def to_remind() -> list[FollowUp]:
    """Due and not yet asked about, or asked two weeks ago for the first time."""
    again = FollowUp.reminded_at <= now() - REMIND_AGAIN
    first_time = FollowUp.due_on > today() - 2 * REMIND_AGAIN
    query = _open().where(FollowUp.due_on <= today(), or_(FollowUp.reminded_at.is_(None), again & first_time))
    return list(db.session.scalars(query.order_by(FollowUp.id)))


def to_leave() -> list[FollowUp]:
    """Due three months ago, and no answer."""
    return list(db.session.scalars(_open().where(FollowUp.due_on <= today() - GIVE_UP).order_by(FollowUp.id)))


def listed(cases: Select[Case], due: Due, result: str = "") -> Select[FollowUp]:
    """Follow-ups of these cases: what is due now (oldest first), what comes later, what was answered."""
    mine = select(FollowUp).where(FollowUp.case_id.in_(cases.with_only_columns(Case.id)), _when(due))
    if due is Due.ANSWERED:
        mine = mine.where(FollowUp.result == result) if result else mine
        return mine.order_by(FollowUp.answered_on.desc(), FollowUp.id.desc())
    return mine.order_by(FollowUp.due_on, FollowUp.id)


def counts(cases: Select[Case]) -> dict[Due, int]:
    """How many are due, come later, were answered."""
    mine = FollowUp.case_id.in_(cases.with_only_columns(Case.id))
    numbers = {due: select(func.count(FollowUp.id)).where(mine, _when(due)) for due in Due}
    return {due: db.session.scalar(query) or 0 for due, query in numbers.items()}


def results(cases: Select[Case]) -> dict[tuple[int, str], int]:
    """(months, result) and how often, of what was answered."""
    query = (
        select(FollowUp.months, FollowUp.result, func.count())
        .where(FollowUp.case_id.in_(cases.with_only_columns(Case.id)), FollowUp.result.is_not(None))
        .group_by(FollowUp.months, FollowUp.result)
    )
    return {(row[0], str(row[1])): row[2] for row in db.session.execute(query)}


def of_case(case: Case) -> list[FollowUp]:
    """Every follow-up of a case, the earliest first."""
    return list(db.session.scalars(select(FollowUp).filter_by(case_id=case.id).order_by(FollowUp.months)))


def due_of(problem: Problem) -> list[FollowUp]:
    """What can be asked about a problem today."""
    query = select(FollowUp).join(Case).where(Case.problem_id == problem.id, _when(Due.NOW))
    return list(db.session.scalars(query.order_by(FollowUp.due_on)))


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day.

    >>> months_after(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _state(follow_up: FollowUp, told: Told, *, by: Actor) -> None:
    chains = benefits.chains_of(follow_up.case)
    kind = told.kind or (chains[0].lines[0].kind if len(chains) == 1 else None)
    if kind is None or told.amount is None:
        raise BadInput("请选择是增收、节支还是减损。", field="kind")
    benefits.state_benefit(
        follow_up.case,
        kind,
        told.amount,
        told.per,
        by=by,
        baseline=f"{follow_up.months} 个月复访",
        evidence_grade=EvidenceGrade.TELEPHONE if by.behalf is not None else EvidenceGrade.NONE,
    )


def _open() -> Select[FollowUp]:
    return select(FollowUp).where(FollowUp.result.is_(None))


def _when(due: Due) -> ColumnElement[bool]:
    conditions: dict[Due, Callable[[], ColumnElement[bool]]] = {
        Due.NOW: lambda: FollowUp.result.is_(None) & (FollowUp.due_on <= today()),
        Due.LATER: lambda: FollowUp.result.is_(None) & (FollowUp.due_on > today()),
        Due.ANSWERED: lambda: FollowUp.result.is_not(None),
    }
    return conditions[due]()
