"""Forms say everything that is wrong at once, and pages offer nothing that would only be refused."""

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.db import LOCAL, db, now
from matcher.errors import BadInput
from matcher.models import Actor, CaseState, Dispatch, Outcome, Problem, ProblemState, VisitForm
from matcher.services import cases, enterprises, links, problems, progress, proposals
from matcher.web import fields
from tests.factories import make_case, make_expert, make_office, make_problem, make_user, staff
from tests.pages import form_to, forms_of, log_in, send


def test_the_public_form_tells_the_wrong_photo_and_the_wrong_number_together(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_office()
        db.session.commit()
    typed = {**form_to(client.get("/order").text, "").values, "text": "设备坏了", "phone": "12345", "uscc": "91"}
    answer = client.post("/order", data={**typed, "photos": (io.BytesIO(b"no picture"), "a.jpg")})
    assert answer.status_code == 422
    for told in ("请填写企业名称", "只能上传", "phone-error", "uscc-error"):
        assert told in answer.text, told
    assert "设备坏了" in answer.text


def test_nobody_can_be_sent_to_a_dangerous_place_from_the_page_before_the_insurance(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        make_user(login="disp")
        make_expert(trade="电工", profile="配电柜、电缆头的检修。")
        problem = make_problem(ProblemState.ACCEPTED)
        problems.classify(problem, {"site_risks": ["high_voltage"]}, by=staff())
        proposals.propose_experts(problem)
        db.session.commit()
        problem_id = problem.id
        address = f"/desk/problems/{problem_id}"
    log_in(client, "disp")

    def offers() -> list[str]:
        return [form.action for form in forms_of(client.get(address).text) if form.action.endswith("/offer")]

    assert offers() == []
    with app.app_context():
        problems.classify(db.session.get_one(Problem, problem_id), {"is_insured": True}, by=staff())
        db.session.commit()
    assert offers() != []


def test_a_caller_who_is_known_is_not_registered_twice_by_a_few_letters(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="disp")
        firm = enterprises.register(make_office(), "阜宁县金一新能源科技有限公司", by=staff())
        db.session.commit()
        firm_id = firm.id
    log_in(client, "disp")
    page = client.get("/desk/enterprises/find?firm=jyxny").text
    assert f'value="{firm_id}" checked' in page
    assert 'value="0" checked' not in page


def test_a_condition_without_its_date_comes_back_with_what_was_written(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_problem(ProblemState.DISPATCHED)
        offer = db.session.scalars(select(Dispatch)).one()
        offer_id, token = offer.id, links.mint_for_expert(offer.expert)
        db.session.commit()
    client.get(f"/e/{token}")
    address = f"/expert/offers/{offer_id}"
    answer = send(client, address, "/terms", kind="other_date", text="这周夜班")
    assert answer.status_code == 422
    assert "请写明您方便的日期" in answer.text
    assert re.search(r'value="other_date" checked', answer.text)
    assert "这周夜班</textarea>" in answer.text
    answer = send(client, address, "/decline", reason="", text="家里有事")
    assert answer.status_code == 422
    assert "家里有事</textarea>" in answer.text
    assert send(client, address, "/terms", kind="other_date", day="2030-01-07", text="这周夜班").status_code == 302


@pytest.mark.parametrize(
    ("typed", "yuan"), [("１２，０００元", "12000"), ("1.2万", "12000"), ("3 万元", "30000"), ("0.5", "0.50")]
)
def test_an_amount_is_read_as_people_write_it(typed: str, yuan: str) -> None:
    assert fields.yuan(typed) == Decimal(yuan)


@pytest.mark.parametrize("typed", ["万", "一万", "12万万", "", "-3", "1e99"])
def test_what_is_no_amount_is_told(typed: str) -> None:
    with pytest.raises(BadInput):
        fields.yuan(typed)


def test_the_enterprise_reads_when_somebody_comes_and_no_sentence_twice(app: Flask) -> None:
    with app.app_context():
        case = make_case(CaseState.FIXED)
        by, at = Actor(expert=case.experts[0]), now() + timedelta(days=3)
        cases.plan_visit(case, at, VisitForm.ONSITE, by=by)
        planned = [step.text for step in progress.progress(case.problem) if step.label == "约定上门"]
        assert planned == [f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}"]
        cases.close_case(case, Outcome.SOLVED, by=by, text="恢复正常")
        cases.confirm(case, by=Actor(enterprise=case.problem.enterprise))
        assert [step.text for step in progress.progress(case.problem)].count("恢复正常") == 1
