"""Reports that are handed in: drafted, checked, frozen, taken or returned, and collected by the city."""

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from matcher.access.rights import Right, may
from matcher.db import db, today
from matcher.errors import BadInput, NotAllowed, WrongMove
from matcher.models import Actor, BenefitKind, CaseState, Per, Report, ReportState, Role
from matcher.plain.periods import Period, preset
from matcher.services import benefits, reports
from matcher.services.figures import DEFINITIONS, Scope, count
from matcher.services.figures.listing import lines
from tests.factories import PASSWORD, make_case, make_office, make_user, staff

COUNTY, CITY, NEIGHBOUR = "320923", "320900", "320924"


def this_year() -> Period:
    return preset("year", today())


def submitted(by: Actor) -> Report:
    report = reports.draft(make_office(), this_year(), by=by)
    reports.submit(report, by=by)
    db.session.flush()
    return report


@pytest.mark.usefixtures("ctx")
def test_a_draft_carries_the_countys_sentence_and_is_frozen_with_its_lists_when_submitted() -> None:
    make_case(CaseState.CLOSED)
    report = submitted(staff(Role.WRITER))
    assert "解决技术和管理难题1个" in report.paragraph
    assert report.figures["solved"] == 1
    assert [line["number"] for line in reports.frozen_lines(report, "solved")]
    assert reports.differences(report) == []
    make_case(CaseState.CLOSED)
    changed = {difference.name: (difference.frozen, difference.live) for difference in reports.differences(report)}
    assert changed["解决问题数"] == (1, 2)
    assert report.figures["solved"] == 1


@pytest.mark.usefixtures("ctx")
def test_a_text_whose_numbers_differ_from_the_query_is_not_submitted() -> None:
    make_case(CaseState.CLOSED)
    by = staff(Role.WRITER)
    report = reports.draft(make_office(), this_year(), by=by)
    reports.edit(report, title=report.title, paragraph=report.paragraph.replace("难题1个", "难题60余个"), by=by)
    with pytest.raises(BadInput, match="60余个"):
        reports.submit(report, by=by)
    assert report.state is ReportState.DRAFT


@pytest.mark.usefixtures("ctx")
def test_the_database_refuses_to_change_what_was_submitted() -> None:
    submitted(staff(Role.WRITER))
    db.session.commit()
    for change in ("UPDATE reports SET paragraph = 'x'", "DELETE FROM reports"):
        with pytest.raises(DatabaseError):
            db.session.execute(text(change))
        db.session.rollback()


@pytest.mark.usefixtures("ctx")
def test_the_city_returns_with_remarks_and_a_new_version_answers() -> None:
    writer, city = staff(Role.WRITER), staff(Role.WRITER, office=make_office(CITY))
    report = submitted(writer)
    with pytest.raises(WrongMove):
        reports.draft(make_office(), this_year(), by=writer)
    reports.send_back(report, "请补充培训人数", by=city)
    second = reports.draft(make_office(), this_year(), by=writer)
    assert (second.number, second.state) == (2, ReportState.DRAFT)
    reports.submit(second, by=writer)
    reports.take(second, by=city)
    assert [r.state for r in (report, second)] == [ReportState.RETURNED, ReportState.TAKEN]


@pytest.mark.usefixtures("ctx")
def test_only_the_office_above_takes_a_report() -> None:
    report = submitted(staff(Role.WRITER))
    for office in (COUNTY, NEIGHBOUR):
        with pytest.raises(NotAllowed):
            reports.take(report, by=staff(Role.WRITER, office=make_office(office)))
    assert not may(make_user(Role.WRITER), Right.TAKE_REPORT, report)
    assert may(make_user(Role.LEADER, office=make_office(CITY)), Right.TAKE_REPORT, report)


@pytest.mark.usefixtures("ctx")
def test_the_city_sees_who_is_missing_and_sums_what_was_handed_in() -> None:
    make_case(CaseState.CLOSED)
    make_case(CaseState.CLOSED, office=make_office(NEIGHBOUR))
    submitted(staff(Role.WRITER))
    rows = reports.collected(make_office(CITY), this_year())
    handed_in = {row.office.code for row in rows if row.report is not None}
    assert handed_in == {COUNTY}
    assert reports.total(rows)["solved"] == 1
    theirs = staff(Role.WRITER, office=make_office(NEIGHBOUR))
    other = reports.draft(make_office(NEIGHBOUR), this_year(), by=theirs)
    reports.submit(other, by=theirs)
    rows = reports.collected(make_office(CITY), this_year())
    assert reports.total(rows)["solved"] == 2


@pytest.mark.usefixtures("ctx")
def test_the_list_behind_a_number_is_as_long_as_the_number_says() -> None:
    by = staff()
    for state in (CaseState.CLOSED, CaseState.CONFIRMED, CaseState.REOPENED, CaseState.OPENED):
        case = make_case(state, by=by)
        if state is CaseState.CONFIRMED:
            line = benefits.state_benefit(case, BenefitKind.SAVING, Decimal(100), Per.ONCE, by=by)
            benefits.adopt(line, by=by)
    scope = Scope(make_office(), this_year())
    for code in DEFINITIONS:
        assert len(lines(code, scope)) == count(code, scope), code


def test_pages_of_a_report_by_their_roles(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        for role, office in (
            (Role.WRITER, COUNTY),
            (Role.AUDITOR, COUNTY),
            (Role.LEADER, CITY),
            (Role.WRITER, NEIGHBOUR),
        ):
            make_user(role, office=make_office(office), login=f"{role.value}-{office}")
        make_case(CaseState.CLOSED)
        report_id = submitted(staff(Role.WRITER)).id
        db.session.commit()
        db.session.remove()
    expected = {
        f"writer-{COUNTY}": 200,
        f"auditor-{COUNTY}": 200,
        f"leader-{CITY}": 200,
        f"writer-{NEIGHBOUR}": 404,
    }
    for login, status in expected.items():
        client.post("/login", data={"login": login, "password": PASSWORD})
        for path in ("", "/lines/solved"):
            assert client.get(f"/reports/versions/{report_id}{path}").status_code == status, login
        client.post("/logout")


def test_a_wrong_number_comes_back_on_the_page_with_the_text_that_was_typed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(Role.WRITER, login="writer")
        report_id = reports.draft(make_office(), this_year(), by=staff(Role.WRITER)).id
        db.session.commit()
        db.session.remove()
    client.post("/login", data={"login": "writer", "password": PASSWORD})
    typed = {"title": "半年情况", "paragraph": "解决难题999个，值得宣传。", "submit": "1"}
    answer = client.post(f"/reports/versions/{report_id}", data=typed)
    assert answer.status_code == 422
    assert "解决难题999个，值得宣传。" in answer.text
    assert "999个" in answer.text
