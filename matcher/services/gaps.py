"""Where it is stuck: steps that are overdue, and problems that nobody on the roster can solve."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from matcher.db import db, now
from matcher.models import Clock, ClockStep, Enterprise, Menu, Office, Problem, ProblemState, Proposal

#: As many of each are shown; the desk has all.
MOST = 30


@dataclass(frozen=True, slots=True)
class Late:
    """A step that is overdue."""

    problem_id: int
    number: str
    title: str
    firm: str
    office: str
    step: ClockStep
    due_at: datetime


def overdue(visible: Select[Problem], office: Office) -> list[Late]:
    """Problems of the subtree with a step past its time, each by the step that waits longest; the longest first."""
    mine = visible.with_only_columns(Problem.id)
    handler = aliased(Office)
    query = (
        select(Problem.id, Problem.number, Problem.title, Enterprise.name, handler.short_name, Clock.step, Clock.due_at)
        .join(Clock, Clock.problem_id == Problem.id)
        .join(Menu, Problem.menu_id == Menu.id)
        .join(Enterprise, Menu.enterprise_id == Enterprise.id)
        .join(handler, Problem.office_id == handler.id)
        .where(
            Problem.id.in_(mine),
            handler.path.startswith(office.path),
            Clock.ended_at.is_(None),
            Clock.paused_at.is_(None),
            Clock.due_at <= now(),
        )
        .order_by(Clock.due_at, Clock.id)
        .limit(MOST * len(ClockStep))
    )
    longest: dict[int, Late] = {}
    for row in db.session.execute(query):
        longest.setdefault(row[0], Late(*row))
    return list(longest.values())[:MOST]


def without_expert(visible: Select[Problem], office: Office) -> list[Problem]:
    """Accepted problems for which the matcher finds nobody who is likely fit, and those given up for that reason."""
    fit = select(Proposal.problem_id).where(Proposal.is_suitable, Proposal.replaced_at.is_(None))
    mine = visible.with_only_columns(Problem.id)
    handler = aliased(Office)
    nobody = (Problem.state == ProblemState.ACCEPTED) & Problem.id.not_in(fit)
    given_up = (Problem.state == ProblemState.UNSOLVED) & (Problem.reason == "nobody")
    query = (
        select(Problem)
        .join(handler, Problem.office_id == handler.id)
        .where(Problem.id.in_(mine), handler.path.startswith(office.path), nobody | given_up)
        .order_by(Problem.submitted_at.desc(), Problem.id)
        .limit(MOST)
    )
    return list(db.session.scalars(query))
