"""From one problem to a class: alike troubles of several enterprises, and one plan for all of them."""

import random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.db import db
from matcher.matching import Need, shipped_lexicon
from matcher.matching.alike import ALIKE, alike_groups, likeness
from matcher.models import Activity, ActivityState, CaseState, LogEntry, Outcome, Problem, ProblemState, Role
from matcher.services import cases, groups
from tests.factories import PASSWORD, make_enterprise, make_expert, make_office, make_problem, make_user, staff, work_on

BAGS = (
    "除尘器滤袋底部磨破，三个月就要换。",
    "客户说滤袋装上三个月就破，都破在袋底。",
    "我们的滤袋袋底老是磨破，更换太勤。",
)
CABLE = "配电柜里电缆头温度偏高，自己处理过没有解决。"
TALK = "想请劳模给青年职工讲讲。"


def needs(*texts: str) -> list[Need]:
    return [Need(f"{number:02}", text) for number, text in enumerate(texts)]


def test_alike_problems_are_grouped_and_others_left_out() -> None:
    assert alike_groups(needs(*BAGS, CABLE, TALK), shipped_lexicon()) == [["00", "01", "02"]]


def test_the_order_in_which_they_come_changes_nothing() -> None:
    mixed = needs(*BAGS, CABLE, "电缆头发热，温度比别的高。", TALK)
    expected = alike_groups(mixed, shipped_lexicon())
    for seed in range(5):
        shuffled = mixed[:]
        random.Random(seed).shuffle(shuffled)
        assert alike_groups(shuffled, shipped_lexicon()) == expected


def test_likeness_is_symmetric_full_with_itself_and_never_outside_its_range() -> None:
    matrix = likeness(needs(*BAGS, CABLE, TALK), shipped_lexicon())
    assert (matrix == matrix.T).all()
    assert matrix.diagonal() == pytest.approx(1.0, abs=1e-5)
    assert matrix.min() >= 0
    assert matrix[0, 1] > ALIKE > matrix[0, 3]


def test_nothing_and_nobody_alike_make_no_group() -> None:
    assert alike_groups([], shipped_lexicon()) == []
    assert alike_groups(needs(CABLE, TALK, ""), shipped_lexicon()) == []


def post(text: str, *, state: ProblemState = ProblemState.ACCEPTED, **values) -> Problem:
    problem = make_problem(state, enterprise=values.pop("enterprise", None) or make_enterprise(**values))
    problem.text, problem.title = text, text[:12]
    db.session.flush()
    return problem


@pytest.mark.usefixtures("ctx")
def test_a_group_counts_enterprises_not_problems() -> None:
    firm = make_enterprise()
    for text in BAGS:
        post(text, enterprise=firm)
    assert groups.groups_of(select(Problem)) == []
    post(BAGS[0])
    (found,) = groups.groups_of(select(Problem))
    assert (len(found.problems), len(found.enterprises), found.is_enough) == (4, 2, False)


@pytest.mark.usefixtures("ctx")
def test_what_was_rejected_withdrawn_or_lapsed_is_no_trouble_any_more() -> None:
    gone = (ProblemState.REJECTED, ProblemState.WITHDRAWN, ProblemState.LAPSED)
    for state, text in zip(gone, BAGS, strict=True):
        post(text, state=state)
    assert groups.groups_of(select(Problem)) == []


@pytest.mark.usefixtures("ctx")
def test_offices_are_grouped_across_for_the_city_only() -> None:
    for code, text in zip(("320923", "320924", "320925"), BAGS, strict=True):
        post(text, office=make_office(code))
    (found,) = groups.groups_of(select(Problem))
    assert len(found.offices) == 3
    assert found.is_enough


def enter(client: FlaskClient, login: str) -> None:
    client.post("/logout")
    client.post("/login", data={"login": login, "password": PASSWORD})


@pytest.fixture
def key(app: Flask) -> str:
    """A group of three enterprises, one of which was helped; the group's key."""
    with app.app_context():
        make_user(login="disp")
        make_user(Role.VERIFIER, login="reader")
        make_user(login="neighbour", office=make_office("320924"))
        made = [post(text) for text in BAGS]
        by = staff()
        case = work_on(made[0], CaseState.FIXED, by=by, expert=make_expert("示例滤袋师傅"))
        cases.close_case(case, Outcome.SOLVED, by=by)
        number = made[0].number
        db.session.commit()
        return number


def test_from_three_on_the_desk_plans_one_session_for_all(app: Flask, client: FlaskClient, key: str) -> None:
    enter(client, "disp")
    assert key in client.get("/desk/groups").text
    page = client.get(f"/desk/groups/{key}").text
    assert "示例滤袋师傅" in page
    assert "列入活动计划" in page
    with app.app_context():
        (group,) = groups.groups_of(select(Problem))
        firms = [e.id for e in group.enterprises]
        experts = [e.id for e in groups.solvers(group)]
    typed = {"kind": "training", "title": "滤袋集中攻关", "planned_on": "2027-03-01", "experts": experts}
    assert client.post(f"/desk/groups/{key}/plan", data=typed | {"title": ""}).status_code == 422
    client.post(f"/desk/groups/{key}/plan", data=typed | {"enterprises": firms[:2]})
    with app.app_context():
        activity = db.session.scalars(select(Activity)).one()
        assert (activity.state, activity.kind, activity.title) == (ActivityState.PLANNED, "training", "滤袋集中攻关")
        assert sorted(row.enterprise_id for row in activity.enterprises) == sorted(firms[:2])
        assert [row.expert_id for row in activity.experts] == experts
        logged = db.session.scalars(select(LogEntry).filter_by(verb="problem.joint_action")).all()
        assert len(logged) == 2


def test_readers_look_and_neighbours_find_nothing(client: FlaskClient, key: str) -> None:
    enter(client, "reader")
    assert "列入活动计划" not in client.get(f"/desk/groups/{key}").text
    assert client.post(f"/desk/groups/{key}/plan", data={}).status_code == 403
    enter(client, "neighbour")
    assert client.get(f"/desk/groups/{key}").status_code == 404
    assert "还没有" in client.get("/desk/groups").text
