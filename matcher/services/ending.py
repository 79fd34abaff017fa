"""What follows by itself when a round of work ends or loses its lead."""

from sqlalchemy import select

from matcher.db import db, now
from matcher.models import (
    Actor,
    Case,
    ClockStep,
    Dispatch,
    DispatchRole,
    DispatchState,
    Problem,
    ProblemState,
    Visit,
)
from matcher.models.cases import WORKING, VisitState
from matcher.models.dispatches import LIVE
from matcher.services import clocks, notices
from matcher.services.history import step


def end_round(problem: Problem, *, reason: str) -> None:
    """Nobody is needed any more: live offers are recalled, the open case is abandoned."""
    for dispatch in live_dispatches(problem):
        recall_quietly(dispatch, reason=reason)
    if (case := _open_case(problem)) is not None:
        abandon(case, reason=reason)


def lead_is_gone(problem: Problem, *, reason: str) -> None:
    """No live lead is left: the case is abandoned with its record, the problem waits for a lead again."""
    if (case := _open_case(problem)) is not None:
        abandon(case, reason=reason)
    for member in live_dispatches(problem):
        recall_quietly(member, reason=reason)
    clocks.stop(problem, ClockStep.ANSWER, ClockStep.CONTACT, ClockStep.VISIT, ClockStep.CLOSE, met=False)
    if problem.state is ProblemState.DISPATCHED:
        step(problem, "free", by=Actor.system(), reason=reason)
        clocks.start(problem, ClockStep.DISPATCH)


def finish_dispatches(case: Case) -> None:
    """The round is closed: who worked in it is done, offers still open are recalled."""
    for dispatch in live_dispatches(case.problem):
        if dispatch.state is DispatchState.ACCEPTED:
            step(dispatch, "finish", by=Actor.system(), sets={"ended_at": now()})
        else:
            recall_quietly(dispatch, reason="服务单已办结。")


def cancel_visits(case: Case, *, reason: str) -> None:
    """Visits that were still planned will not take place."""
    query = select(Visit).where(Visit.case_id == case.id, Visit.state == VisitState.PLANNED)
    for visit in db.session.scalars(query):
        step(visit, "cancel", by=Actor.system(), sets={"reason": reason})


def abandon(case: Case, *, reason: str) -> None:
    """End a round without a result; what was found stays on record for the next."""
    step(case, "abandon", by=Actor.system(), sets={"abandoned_at": now(), "reason": reason})
    cancel_visits(case, reason=reason)


def live_dispatches(problem: Problem) -> list[Dispatch]:
    """Offers and promises that stand, the lead first."""
    query = select(Dispatch).where(Dispatch.problem_id == problem.id, Dispatch.state.in_(LIVE))
    found = list(db.session.scalars(query.order_by(Dispatch.id)))
    return sorted(found, key=lambda d: d.role is not DispatchRole.LEAD)


def recall_quietly(dispatch: Dispatch, *, reason: str) -> None:
    """Recall as a consequence; the expert is told."""
    step(dispatch, "recall", by=Actor.system(), sets={"ended_at": now(), "reason": reason})
    notices.tell_expert(
        dispatch.expert,
        "recalled",
        "点将已取消",
        f"“{dispatch.problem.title}”不需要您再前往：{reason}",
        problem=dispatch.problem,
    )


def _open_case(problem: Problem) -> Case | None:
    return db.session.scalar(select(Case).where(Case.problem_id == problem.id, Case.state.in_(WORKING)))
