"""Sessions on their pages: planned, invited to, held with a counted sheet of signatures, cancelled with a reason."""

import io

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.db import db, today
from matcher.errors import BadInput
from matcher.models import Activity, ActivityState, Role
from matcher.plain.periods import preset
from matcher.plain.sheets import SheetError
from matcher.services.attendance import Attendance, count_attendance
from matcher.services.figures import Scope, measure
from tests.factories import PASSWORD, make_enterprise, make_expert, make_office, make_user


def sheet(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SIGNED = sheet(
    ["电缆头培训签到表"],
    ["序号", "姓名", "单位"],
    [1, "张三", "示例甲厂"],
    [2, "张三", "示例乙厂"],
    [3, "李 四", "示例甲厂"],
    [4, "李四", "示例甲厂有限公司"],
    [None, None, None],
)


def test_a_sheet_of_signatures_is_counted_by_people_and_by_lines() -> None:
    assert count_attendance(SIGNED) == Attendance(persons=3, attendances=4)


@pytest.mark.parametrize("data", [sheet(["序号", "电话"], [1, "x"]), sheet(["姓名"])])
def test_a_sheet_without_names_is_told(data: bytes) -> None:
    with pytest.raises(BadInput, match="姓名"):
        count_attendance(data)
    with pytest.raises(SheetError):
        count_attendance(b"")


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        make_user(login="dispatcher")
        make_user(Role.LEADER, login="leader")
        make_user(login="neighbour", office=make_office("320924"))
        make_expert("示例周师傅")
        make_enterprise("示例甲厂")
        db.session.commit()
        db.session.remove()
    log_in(client, "dispatcher")
    return client


def log_in(client: FlaskClient, login: str) -> None:
    client.post("/logout")
    client.post("/login", data={"login": login, "password": PASSWORD})


def planned(desk: FlaskClient) -> str:
    form = {"kind": "training", "title": "电缆头制作培训", "planned_on": today().isoformat(), "place": "工人文化宫"}
    return desk.post("/reports/activities/new", data=form).location


def test_a_session_is_planned_invited_to_held_and_counted(app: Flask, desk: FlaskClient) -> None:
    page = planned(desk)
    found = desk.get(f"{page}?q=示例").text
    assert "示例周师傅" in found
    assert "示例甲厂" in found
    for who in ({"expert_id": 1}, {"enterprise_id": 1}):
        assert desk.post(f"{page}/invite", data=who).status_code == 302
    form = {"on": today().isoformat(), "experts": "1", "enterprises": "1", "pairs": "2", "summary": "学会了压接"}
    held = desk.post(f"{page}/hold", data={**form, "sheet": (io.BytesIO(SIGNED), "签到.xlsx")})
    assert held.status_code == 302
    with app.app_context():
        figures = measure(Scope(make_office(), preset("year", today())))
        counted = (figures.sessions, figures.expert_times, figures.enterprises, figures.persons, figures.attendances)
        assert counted == (1, 1, 1, 3, 4)
        assert (figures.persons_unnamed, figures.pairs) == (0, 2)
        db.session.remove()


def test_what_is_wrong_comes_back_with_what_was_typed(app: Flask, desk: FlaskClient) -> None:
    page = planned(desk)
    form = {"on": today().isoformat(), "persons": "9", "attendances": "3", "summary": "讲得很细"}
    answer = desk.post(f"{page}/hold", data=form)
    assert answer.status_code == 422
    assert "讲得很细" in answer.text
    assert "人次不能少于人数" in answer.text
    assert desk.post(f"{page}/cancel", data={"reason": " "}).status_code == 422
    assert desk.post(f"{page}/cancel", data={"reason": "下雨"}).status_code == 302
    assert desk.post(f"{page}/hold", data={"on": today().isoformat()}).status_code == 409
    with app.app_context():
        assert db.session.get_one(Activity, 1).state is ActivityState.CANCELLED
        db.session.remove()


def test_who_only_reads_changes_nothing_and_the_neighbour_finds_nothing(desk: FlaskClient) -> None:
    page = planned(desk)
    log_in(desk, "leader")
    assert desk.get(page).status_code == 200
    assert desk.post(f"{page}/cancel", data={"reason": "不办了"}).status_code == 403
    log_in(desk, "neighbour")
    assert desk.get(page).status_code == 404
    assert desk.post(f"{page}/cancel", data={"reason": "不办了"}).status_code == 404
