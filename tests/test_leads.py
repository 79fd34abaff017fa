"""五小 leads: questions first, the form filled in from the case, a register, a Word file."""

import io
from decimal import Decimal

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient

from matcher.db import db, today
from matcher.errors import BadInput, WrongMove
from matcher.models import BenefitKind, CaseState, LeadState, Outcome, Per
from matcher.plain.periods import preset
from matcher.services import benefits, cases, leads
from matcher.services.exports.lead import lead_document
from matcher.services.figures import Scope, count
from tests.factories import PASSWORD, make_case, make_office, make_user, staff

COMPLETE = {name: f"写了{label}" for name, label, _lines in leads.FIELDS}


@pytest.mark.usefixtures("ctx")
@pytest.mark.parametrize("code", [code for code, _reason in leads.EXCLUSIONS])
def test_each_exclusion_alone_keeps_a_case_out(code: str) -> None:
    case = make_case(CaseState.CLOSED)
    with pytest.raises(BadInput, match="不符合"):
        leads.find(case, [code], by=staff())
    assert leads.lead_of(case) is None


@pytest.mark.usefixtures("ctx")
def test_the_form_comes_filled_in_with_estimated_and_verified_apart() -> None:
    by = staff()
    case = make_case(CaseState.CLOSED, by=by)
    line = benefits.state_benefit(case, BenefitKind.SAVING, Decimal(12_000), Per.YEAR, by=by)
    benefits.adopt(line, by=by)
    lead = leads.find(case, [], by=by)
    assert lead.form["people"] == case.experts[0].name
    assert "接头氧化" in lead.form["method"]
    assert "重做电缆头" in lead.form["method"]
    assert "预计效益每年 12,000 元。" in lead.form["effect"]
    assert "已核实" not in lead.form["effect"]


@pytest.mark.usefixtures("ctx")
def test_a_case_that_was_not_solved_is_no_lead_and_none_is_one_twice() -> None:
    by = staff()
    open_case, unsolved, solved = make_case(by=by), make_case(by=by), make_case(CaseState.CLOSED, by=by)
    cases.close_case(unsolved, Outcome.UNSOLVED, by=by)
    leads.find(solved, [], by=by)
    for case in (open_case, unsolved, solved):
        with pytest.raises(WrongMove):
            leads.find(case, [], by=by)


@pytest.mark.usefixtures("ctx")
def test_a_lead_goes_from_found_to_its_result_and_is_counted_at_each_step() -> None:
    by = staff()
    lead = leads.find(make_case(CaseState.CLOSED, by=by), [], by=by)
    with pytest.raises(WrongMove):
        leads.submit(lead, by=by)
    with pytest.raises(BadInput, match="类别"):
        leads.draft(lead, COMPLETE, "", by=by)
    with pytest.raises(BadInput, match="做法"):
        leads.draft(lead, {**COMPLETE, "method": " "}, "renewal", by=by)
    leads.draft(lead, COMPLETE, "renewal", by=by)
    leads.submit(lead, by=by)
    leads.award(lead, by=by)
    assert lead.state is LeadState.AWARDED
    scope = Scope(make_office(), preset("year", today()))
    assert [count(code, scope) for code in ("leads_found", "leads_drafted", "leads_submitted")] == [1, 1, 1]


@pytest.mark.usefixtures("ctx")
def test_the_word_file_says_what_the_form_says() -> None:
    by = staff()
    lead = leads.find(make_case(CaseState.CLOSED, by=by), [], by=by)
    leads.draft(lead, COMPLETE, "design", by=by)
    table = Document(io.BytesIO(lead_document(lead))).tables[0]
    rows = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert rows["类别"] == "小设计"
    assert {label: rows[label] for _name, label, _lines in leads.FIELDS} == {
        label: COMPLETE[name] for name, label, _lines in leads.FIELDS
    }


def test_on_the_pages_a_yes_is_told_and_what_is_missing_comes_back(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="dispatcher")
        case_id = make_case(CaseState.CLOSED).id
        db.session.commit()
        db.session.remove()
    client.post("/login", data={"login": "dispatcher", "password": PASSWORD})
    refused = client.post(f"/desk/cases/{case_id}/lead", data={"excluded": "secret"})
    assert refused.status_code == 422
    assert "技术秘密" in refused.text
    found = client.post(f"/desk/cases/{case_id}/lead")
    assert found.status_code == 302
    wrong = client.post(found.location, data={**COMPLETE, "kind": "", "name": "电缆头测温改进"})
    assert wrong.status_code == 422
    assert "电缆头测温改进" in wrong.text
    assert client.post(found.location, data={**COMPLETE, "kind": "renewal"}).status_code == 302
    assert client.get(f"{found.location}.docx").data.startswith(b"PK")
    assert "写了项目名称" in client.get("/desk/leads").text
