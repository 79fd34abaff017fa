"""Nothing is counted twice: random doings, counted by the figures and once more by hand, with sets of the rows."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from matcher.db import db, today
from matcher.models import (
    Activity,
    ActivityState,
    Actor,
    Case,
    CaseState,
    Enterprise,
    Expert,
    Outcome,
    Problem,
    ProblemState,
    Visit,
    VisitForm,
    VisitState,
)
from matcher.plain.periods import preset
from matcher.services import activities, cases, problems
from matcher.services.activities import Turnout
from matcher.services.figures import Scope, measure
from tests.factories import make_enterprise, make_expert, make_menu, make_office, staff, the_enterprise, work_on

pytestmark = pytest.mark.usefixtures("ctx")


@dataclass(frozen=True)
class Doing:
    """What happens to one problem: whose it is, who goes there how often and in which form, how it ends."""

    firm: int
    expert: int
    visits: int
    invited: bool
    persons: int
    closes: bool
    reopens: bool


@dataclass(frozen=True)
class Session:
    """An activity: who came, how many were trained, and whether a visit of the day was part of it."""

    experts: frozenset[int]
    firms: frozenset[int]
    persons: int
    place: str
    ties: bool


doings = st.lists(
    st.builds(
        Doing,
        firm=st.integers(0, 1),
        expert=st.integers(0, 1),
        visits=st.integers(0, 3),
        invited=st.booleans(),
        persons=st.integers(0, 9),
        closes=st.booleans(),
        reopens=st.booleans(),
    ),
    max_size=4,
)
sessions = st.lists(
    st.builds(
        Session,
        experts=st.frozensets(st.integers(0, 1), max_size=2),
        firms=st.frozensets(st.integers(0, 1), max_size=2),
        persons=st.integers(0, 9),
        place=st.sampled_from(["", "工人文化宫"]),
        ties=st.booleans(),
    ),
    max_size=2,
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(doings, sessions)
def test_what_the_figures_say_is_what_sets_of_the_rows_say(done: list[Doing], held: list[Session]) -> None:
    try:
        by = staff()
        people = [make_expert(capacity=20, phone=None) for _ in range(2)]
        firms = [make_enterprise() for _ in range(2)]
        for doing in done:
            _do(doing, people[doing.expert], firms[doing.firm], by)
        for session in held:
            _hold(session, people, firms, by)
        db.session.flush()
        found = measure(Scope(make_office(), preset("year", today())))
        assert found.sessions == len(held)
        assert found.expert_times == len(set(_trips()))
        assert found.enterprises == len(set(_served()))
        assert (found.solved, found.confirmed_own_link) == (len(_solved()), _confirmed())
        assert (found.persons, found.attendances) == _trained()
    finally:
        db.session.rollback()


def _do(doing: Doing, expert: Expert, firm: Enterprise, by: Actor) -> None:
    problem = make_menu("电缆头过热。", enterprise=firm).problems[0]
    problems.accept(problem, by=by)
    case, them = work_on(problem, CaseState.OPENED, by=by, expert=expert), Actor(expert=expert)
    form, place = (VisitForm.INVITED, "工人文化宫") if doing.invited else (VisitForm.ONSITE, "")
    for _ in range(doing.visits):
        cases.record_visit(case, cases.Held(on=today(), form=form, place=place), by=them)
    if doing.persons:
        cases.record_training(case, doing.persons, doing.persons + 1, by=them)
    if doing.closes:
        cases.diagnose(case, "测温", "松动", by=them)
        cases.record_fix(case, "压接", "正常", by=them)
        cases.close_case(case, Outcome.SOLVED, by=them)
        if doing.reopens:
            problems.reopen(problem, "又热了", by=the_enterprise(problem))
        else:
            cases.confirm(case, by=the_enterprise(problem))


def _hold(session: Session, people: list[Expert], firms: list[Enterprise], by: Actor) -> None:
    activity = activities.plan_activity(make_office(), "training", "培训", today(), by=by, place=session.place)
    turnout = Turnout(
        on=today(),
        experts=[people[n] for n in sorted(session.experts)],
        enterprises=[firms[n] for n in sorted(session.firms)],
        persons=session.persons,
        attendances=session.persons + 2,
        place=session.place,
    )
    activities.hold_activity(activity, turnout, by=by)
    loose = db.session.scalars(select(Visit).where(Visit.activity_id.is_(None)).limit(1)).first()
    if session.ties and loose is not None:
        activities.tie_visit(activity, loose, by=by)


def _held_visits() -> list[Visit]:
    return list(db.session.scalars(select(Visit).where(Visit.state == VisitState.HELD)))


def _held_activities() -> dict[int, Activity]:
    return {a.id: a for a in db.session.scalars(select(Activity).where(Activity.state == ActivityState.HELD))}


def _trips() -> Iterator[tuple[int, object, str]]:
    """(expert, day, place): a session that is also the visit is one trip."""
    at = _held_activities()
    for visit in _held_visits():
        place = f"firm {visit.case.problem.menu.enterprise_id}"
        if visit.activity_id is not None:
            place = at[visit.activity_id].place or f"session {visit.activity_id}"
        elif visit.form is VisitForm.INVITED and visit.place:
            place = visit.place
        yield from ((visitor.expert_id, visit.held_on, place) for visitor in visit.visitors)
    for activity in at.values():
        place = activity.place or f"session {activity.id}"
        yield from ((row.expert_id, activity.held_on, place) for row in activity.experts if row.has_come)


def _served() -> Iterator[int]:
    yield from (visit.case.problem.menu.enterprise_id for visit in _held_visits())
    for case in db.session.scalars(select(Case).where(Case.closed_at.is_not(None))):
        yield case.problem.menu.enterprise_id
    for activity in _held_activities().values():
        yield from (row.enterprise_id for row in activity.enterprises if row.has_come)


def _solved() -> list[Problem]:
    return list(db.session.scalars(select(Problem).where(Problem.state == ProblemState.SOLVED)))


def _confirmed() -> int:
    query = select(Case).where(Case.state == CaseState.CONFIRMED)
    return len({case.problem_id for case in db.session.scalars(query)} & {problem.id for problem in _solved()})


def _trained() -> tuple[int, int]:
    """(人, 人次): what was trained on a visit that was part of a session stands with the session."""
    tied = {visit.case_id for visit in _held_visits() if visit.activity_id is not None}
    with_people = [
        case
        for case in db.session.scalars(select(Case).where(Case.state != CaseState.ABANDONED))
        if case.id not in tied and case.trained_on is not None
    ]
    counted = [*with_people, *_held_activities().values()]
    return sum(one.persons for one in counted), sum(one.attendances for one in counted)
