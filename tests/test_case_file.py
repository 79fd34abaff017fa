"""The case on paper and with papers: the visit sheet, its short code, and files on each entry."""

import io
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from matcher.db import db
from matcher.models import Benefit, BenefitKind, Case, CaseState, Per
from matcher.plain.codes import short_code
from matcher.services import attachments, benefits, links
from tests.factories import PASSWORD, make_case, make_office, make_user, the_enterprise

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF"


def picture() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return io.BytesIO(out.getvalue()), "photo.jpg"


def a_case(app: Flask, state: CaseState = CaseState.OPENED) -> tuple[int, str]:
    """A case and the personal link of its expert; a dispatcher, and one of the neighbours."""
    with app.app_context():
        make_user(login="disp")
        make_user(login="neighbour", office=make_office("320924"))
        case = make_case(state)
        token = links.mint_for_expert(case.experts[0])
        db.session.commit()
        return case.id, token


def enter(client: FlaskClient, login: str) -> None:
    client.post("/logout")
    client.post("/login", data={"login": login, "password": PASSWORD})


def fetched(client: FlaskClient, address: str) -> bytes:
    with client.get(address) as answer:
        return answer.data


def test_expert_and_desk_print_the_same_sheet(app: Flask, client: FlaskClient) -> None:
    case_id, token = a_case(app, CaseState.FIXED)
    client.get(f"/e/{token}")
    own = client.get(f"/expert/cases/{case_id}/sheet").text
    enter(client, "disp")
    desk = client.get(f"/desk/cases/{case_id}/sheet").text
    for page in (own, desk):
        assert short_code(case_id) in page
        assert "企业盖章" in page
        assert "<svg" in page
        assert "重做电缆头" in page
        assert "138" not in page.split("<main")[1], "no telephone number lies about on paper"


def test_the_code_leads_each_to_their_own_page_and_strangers_to_the_log_in(app: Flask, client: FlaskClient) -> None:
    case_id, token = a_case(app)
    code = short_code(case_id)
    assert "/login" in client.get(f"/s/{code}").location
    assert client.get("/s/2222X").status_code == 404
    enter(client, "disp")
    assert "/desk/problems/" in client.get(f"/s/{code}").location
    enter(client, "neighbour")
    assert client.get(f"/s/{code}").status_code == 404
    client.get(f"/e/{token}")
    assert client.get(f"/s/{code.lower()}").location.endswith(f"/expert/cases/{case_id}")


def test_the_desk_finds_a_case_by_the_code_on_the_paper(app: Flask, client: FlaskClient) -> None:
    case_id, _token = a_case(app)
    enter(client, "disp")
    assert "配电柜电缆头" in client.get(f"/desk/search?q={short_code(case_id)}").text
    enter(client, "neighbour")
    assert "配电柜电缆头" not in client.get(f"/desk/search?q={short_code(case_id)}").text


def test_each_entry_keeps_its_own_photos_and_papers(app: Flask, client: FlaskClient) -> None:
    case_id, token = a_case(app)
    client.get(f"/e/{token}")
    form = {"methods": "查参数", "cause": "接头氧化", "photos": [picture(), (io.BytesIO(PDF), "报告.pdf")]}
    client.post(f"/expert/cases/{case_id}/diagnosis", data=form, content_type="multipart/form-data")
    with app.app_context():
        case = db.session.get(Case, case_id)
        found = attachments.attachments_of(case.diagnoses[0])
        assert [a.kind.value for a in found] == ["picture", "document"]
        assert attachments.attachments_of(case) == []
        number = found[1].id
    assert "报告.pdf" in client.get(f"/expert/cases/{case_id}").text
    assert fetched(client, f"/expert/cases/{case_id}/files/{number}") == PDF
    enter(client, "disp")
    assert fetched(client, f"/desk/files/{number}") == PDF
    enter(client, "neighbour")
    assert client.get(f"/desk/files/{number}").status_code == 404


def test_what_is_no_photo_is_refused_and_nothing_is_written(app: Flask, client: FlaskClient) -> None:
    case_id, token = a_case(app)
    client.get(f"/e/{token}")
    form = {"methods": "查参数", "cause": "接头氧化", "photos": [(io.BytesIO(b"MZ"), "a.exe")]}
    answer = client.post(f"/expert/cases/{case_id}/diagnosis", data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "查参数" in answer.text
    with app.app_context():
        assert db.session.get(Case, case_id).diagnoses == []


def test_the_desk_adds_evidence_to_a_line_without_changing_it(app: Flask, client: FlaskClient) -> None:
    case_id, _token = a_case(app, CaseState.CLOSED)
    with app.app_context():
        case = db.session.get(Case, case_id)
        line = benefits.state_benefit(
            case, BenefitKind.SAVING, Decimal(10), Per.ONCE, by=the_enterprise(case.problem)
        ).id
        db.session.commit()
    enter(client, "disp")
    for kind, number in (("benefit", line), ("case", case_id)):
        form = {"files": [(io.BytesIO(PDF), "盖章.pdf")]}
        client.post(f"/desk/attach/{kind}/{number}", data=form, content_type="multipart/form-data")
    assert client.get(f"/reports/ledger/cases/{case_id}").text.count("盖章.pdf") == 2
    with app.app_context():
        assert db.session.get(Benefit, line).evidence == ""
    enter(client, "neighbour")
    refused = client.post(f"/desk/attach/case/{case_id}", data={"files": [picture()]})
    assert refused.status_code == 404
