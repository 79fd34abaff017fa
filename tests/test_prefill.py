"""A problem arrives pre-filled, from wherever it comes, and the desk sees which words led to it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.db import db
from matcher.models import Actor, MenuChannel, Problem
from matcher.services import problems
from matcher.services.filing import Filing, file_menu
from matcher.services.imports.fields import ImportKind
from matcher.services.imports.menus import plan_menus, write_menus
from matcher.services.imports.tables import read_file
from matcher.services.menus import short_title
from tests.factories import make_enterprise, make_office, make_user, staff
from tests.pages import log_in

TEXT = "10kV配电柜电缆头发热，请师傅来抢修。"


def imported(*columns: str) -> Problem:
    """The problem of a ledger with one row; columns as heading=cell."""
    heads, cells = zip(*(column.split("=") for column in columns), strict=True)
    data = "\n".join([",".join(heads), ",".join(cells)]).encode()
    write_menus(plan_menus(make_office(), read_file(data, "台账.csv", ImportKind.MENUS).rows), by=Actor.system())
    return db.session.scalars(select(Problem)).one()


@pytest.mark.usefixtures("ctx")
def test_a_problem_of_a_ledger_is_filled_where_the_ledger_says_nothing() -> None:
    problem = imported("企业名称=示例厂", f"需求内容={TEXT}")
    assert (problem.problem_kind, problem.reporting_kind) == ("equipment", "tackling")
    assert (problem.urgency, problem.site_risks) == ("urgent", ["high_voltage"])


@pytest.mark.usefixtures("ctx")
def test_what_the_ledger_says_counts() -> None:
    problem = imported("企业名称=示例厂", f"需求内容={TEXT}", "所属行业=纺织业", "紧急程度=较急")
    assert (problem.industry, problem.urgency) == ("17", "soon")


@pytest.mark.usefixtures("ctx")
def test_the_industry_of_a_known_firm_counts_more_than_what_its_words_sound_like() -> None:
    firm = make_enterprise(industry="17")
    menu = file_menu(firm.office, firm, Filing(TEXT, [TEXT], MenuChannel.PHONE), by=staff())
    assert menu.problems[0].industry == "17"


def test_the_desk_sees_the_words_until_somebody_has_looked(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        firm = make_enterprise()
        problem = file_menu(firm.office, firm, Filing(TEXT, [TEXT], MenuChannel.PHONE), by=staff()).problems[0]
        login, number = make_user().login, problem.id
        db.session.commit()
    log_in(client, login)
    page = client.get(f"/desk/problems/{number}").text
    assert "依据：抢修" in page
    assert "依据：10kV、配电柜、电缆头" in page
    with app.app_context():
        problems.accept(db.session.get_one(Problem, number), by=staff())
        db.session.commit()
    assert "依据：" not in client.get(f"/desk/problems/{number}").text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("另外，配电柜电缆头温度偏高。自己处理过。", "配电柜电缆头温度偏高"),
        ("2、还有就是空压机跳闸", "空压机跳闸"),
        ("（三）除盐水流量异常；找不到原因", "除盐水流量异常"),
        ("3.5米的轴弯了", "3.5米的轴弯了"),
        ("第一台风机异响", "第一台风机异响"),
        ("另外", "另外"),
    ],
)
def test_a_title_is_the_first_clause_without_what_tied_it_to_the_one_before(text: str, title: str) -> None:
    assert short_title(text) == title
