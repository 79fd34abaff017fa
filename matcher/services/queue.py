"""The desk's queue: per problem what must be done next and by when, as one SQL statement, and its counts."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from matcher.db import db, now, today
from matcher.models import (
    Case,
    CaseState,
    Clock,
    Dispatch,
    DispatchRole,
    DispatchState,
    Enterprise,
    Expert,
    FollowUp,
    Menu,
    Office,
    Problem,
    ProblemState,
    User,
)
from matcher.models.dispatches import LIVE

PER_PAGE = 50


class Next(StrEnum):
    """What is owed next. NOTHING: the problem is over, or others handle it."""

    ACCEPT = "accept"
    DISPATCH = "dispatch"
    ANSWER = "answer"
    TERMS = "terms"
    WORK = "work"
    CONFIRM = "confirm"
    FOLLOW_UP = "follow_up"
    NOTHING = "nothing"


class Scope(StrEnum):
    """Whose problems: handled by this office itself, in its whole subtree, or sent out of it."""

    OWN = "own"
    TREE = "tree"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the dispatcher wants to see; all of it stands in the address."""

    step: Next | None = None
    is_overdue: bool = False
    state: ProblemState | None = None
    kind: str = ""
    town: str = ""
    mine: bool = False
    words: str = ""
    scope: Scope = Scope.OWN


class Row(NamedTuple):
    """One line of the queue."""

    id: int
    number: str
    title: str
    state: ProblemState
    next: str
    due_at: datetime | None
    follow_up_on: date | None
    is_overdue: bool
    firm: str
    town: str
    urgency: str
    problem_kind: str | None
    site_risks: list[str]
    is_insured: bool
    expert: str | None
    colleague: str | None
    office: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many problems wait for each step, and how many of all are late."""

    steps: dict[str, int]
    overdue: int

    @property
    def owed(self) -> int:
        """Everything that somebody still owes a step."""
        return sum(count for step, count in self.steps.items() if step != Next.NOTHING)


def rows(visible: Select[Problem], filters: Filters, *, user: User, page: int = 1) -> list[Row]:
    """One page of the queue: late ones first, then what is urgent, then by due time. One statement."""
    queued = _queued(visible, filters, user=user)
    query = select(*(queued.c[name] for name in Row._fields)).where(*_of_tab(queued, filters))
    # Late ones lead, then the words "urgent" and "soon" by their weight, then whatever is due first.
    weight = case((queued.c.urgency == "urgent", 0), (queued.c.urgency == "soon", 1), else_=2)
    order = (queued.c.is_overdue.desc(), weight, queued.c.due_at.is_(None), queued.c.due_at, queued.c.id)
    found = db.session.execute(query.order_by(*order).limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return [Row(*row) for row in found]


def counts(visible: Select[Problem], filters: Filters, *, user: User) -> Counts:
    """How many problems stand in each tab under the same filters. One statement."""
    queued = _queued(visible, filters, user=user)
    late = func.sum(case((queued.c.is_overdue, 1), else_=0))
    found = db.session.execute(select(queued.c.next, func.count(), late).group_by(queued.c.next)).all()
    return Counts(
        steps={step: count for step, count, _late in found},
        overdue=sum(int(late_count or 0) for _step, _count, late_count in found),
    )


def next_of(problem: Problem, *, user: User) -> Row | None:
    """The queue's line of one problem, wherever it is handled."""
    only_this = select(Problem).where(Problem.id == problem.id)
    scope = Scope.TREE if user.office.contains(problem.office) else Scope.SENT
    found = rows(only_this, Filters(scope=scope), user=user)
    return found[0] if found else None


def _queued(visible: Select[Problem], filters: Filters, *, user: User) -> Subquery:
    """Every visible problem of the scope with its next step, as a table to count and to page through."""
    lead, closed, colleague = aliased(Dispatch), aliased(Case), aliased(User)
    running, due_follow_up = _running_clocks(), _due_follow_ups()
    step = _next_step(lead, closed, due_follow_up.c.due_on)
    awaited = lead.state.in_((DispatchState.OFFERED, DispatchState.TERMS))
    due = case((awaited, lead.expires_at), else_=running.c.due_at)
    query = (
        select(
            Problem.id,
            Problem.number,
            Problem.title,
            Problem.state,
            step.label("next"),
            due.label("due_at"),
            due_follow_up.c.due_on.label("follow_up_on"),
            func.coalesce(due <= now(), False).label("is_overdue"),
            Enterprise.name.label("firm"),
            Menu.town,
            Problem.urgency,
            Problem.problem_kind,
            Problem.site_risks,
            Problem.is_insured,
            Expert.name.label("expert"),
            colleague.name.label("colleague"),
            Office.short_name.label("office"),
            Problem.submitted_at,
        )
        .join(Menu, Problem.menu_id == Menu.id)
        .join(Enterprise, Menu.enterprise_id == Enterprise.id)
        .join(Office, Problem.office_id == Office.id)
        .outerjoin(lead, _is_live_lead(lead))
        .outerjoin(Expert, lead.expert_id == Expert.id)
        .outerjoin(colleague, Problem.assigned_to_id == colleague.id)
        .outerjoin(closed, and_(closed.problem_id == Problem.id, closed.state == CaseState.CLOSED))
        .outerjoin(running, running.c.problem_id == Problem.id)
        .outerjoin(due_follow_up, due_follow_up.c.problem_id == Problem.id)
        .where(Problem.id.in_(visible.with_only_columns(Problem.id)), *_chosen(filters, user))
    )
    return query.subquery("queued")


def _next_step(lead: Any, closed: Any, follow_up_on: ColumnElement[Any]) -> ColumnElement[str]:
    has_terms = exists().where(Dispatch.problem_id == Problem.id, Dispatch.state == DispatchState.TERMS)
    dispatched = Problem.state == ProblemState.DISPATCHED
    return case(
        (Problem.state == ProblemState.SUBMITTED, Next.ACCEPT.value),
        (Problem.state == ProblemState.RETURNED, Next.ANSWER.value),
        (Problem.state == ProblemState.ACCEPTED, Next.DISPATCH.value),
        (and_(dispatched, has_terms), Next.TERMS.value),
        (and_(dispatched, lead.state == DispatchState.OFFERED), Next.ANSWER.value),
        (dispatched, Next.WORK.value),
        (closed.id.is_not(None), Next.CONFIRM.value),
        (follow_up_on.is_not(None), Next.FOLLOW_UP.value),
        else_=Next.NOTHING.value,
    )


def _is_live_lead(lead: Any) -> ColumnElement[bool]:
    return and_(lead.problem_id == Problem.id, lead.role == DispatchRole.LEAD, lead.state.in_(LIVE))


def _running_clocks() -> Subquery:
    """The first due time per problem among the clocks that run; one that stands still presses nobody."""
    return (
        select(Clock.problem_id, func.min(Clock.due_at).label("due_at"))
        .where(Clock.ended_at.is_(None), Clock.paused_at.is_(None))
        .group_by(Clock.problem_id)
        .subquery("running")
    )


def _due_follow_ups() -> Subquery:
    """The first follow-up per problem that is due and has no answer."""
    return (
        select(Case.problem_id, func.min(FollowUp.due_on).label("due_on"))
        .join(FollowUp, FollowUp.case_id == Case.id)
        .where(FollowUp.result.is_(None), FollowUp.due_on <= today())
        .group_by(Case.problem_id)
        .subquery("due_follow_up")
    )


def _chosen(filters: Filters, user: User) -> list[ColumnElement[bool]]:
    found = [_in_scope(filters.scope, user)]
    if filters.state is not None:
        found.append(Problem.state == filters.state)
    if filters.kind:
        found.append(Problem.problem_kind == filters.kind)
    if filters.town:
        found.append(Menu.town == filters.town)
    if filters.mine:
        found.append(Problem.assigned_to_id == user.id)
    if filters.words.strip():
        found.append(_says(filters.words.strip()))
    return found


def _in_scope(scope: Scope, user: User) -> ColumnElement[bool]:
    if scope is Scope.OWN:
        return Problem.office_id == user.office_id
    inside = Office.path.startswith(user.office.path)
    return inside if scope is Scope.TREE else ~inside


def _says(words: str) -> ColumnElement[bool]:
    return or_(
        Problem.title.icontains(words, autoescape=True),
        Problem.text.icontains(words, autoescape=True),
        Problem.number.icontains(words, autoescape=True),
        Enterprise.name.icontains(words, autoescape=True),
        Enterprise.search_key.icontains(words, autoescape=True),
    )


def _of_tab(queued: Subquery, filters: Filters) -> list[ColumnElement[bool]]:
    if filters.is_overdue:
        return [queued.c.is_overdue]
    if filters.step is not None:
        return [queued.c.next == filters.step.value]
    if filters.state is not None or filters.words.strip():
        return []
    return [queued.c.next != Next.NOTHING.value]
