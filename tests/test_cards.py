"""解题卡: without names, released by the office, taken back, found by the next with the same trouble, counted."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.db import db, today
from matcher.errors import WrongMove
from matcher.models import Case, CaseState, Menu, Outcome, Problem, ProblemState, Role, SolutionCard
from matcher.plain.periods import Period
from matcher.services import cards, cases, links
from matcher.services.figures import Scope, measure
from tests.factories import (
    PASSWORD,
    make_case,
    make_enterprise,
    make_expert,
    make_office,
    make_problem,
    make_user,
    staff,
    work_on,
)

FILTER_BAG = "除尘器滤袋底部磨破，三个月就要换一次滤袋。"
READ = {"read": "y"}


def solved(text: str = FILTER_BAG) -> Case:
    """A solved case whose texts name the firm, a person and a phone."""
    by = staff()
    firm = make_enterprise("示例环保设备有限公司", contact_name="李建国")
    problem = make_problem(ProblemState.ACCEPTED, by=by, enterprise=firm)
    problem.title, problem.text = text[:20], f"示例环保设备有限公司{text}请打13800138000找李建国。"
    case = work_on(problem, CaseState.FIXED, by=by, expert=make_expert("王大锤"))
    case.diagnoses[0].cause = "王大锤发现花板变形，袋笼碰撞"
    cases.close_case(case, Outcome.SOLVED, by=by)
    db.session.flush()
    return case


def texts(case: Case, **changes: str) -> dict[str, str]:
    return cards.draft(case) | changes


def enter(client: FlaskClient, login: str) -> None:
    client.post("/logout")
    client.post("/login", data={"login": login, "password": PASSWORD})


@pytest.mark.usefixtures("ctx")
def test_a_draft_names_nobody() -> None:
    draft = " ".join(cards.draft(solved()).values())
    for name in ("示例环保设备", "13800138000", "李建国", "王大锤"):
        assert name not in draft
    assert "滤袋底部磨破" in draft


@pytest.mark.usefixtures("ctx")
def test_only_solved_cases_become_cards() -> None:
    with pytest.raises(WrongMove):
        cards.release(make_case(CaseState.FIXED), {"title": "x", "measures": "y"}, by=staff())


@pytest.mark.usefixtures("ctx")
def test_a_withdrawn_card_is_shown_to_nobody_until_it_is_released_again() -> None:
    case, by, office = solved(), staff(), make_office()
    card = cards.release(case, texts(case), by=by)
    db.session.flush()
    assert cards.alike(office, "滤袋老是破", limit=3) == [card]
    cards.withdraw(card, by=by)
    db.session.flush()
    assert cards.alike(office, "滤袋老是破", limit=3) == []
    assert cards.release(case, texts(case), by=by) is card
    db.session.flush()
    assert cards.alike(office, "滤袋老是破", limit=3) == [card]


@pytest.mark.usefixtures("ctx")
def test_what_is_not_alike_is_not_shown() -> None:
    case = solved()
    cards.release(case, texts(case), by=staff())
    db.session.flush()
    for other in ("想请劳模给青年职工讲讲", "鸡舍尾部太热", "", "你好"):
        assert cards.alike(make_office(), other, limit=3) == []


@pytest.mark.usefixtures("ctx")
def test_a_text_that_ends_with_a_term_of_the_lexicon_is_read_to_its_end() -> None:
    case = solved()
    cards.release(case, texts(case, cause="水泥温度高", problem="混凝土泵车堵管，坍落度损失快"), by=staff())
    db.session.flush()
    assert len(cards.alike(make_office(), "混凝土半小时就不动了，泵车堵了两次", limit=3)) == 1


def a_released_card(app: Flask) -> tuple[int, int]:
    """(case, card), with accounts beside it."""
    with app.app_context():
        make_user(login="disp")
        make_user(Role.VERIFIER, login="reader")
        make_user(login="neighbour", office=make_office("320924"))
        case = solved()
        card = cards.release(case, texts(case), by=staff())
        db.session.commit()
        return case.id, card.id


def test_the_office_reads_edits_releases_and_withdraws(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="disp")
        case_id = solved().id
        db.session.commit()
    enter(client, "disp")
    assert "滤袋" in client.get("/desk/cards?shelf=possible").text
    typed = {"title": "滤袋破", "problem": "滤袋破", "measures": "换花板", "cause": "", "verification": ""}
    unread = client.post(f"/desk/cases/{case_id}/card", data=typed)
    assert unread.status_code == 422
    assert "请先读一遍" in unread.text
    client.post(f"/desk/cases/{case_id}/card", data=typed | READ)
    assert "换花板" in client.get("/desk/cards").text
    client.post(f"/desk/cases/{case_id}/card", data=typed | READ | {"measures": "校正花板"})
    page = client.get("/desk/cards").text
    assert "校正花板" in page
    assert "换花板" not in page
    with app.app_context():
        card_id = db.session.scalars(select(SolutionCard.id)).one()
    client.post(f"/desk/cards/{card_id}/withdraw")
    assert "校正花板" not in client.get("/desk/cards").text
    assert "校正花板" in client.get("/desk/cards?shelf=withdrawn").text


def test_readers_read_and_neighbours_see_nothing(app: Flask, client: FlaskClient) -> None:
    case_id, card_id = a_released_card(app)
    enter(client, "reader")
    assert "滤袋" in client.get("/desk/cards").text
    assert client.post(f"/desk/cards/{card_id}/withdraw").status_code == 403
    assert client.get(f"/desk/cases/{case_id}/card").status_code == 403
    enter(client, "neighbour")
    assert "滤袋" not in client.get("/desk/cards").text
    assert client.post(f"/desk/cards/{card_id}/withdraw").status_code == 404


ORDER = {"text": "我们厂滤袋老是磨破", "phone": "13900000001", "firm": "示例滤料厂", "urgency": "normal"}


def test_cards_are_shown_while_typing_and_once_before_sending(app: Flask, client: FlaskClient) -> None:
    a_released_card(app)
    typing = client.post("/o/320923/alike", data={"text": ORDER["text"]}).text
    assert "先试这个" in typing
    assert client.post("/o/320923/alike", data={"text": "鸡舍太热"}).text.strip() == ""
    step = client.post("/order", data=ORDER)
    assert "先试这个" in step.text
    with app.app_context():
        assert db.session.scalar(select(Menu).where(Menu.firm_as_written == "示例滤料厂")) is None
    items = {"item-0": ORDER["text"]}
    assert client.post("/order", data=ORDER | items | {"send": "1"}).location.endswith("/posted")
    seen = client.post("/order", data=ORDER | {"seen_cards": "1", "phone": "13900000002"})
    assert seen.location.endswith("/posted"), "who saw them while typing is not asked again"


def test_without_a_card_like_it_the_form_is_sent_at_once(app: Flask, client: FlaskClient) -> None:
    a_released_card(app)
    other = ORDER | {"text": "想请劳模给青年职工讲讲安全"}
    assert client.post("/order", data=other).location.endswith("/posted")


def test_desk_expert_and_enterprise_see_it_and_who_is_helped_by_it_counts(app: Flask, client: FlaskClient) -> None:
    _case, card_id = a_released_card(app)
    with app.app_context():
        by = staff()
        problem = make_problem(ProblemState.ACCEPTED, by=by)
        problem.text = "车间滤袋磨破了，除尘器冒灰。"
        other = make_problem(ProblemState.ACCEPTED, by=by)
        other.text = "滤袋底部总是磨破"
        case = work_on(other, CaseState.OPENED, by=by)
        number, case_id = problem.id, case.id
        follow, expert = links.mint_for_menu(problem.menu), links.mint_for_expert(case.experts[0])
        db.session.commit()
    client.get(f"/e/{expert}")
    assert "花板变形" in client.get(f"/expert/cases/{case_id}").text
    assert "先试这个" in client.get(f"/f/{follow}/").text
    enter(client, "disp")
    assert "企业照这个办法解决了" in client.get(f"/desk/problems/{number}").text
    client.post(f"/desk/problems/{number}/steps/solve_by_card", data={"solve_by_card-card_id": card_id})
    with app.app_context():
        assert db.session.get(Problem, number).state is ProblemState.SOLVED
        assert db.session.get(SolutionCard, card_id).times_solved == 1
        period = Period(today() - timedelta(days=1), today())
        figures = measure(Scope(make_office(), period))
        assert figures.solved_by_card == 1
    assert "照它解决 1 次" in client.get("/desk/cards").text


def test_the_enterprise_itself_says_that_the_card_was_enough(app: Flask, client: FlaskClient) -> None:
    _case, card_id = a_released_card(app)
    with app.app_context():
        problem = make_problem(ProblemState.ACCEPTED)
        number, follow = problem.id, links.mint_for_menu(problem.menu)
        db.session.commit()
    client.post(f"/f/{follow}/problems/{number}/solved-by-card/{card_id}")
    with app.app_context():
        assert db.session.get(Problem, number).solved_by == "card"
