"""复访: planned when a case is closed, asked by the clock, answered by link or telephone, once each."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.db import LOCAL, at, db
from matcher.errors import BadInput, WrongMove
from matcher.models import (
    Actor,
    Benefit,
    BenefitKind,
    Case,
    CaseState,
    FollowUp,
    Notice,
    Outcome,
    Party,
    Per,
    ProblemState,
)
from matcher.services import benefits, cases, follow_ups, links, problems, ticking
from matcher.services.follow_ups import Result, Told, months_after
from tests.factories import PASSWORD, make_case, make_problem, make_user, recorded_for, staff, the_enterprise, work_on

CLOSED = datetime(2026, 1, 31, 10, tzinfo=LOCAL)
DUE = datetime(2026, 4, 30, 10, tzinfo=LOCAL)


@pytest.fixture
def case(ctx: None) -> Case:
    with at(CLOSED):
        return make_case(CaseState.CLOSED)


def planned(case: Case) -> list[tuple[int, date]]:
    return [(f.months, f.due_on) for f in follow_ups.of_case(case)]


def tick() -> dict[str, int]:
    return ticking.tick(after_each=db.session.flush)


def asked(kind: str = "follow_up") -> list[Notice]:
    query = select(Notice).filter_by(kind=kind, party=Party.ENTERPRISE)
    return list(db.session.scalars(query))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_a_solved_case_is_asked_about_three_times(case: Case) -> None:
    assert planned(case) == [(3, date(2026, 4, 30)), (6, date(2026, 7, 31)), (12, date(2027, 1, 31))]


def test_an_unsolved_case_is_not_asked_about(ctx: None) -> None:
    by = staff()
    case = work_on(make_problem(ProblemState.ACCEPTED, by=by), CaseState.FIXED, by=by)
    cases.close_case(case, Outcome.UNSOLVED, by=by)
    assert planned(case) == []


def test_a_reopened_case_is_asked_about_after_its_next_round_only(case: Case) -> None:
    problem, by = case.problem, staff()
    with at(DUE):
        follow_ups.answer(follow_ups.of_case(case)[0], Told(Result.PENDING), by=the_enterprise(problem))
        problems.reopen(problem, "又坏了", by=the_enterprise(problem))
        db.session.flush()
        assert [f.months for f in follow_ups.of_case(case)] == [3], "what was answered stays"
        again = work_on(problem, CaseState.FIXED, by=by)
        cases.close_case(again, Outcome.PARTLY, by=by)
        assert len(follow_ups.of_case(again)) == 3


def test_the_clock_asks_when_due_once_more_after_two_weeks_and_then_lets_go(case: Case) -> None:
    for days, reminders in ((-1, 0), (0, 1), (1, 1), (15, 2), (16, 2), (60, 2)):
        with at(DUE + timedelta(days=days)):
            tick()
            assert len(asked()) == reminders, days
    with at(DUE + timedelta(days=90)):
        assert tick()["left"] == 1
    first = follow_ups.of_case(case)[0]
    assert (first.result, first.recorded_by_id) == ("unknown", None)


def test_an_answer_ends_the_reminders_and_comes_once(case: Case) -> None:
    first = follow_ups.of_case(case)[0]
    with at(DUE):
        follow_ups.answer(first, Told(Result.IMPLEMENTED), by=the_enterprise(case.problem))
        tick()
        assert asked() == []
        with pytest.raises(WrongMove):
            follow_ups.answer(first, Told(Result.UNKNOWN), by=the_enterprise(case.problem))


def test_nobody_answers_before_it_is_due_and_not_in_use_needs_a_reason(case: Case) -> None:
    first = follow_ups.of_case(case)[0]
    with at(CLOSED), pytest.raises(WrongMove):
        follow_ups.answer(first, Told(Result.IMPLEMENTED), by=the_enterprise(case.problem))
    with at(DUE), pytest.raises(BadInput):
        follow_ups.answer(first, Told(Result.NOT_IMPLEMENTED), by=the_enterprise(case.problem))


def test_an_amount_becomes_a_statement_of_the_enterprise_and_counts_for_nothing_yet(case: Case) -> None:
    told = Told(Result.IMPLEMENTED, amount=Decimal(80_000), kind=BenefitKind.SAVING)
    with at(DUE):
        follow_ups.answer(follow_ups.of_case(case)[0], told, by=the_enterprise(case.problem))
    (chain,) = benefits.chains_of(case)
    assert (chain.lines[0].party, chain.lines[0].amount, chain.estimate) == (Party.ENTERPRISE, 80_000, None)


def test_an_amount_joins_the_only_chain_or_must_say_its_kind(case: Case) -> None:
    first, second, _ = follow_ups.of_case(case)
    firm = the_enterprise(case.problem)
    with at(DUE), pytest.raises(BadInput, match="增收"):
        follow_ups.answer(first, Told(Result.IMPLEMENTED, amount=Decimal(1)), by=firm)
    benefits.state_benefit(case, BenefitKind.INCOME, Decimal(5), Per.YEAR, by=Actor(expert=case.experts[0]))
    with at(datetime(2026, 8, 3, tzinfo=LOCAL)):
        follow_ups.answer(second, Told(Result.IMPLEMENTED, amount=Decimal(7)), by=firm)
    assert [b.amount for b in benefits.chains_of(case)[0].lines] == [5, 7]


def test_staff_record_what_was_said_on_the_telephone(case: Case) -> None:
    by = staff()
    with at(DUE):
        follow_ups.answer(follow_ups.of_case(case)[0], Told(Result.PENDING), by=recorded_for(Party.ENTERPRISE, by))
    assert follow_ups.of_case(case)[0].recorded_by_id == by.user.id


def test_the_enterprise_answers_on_its_link_and_the_desk_sees_it(app: Flask, client: FlaskClient) -> None:
    with time_machine.travel(CLOSED, tick=False) as clock:
        with app.app_context():
            make_user(login="disp")
            case = make_case(CaseState.CONFIRMED)
            token, problem_id = links.mint_for_menu(case.problem.menu), case.problem_id
            first = follow_ups.of_case(case)[0].id
            db.session.commit()
        assert "用得怎么样" not in client.get(f"/f/{token}/").text
        clock.move_to(DUE)
        assert "3 个月了，现在用得怎么样" in client.get(f"/f/{token}/").text
        typed = {"follow_up": first, "result": "implemented", "amount": "12,000", "kind": "saving", "per": "year"}
        client.post(f"/f/{token}/problems/{problem_id}/follow-up", data=typed)
        assert "用得怎么样" not in client.get(f"/f/{token}/").text
        client.post("/login", data={"login": "disp", "password": PASSWORD})
        page = client.get("/reports/follow-ups?due=answered").text
        assert "已落实" in page
        assert "12,000.00" in page
        assert client.get("/reports/follow-ups?due=answered&result=pending").text.count("12,000.00") == 0
    with app.app_context():
        assert db.session.scalar(select(Benefit)).party is Party.ENTERPRISE


def test_the_desk_lists_what_is_due_and_records_the_answer(app: Flask, client: FlaskClient) -> None:
    with time_machine.travel(CLOSED, tick=False) as clock:
        with app.app_context():
            make_user(login="disp")
            case = make_case(CaseState.CONFIRMED)
            problem_id, first = case.problem_id, follow_ups.of_case(case)[0].id
            db.session.commit()
        clock.move_to(DUE)
        client.post("/login", data={"login": "disp", "password": PASSWORD})
        assert "138****8000" in client.get("/reports/follow-ups").text
        address = f"/desk/record?problem={problem_id}&what=follow_up"
        assert "复访的答复" in client.get(address).text
        typed = {"subject_id": first, "channel": "telephone", "on": "2026-04-30", "per": "year"}
        wrong = client.post(address, data={**typed, "result": "not_implemented"})
        assert wrong.status_code == 422
        assert "为什么没有落实" in wrong.text
        client.post(address, data={**typed, "result": "not_implemented", "reason": "停产了"})
        assert "没有到期的复访" in client.get("/reports/follow-ups").text
        assert "停产了" in client.get(f"/desk/problems/{problem_id}").text
    with app.app_context():
        assert db.session.get(FollowUp, first).recorded_by_id is not None
