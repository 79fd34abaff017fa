"""The ledger's pages: what was said, adopted and verified, by whom, and what waits for the next answer."""

import re
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient

from matcher.db import db
from matcher.models import Actor, BenefitKind, Case, CaseState, EvidenceGrade, Per, Role
from matcher.services import benefits
from tests.factories import PASSWORD, make_case, make_office, make_user

SAVING = BenefitKind.SAVING


def enter(client: FlaskClient, login: str) -> None:
    client.post("/logout")
    client.post("/login", data={"login": login, "password": PASSWORD})


def a_stated_case(app: Flask, amount: int = 500_000) -> tuple[int, int]:
    """A closed case in which the expert stated a saving; (case, line)."""
    with app.app_context():
        make_user(login="disp")
        make_user(Role.VERIFIER, login="veri")
        make_user(Role.DISPATCHER, Role.VERIFIER, login="both")
        make_user(office=make_office("320924"), login="neighbour")
        case = make_case(CaseState.CLOSED)
        line = state(case, amount)
        db.session.commit()
        return case.id, line.id


def state(case: Case, amount: int):
    expert = Actor(expert=case.experts[0])
    return benefits.state_benefit(
        case, SAVING, Decimal(amount), Per.YEAR, by=expert, evidence_grade=EvidenceGrade.METER
    )


def verdict(line: int, **changes: str) -> dict[str, str]:
    typed = {"amount": "420000.50", "per": "year", "evidence_grade": "invoice", "remark": "对照发票"}
    return {f"v{line}-{name}": value for name, value in (typed | changes).items()}


def test_a_statement_is_adopted_then_verified_by_somebody_else(app: Flask, client: FlaskClient) -> None:
    case_id, line = a_stated_case(app)
    enter(client, "both")
    assert "待采用" in client.get("/reports/ledger").text
    client.post(f"/reports/ledger/{line}/adopt")
    page = client.get(f"/reports/ledger/cases/{case_id}").text
    assert "不能由您核实" in page
    assert client.post(f"/reports/ledger/{line}/verify", data=verdict(line)).status_code == 403
    enter(client, "veri")
    assert "预计效益" in client.get(f"/reports/ledger/cases/{case_id}").text
    client.post(f"/reports/ledger/{line}/verify", data=verdict(line))
    page = client.get(f"/reports/ledger/cases/{case_id}").text
    assert "已核实效益" in page
    assert "420,000.50" in page
    assert "对照发票" in page
    assert "500,000.00" in page, "the statement stays visible"


def test_only_the_office_adopts_and_only_a_verifier_verifies(app: Flask, client: FlaskClient) -> None:
    _case, line = a_stated_case(app)
    enter(client, "veri")
    assert client.post(f"/reports/ledger/{line}/adopt").status_code == 403
    enter(client, "disp")
    client.post(f"/reports/ledger/{line}/adopt")
    assert client.post(f"/reports/ledger/{line}/verify", data=verdict(line)).status_code == 403
    assert client.post(f"/reports/ledger/{line}/reject", data={f"r{line}-remark": "不"}).status_code == 403


def test_a_neighbours_ledger_is_not_found(app: Flask, client: FlaskClient) -> None:
    case_id, line = a_stated_case(app)
    enter(client, "neighbour")
    assert "还没有人填报效益" in client.get("/reports/ledger").text
    assert client.get(f"/reports/ledger/cases/{case_id}").status_code == 404
    assert client.post(f"/reports/ledger/{line}/adopt").status_code == 404


def test_a_verification_needs_evidence_a_sum_and_a_remark(app: Flask, client: FlaskClient) -> None:
    _case, line = a_stated_case(app)
    enter(client, "disp")
    client.post(f"/reports/ledger/{line}/adopt")
    enter(client, "veri")
    for wrong, told in (
        ({"remark": ""}, "请填写这一项"),
        ({"amount": "很多"}, "只写数字"),
        ({"evidence_grade": "none"}, "请选择材料类别"),
    ):
        answer = client.post(f"/reports/ledger/{line}/verify", data=verdict(line, **wrong))
        assert answer.status_code == 422, wrong
        assert told in answer.text
    assert "对照发票" in answer.text, "what was typed is kept"


def test_a_rejection_says_why_and_a_newer_statement_waits_again(app: Flask, client: FlaskClient) -> None:
    case_id, line = a_stated_case(app)
    enter(client, "disp")
    client.post(f"/reports/ledger/{line}/adopt")
    enter(client, "veri")
    client.post(f"/reports/ledger/{line}/reject", data={f"r{line}-remark": "没有原始记录"})
    assert "没有原始记录" in client.get(f"/reports/ledger/cases/{case_id}").text
    assert client.get("/reports/ledger?standing=rejected").text.count(f"cases/{case_id}#") == 1
    with app.app_context():
        state(db.session.get(Case, case_id), 1000)
        db.session.commit()
    assert client.get("/reports/ledger?standing=stated").text.count(f"cases/{case_id}#") == 1
    assert client.get("/reports/ledger?standing=rejected").text.count(f"cases/{case_id}#") == 0


def test_the_union_states_and_corrects_its_own_line_only(app: Flask, client: FlaskClient) -> None:
    case_id, line = a_stated_case(app)
    enter(client, "disp")
    typed = {"kind": "saving", "amount": "60,000", "per": "once", "evidence_grade": "telephone"}
    client.post(f"/reports/ledger/cases/{case_id}/state", data=typed)
    page = client.get(f"/reports/ledger/cases/{case_id}").text
    own = re.search(r"corrects=(\d+)", page)
    assert own is not None
    client.post(f"/reports/ledger/cases/{case_id}/state", data={**typed, "amount": "6000", "corrects": own[1]})
    page = client.get(f"/reports/ledger/cases/{case_id}").text
    assert "更正第 2 条" in page
    assert "60,000.00" in page
    answer = client.post(f"/reports/ledger/cases/{case_id}/state", data={**typed, "corrects": str(line)})
    assert answer.status_code == 403


def test_filters_narrow_the_list(app: Flask, client: FlaskClient) -> None:
    case_id, _line = a_stated_case(app)
    enter(client, "disp")
    for query, found in (
        ("q=示例机械厂", 1),
        ("q=没有这家", 0),
        ("kind=saving", 1),
        ("kind=income", 0),
        ("grade=meter", 1),
        ("grade=invoice", 0),
        ("standing=estimated", 0),
    ):
        assert client.get(f"/reports/ledger?{query}").text.count(f"cases/{case_id}#") == found, query


def test_who_must_verify_is_the_office_above_where_nobody_else_is_there(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(Role.DISPATCHER, Role.VERIFIER, login="alone")
        make_user(Role.VERIFIER, office=make_office("320900"), login="above", name="市里的核实人")
        line = state(make_case(CaseState.CLOSED), 10)
        db.session.commit()
        case_id, line_id = line.case_id, line.id
    enter(client, "alone")
    client.post(f"/reports/ledger/{line_id}/adopt")
    assert "市里的核实人" in client.get(f"/reports/ledger/cases/{case_id}").text
    enter(client, "above")
    client.post(f"/reports/ledger/{line_id}/verify", data=verdict(line_id))
    assert "已核实效益" in client.get(f"/reports/ledger/cases/{case_id}").text
