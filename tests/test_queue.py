"""The queue: what must be done next, per problem, in a fixed number of statements."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from matcher.access.doors import visible_problems
from matcher.db import db, now, today
from matcher.models import (
    Actor,
    CaseState,
    Clock,
    Dispatch,
    DispatchState,
    FollowUp,
    ProblemState,
    Role,
    TermsKind,
)
from matcher.services import cases, dispatch, problems, queue
from matcher.services.queue import Filters, Next, Scope
from tests import factories as make

pytestmark = pytest.mark.usefixtures("ctx")


def the_row(problem, by, **filters):
    db.session.flush()
    found = queue.rows(visible_problems(by.user), Filters(**filters), user=by.user)
    return next((row for row in found if row.id == problem.id), None)


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (ProblemState.SUBMITTED, Next.ACCEPT),
        (ProblemState.RETURNED, Next.ANSWER),
        (ProblemState.ACCEPTED, Next.DISPATCH),
        (ProblemState.DISPATCHED, Next.ANSWER),
        (ProblemState.SOLVED, Next.CONFIRM),
        (ProblemState.UNSOLVED, Next.CONFIRM),
    ],
)
def test_every_open_state_has_a_next_step_and_a_due_time(state, step):
    by = make.staff()
    row = the_row(make.make_problem(state, by=by), by)
    assert row.next == step
    assert row.due_at > now()
    assert not row.is_overdue


@pytest.mark.parametrize("state", [ProblemState.REJECTED, ProblemState.WITHDRAWN, ProblemState.LAPSED])
def test_what_is_over_is_not_in_the_queue_but_is_found_by_its_state(state):
    by = make.staff()
    problem = make.make_problem(state, by=by)
    assert the_row(problem, by) is None
    assert the_row(problem, by, state=state).next == Next.NOTHING


def test_terms_of_the_lead_wait_for_the_office():
    by = make.staff()
    problem = make.make_problem(ProblemState.DISPATCHED, by=by)
    offer = db.session.scalars(select(Dispatch).where(Dispatch.state == DispatchState.OFFERED)).one()
    dispatch.set_terms(offer, dispatch.Terms(TermsKind.REMOTE_FIRST), by=Actor(expert=offer.expert))
    row = the_row(problem, by)
    assert row.next == Next.TERMS
    assert row.expert == offer.expert.name


def test_a_case_in_hand_is_work_and_a_closed_one_waits_for_the_enterprise():
    by = make.staff()
    case = make.make_case(CaseState.OPENED, by=by)
    assert the_row(case.problem, by).next == Next.WORK
    closed = make.make_case(CaseState.CLOSED, by=by)
    assert the_row(closed.problem, by).next == Next.CONFIRM
    cases.confirm(closed, by=make.the_enterprise(closed.problem))
    assert the_row(closed.problem, by) is None


def test_a_follow_up_that_is_due_brings_the_problem_back():
    by = make.staff()
    case = make.make_case(CaseState.CONFIRMED, by=by)
    db.session.add(FollowUp(case=case, months=1, due_on=today()))
    assert the_row(case.problem, by).next == Next.FOLLOW_UP


def test_a_late_clock_makes_the_problem_overdue_and_a_paused_one_does_not():
    by = make.staff()
    problem = make.make_problem(by=by)
    clock = db.session.scalars(select(Clock).filter_by(problem_id=problem.id)).one()
    clock.due_at = now() - timedelta(hours=1)
    assert the_row(problem, by, is_overdue=True).id == problem.id
    clock.paused_at = now()
    assert the_row(problem, by, is_overdue=True) is None


def test_counts_agree_with_the_rows_under_the_same_filters():
    by = make.staff()
    for state in (ProblemState.SUBMITTED, ProblemState.SUBMITTED, ProblemState.ACCEPTED):
        make.make_problem(state, by=by)
    counted = queue.counts(visible_problems(by.user), Filters(), user=by.user)
    assert counted.steps == {Next.ACCEPT: 2, Next.DISPATCH: 1}
    assert (counted.owed, counted.overdue) == (3, 0)
    some = queue.rows(visible_problems(by.user), Filters(step=Next.ACCEPT), user=by.user)
    assert len(some) == 2


def test_filters_narrow_by_words_colleague_and_town():
    by = make.staff()
    problem = make.make_problem(by=by, town="阜城街道")
    make.make_problem(by=by, town="益林镇")
    problems.assign(problem, by.user, by=by)
    for filters in (
        {"mine": True},
        {"town": "阜城街道"},
        {"words": problem.number},
        {"words": problem.enterprise.name},
    ):
        found = queue.rows(visible_problems(by.user), Filters(**filters), user=by.user)
        assert [row.id for row in found] == [problem.id], filters


def test_words_are_taken_as_they_are():
    by = make.staff()
    make.make_problem(by=by)
    assert queue.rows(visible_problems(by.user), Filters(words="%"), user=by.user) == []


def test_what_was_sent_up_leaves_our_queue_and_stands_in_the_one_above():
    here, above = make.staff(), make.staff(office=make.make_office("320900"))
    problem = make.make_problem(ProblemState.ACCEPTED, by=here)
    problems.hand_over(problem, above.user.office, "县里没有人", by=here)
    assert the_row(problem, here) is None
    assert the_row(problem, here, scope=Scope.SENT).office == above.user.office.short_name
    assert the_row(problem, above).next == Next.DISPATCH


def test_the_neighbour_sees_nothing_of_it():
    here, there = make.staff(), make.staff(office=make.make_office("320924"))
    problem = make.make_problem(by=here)
    for scope in Scope:
        assert the_row(problem, there, scope=scope) is None


def test_a_leader_reads_the_same_queue():
    by, leader = make.staff(), make.staff(Role.LEADER)
    assert the_row(make.make_problem(by=by), leader).next == Next.ACCEPT


def test_the_queue_is_one_statement_however_long_it_is():
    by = make.staff()
    for _ in range(3):
        make.make_problem(ProblemState.DISPATCHED, by=by)
    db.session.commit()
    user = by.user
    visible = visible_problems(user)
    statements = []
    listen = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)
    queue.rows(visible, Filters(), user=user)
    queue.counts(visible, Filters(), user=user)
    event.remove(db.engine, "before_cursor_execute", listen)
    assert len([s for s in statements if "FROM problems" in s or "queued" in s]) == 2
