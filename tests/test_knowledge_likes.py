"""Doubles of one enterprise, and troubles of the same kind elsewhere, beside the problem."""

import pytest
from flask import Flask

from matcher.access.doors import visible_problems
from matcher.db import db
from matcher.matching import Need, shipped_lexicon
from matcher.matching.alike import ALIKE, likeness, likest
from matcher.models import CaseState, Outcome, ProblemState, WordSource
from matcher.services import cases, evidence, likes, problems
from tests.factories import make_enterprise, make_expert, make_menu, make_office, make_user, staff, work_on
from tests.pages import form_to, log_in

BAG = "除尘器滤袋底部磨破，三个月就要换。"
AGAIN = "我们除尘器的滤袋袋底又磨破了，三个月换一次。"
CABLE = "配电柜里电缆头温度偏高，自己处理过没有解决。"


def test_one_against_many_says_the_same_as_all_against_all() -> None:
    needs = [Need(str(number), text) for number, text in enumerate((BAG, AGAIN, CABLE))]
    matrix = likeness(needs, shipped_lexicon())
    found = dict(likest(needs[0], needs[1:], shipped_lexicon(), at_least=0.0))
    assert found == {"1": pytest.approx(matrix[0, 1], abs=1e-5), "2": pytest.approx(matrix[0, 2], abs=1e-5)}
    assert matrix[0, 1] > ALIKE > matrix[0, 2]


def test_the_same_trouble_filed_again_by_one_enterprise_is_a_double(ctx: None) -> None:
    firm = make_enterprise()
    first = make_menu(BAG, CABLE, enterprise=firm).problems[0]
    again = make_menu(AGAIN, enterprise=firm).problems[0]
    make_menu(AGAIN)
    assert [one.problem for one in likes.doubles(again)] == [first]


def test_two_problems_of_one_menu_are_no_doubles(ctx: None) -> None:
    menu = make_menu(BAG, AGAIN)
    assert likes.doubles(menu.problems[0]) == []


def test_elsewhere_is_told_with_who_solved_it_and_only_what_one_may_see(ctx: None) -> None:
    by, expert = staff(), make_expert(trade="除尘设备调试")
    solved = make_menu(BAG).problems[0]
    problems.accept(solved, by=by)
    cases.close_case(work_on(solved, CaseState.FIXED, by=by, expert=expert), Outcome.SOLVED, by=by)
    make_menu(BAG, office=make_office("320924"))
    mine = make_menu(AGAIN).problems[0]
    found = likes.elsewhere(mine, visible_problems(make_user()))
    assert [(one.problem, one.solvers) for one in found] == [(solved, (expert,))]


def test_what_was_withdrawn_or_merged_is_not_shown(ctx: None) -> None:
    firm = make_enterprise()
    gone, merged, kept, mine = (make_menu(text, enterprise=firm).problems[0] for text in (BAG, BAG, BAG, AGAIN))
    problems.reject(gone, "out_of_scope", by=staff())
    problems.mark_duplicate(merged, kept, by=staff())
    assert [one.problem for one in likes.doubles(mine)] == [kept]


def test_the_desk_merges_a_double_in_one_press(app: Flask) -> None:
    with app.app_context():
        login, firm = make_user().login, make_enterprise()
        kept, double = (make_menu(text, enterprise=firm).problems[0] for text in (BAG, AGAIN))
        db.session.commit()
        numbers = kept.id, double.id, kept.number
    desk = app.test_client()
    log_in(desk, login)
    page = desk.get(f"/desk/problems/{numbers[1]}").text
    assert f"/desk/problems/{numbers[1]}/alike" in page
    page = desk.get(f"/desk/problems/{numbers[1]}/alike").text
    assert numbers[2] in page
    desk.post(f"/desk/problems/{numbers[1]}/steps/duplicate", data=form_to(page, "/duplicate").values)
    with app.app_context():
        double = db.session.get_one(type(double), numbers[1])
        assert (double.state, double.duplicate_of_id) == (ProblemState.REJECTED, numbers[0])
        assert {word.source for word in evidence.words_of(double)} <= {WordSource.MERGE}


def test_the_fragment_is_no_whole_page(app: Flask) -> None:
    with app.app_context():
        login, problem = make_user().login, make_menu(BAG).problems[0]
        db.session.commit()
        number = problem.id
    desk = app.test_client()
    log_in(desk, login)
    part = desk.get(f"/desk/problems/{number}/alike", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "没有找到类似的难题" in part
