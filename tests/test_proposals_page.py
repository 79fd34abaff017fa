"""The proposals on the problem's page: everything by which a dispatcher decides."""

import re

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.db import db
from matcher.matching.evaluation import Trial
from matcher.matching.fitting import fit_points
from matcher.models import CaseState, Honour, Outcome, Role
from matcher.services import cases, problems, proposals
from tests.factories import make_enterprise, make_expert, make_menu, make_user, staff, work_on
from tests.pages import log_in

TEXT = "配电柜里电缆头温度偏高，红外测温九十多度。"


@pytest.fixture
def shown(app: Flask, client: FlaskClient) -> str:
    """The page of a problem for which one expert is right, one knows the firm, and one is of another trade."""
    with app.app_context():
        by, firm = staff(), make_enterprise(town="阜城街道")
        right = make_expert(
            "示例甲",
            trade="高压电缆工",
            profile="长年做电缆头制作，会红外测温。",
            skills=["电缆头制作"],
            town="阜城街道",
        )
        right.honours = [Honour(text="县劳动模范", year=2021)]
        make_expert("示例乙", trade="茶叶栽培")
        before = make_menu("配电室电缆接头发热。", enterprise=firm).problems[0]
        problems.accept(before, by=by)
        cases.close_case(work_on(before, CaseState.FIXED, by=by, expert=right), Outcome.SOLVED, by=by)
        problem = make_menu(TEXT, enterprise=firm, town="阜城街道").problems[0]
        problems.accept(problem, by=by)
        login, number = make_user().login, problem.id
        db.session.commit()
    log_in(client, login)
    return client.get(f"/desk/problems/{number}").text


def card(page: str, name: str) -> str:
    """One expert's card on the page."""
    found = re.search(rf'<article class="proposal" aria-label="{name}">.*?</article>', page, re.DOTALL)
    assert found, name
    return found[0]


def test_the_card_says_everything_by_which_one_decides(shown: str) -> None:
    told = card(shown, "示例甲")
    for words in (
        "手上 0 件，最多 2 件",
        "同一乡镇",
        "（阜城街道）",
        "以往办过 1 件，解决 1 件",
        "帮过这家企业",
        "荣誉（不计分）",
        "县劳动模范",
        "专长对口",
        "路程",
        "尚未在本会校准",
        "对得上",
    ):
        assert words in told, words


def test_words_are_marked_on_both_sides(shown: str) -> None:
    told = card(shown, "示例甲")
    problem_side, expert_side = told.split("专家资料里")
    assert "<mark>" in problem_side.split("难题里")[1]
    assert "<mark>" in expert_side
    assert re.search(r"<mark>[^<]*电缆", expert_side)


def test_the_parts_on_the_page_add_up_to_the_score(shown: str) -> None:
    told = card(shown, "示例甲")
    score = float(re.search(r'class="score"[^>]*>([\d.]+)<', told)[1])
    parts = [float(value) for value in re.findall(r"<b>([+-][\d.]+)</b>", told)]
    assert sum(parts) == pytest.approx(score, abs=0.05 * len(parts))


def test_what_is_missing_is_named(shown: str) -> None:
    assert "没看到" in card(shown, "示例乙")


def test_honours_are_shown_and_never_scored(app: Flask) -> None:
    with app.app_context():
        plain, honoured = make_expert(trade="高压电缆工"), make_expert(trade="高压电缆工")
        honoured.honours = [Honour(text="全国劳动模范", year=2020)]
        problem = make_menu(TEXT).problems[0]
        problems.accept(problem, by=staff())
        scores = {row.expert_id: row.score for row in proposals.propose_experts(problem)}
        assert scores[plain.id] == scores[honoured.id]


def test_nobody_suitable_names_the_wanting_competence(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_expert(trade="茶叶栽培")
        problem = make_menu(TEXT).problems[0]
        problems.accept(problem, by=staff())
        rows = proposals.propose_experts(problem)
        wanting = rows[0].reasons["wanting"]
        login, number = make_user().login, problem.id
        db.session.commit()
    log_in(client, login)
    page = client.get(f"/desk/problems/{number}").text
    assert "名册里没有合适的人" in page
    assert wanting
    assert wanting[0] in page


def test_an_empty_roster_says_what_to_do(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        problem = make_menu(TEXT).problems[0]
        problems.accept(problem, by=staff())
        login, number = make_user().login, problem.id
        db.session.commit()
    log_in(client, login)
    page = client.get(f"/desk/problems/{number}").text
    assert "名册里没有合适的人" in page
    assert "打开名册" in page


@pytest.mark.parametrize(("role", "sees"), [(Role.ADMIN, True), (Role.DISPATCHER, False)])
def test_only_who_may_recompute_finds_the_link(app: Flask, client: FlaskClient, role: Role, sees: bool) -> None:
    with app.app_context():
        make_expert(trade="高压电缆工")
        problem = make_menu(TEXT).problems[0]
        problems.accept(problem, by=staff())
        proposals.propose_experts(problem)
        login, number = make_user(role).login, problem.id
        db.session.commit()
    log_in(client, login)
    assert ("重算这条推荐" in client.get(f"/desk/problems/{number}").text) is sees


def test_a_column_that_tells_the_right_one_gets_the_points() -> None:
    """The fourth column is what an optional model says: fitted like the others, nothing where it says nothing."""
    chance = np.random.default_rng(1)
    trials = []
    for number in range(30):
        features = chance.random((12, 4))
        features[0, 3] = 1.0
        grades = np.zeros(12)
        grades[0] = 3.0
        trials.append(Trial(str(number), features, grades, frozenset({0})))
    points = fit_points(trials)
    assert points.argmax() == 3
    assert points.sum() == pytest.approx(88)
