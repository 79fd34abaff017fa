"""Files as unions keep them: read, checked, loaded as a whole, or refused with a sentence and no trace."""

import io
import json
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import func, select, text

from matcher.db import Base, db
from matcher.errors import MatcherError
from matcher.models import Actor, Enterprise, Expert, Import, Menu, Problem
from matcher.plain.errors import PlainError
from matcher.services.imports import filed
from matcher.services.imports.fields import ImportKind
from matcher.services.imports.filed import ImportState
from matcher.services.imports.menus import plan_menus, write_menus
from matcher.services.imports.outcome import RowState
from matcher.services.imports.roster import plan_roster, write_roster
from matcher.services.imports.tables import read_file
from tests.factories import make_office, staff
from tests.workbooks import encrypted, old_workbook

pytestmark = pytest.mark.usefixtures("ctx")

ROSTER, MENUS = ImportKind.ROSTER, ImportKind.MENUS


def workbook(*rows: list[object], merged: str = "") -> bytes:
    """An .xlsx with one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def loaded(data: bytes, kind: ImportKind = ROSTER):
    plan_rows, write = {ROSTER: (plan_roster, write_roster), MENUS: (plan_menus, write_menus)}[kind]
    plan = plan_rows(make_office(), read_file(data, "file", kind).rows)
    write(plan, by=Actor.system())
    db.session.flush()
    return plan.outcome


def experts() -> list[Expert]:
    return list(db.session.scalars(select(Expert).order_by(Expert.id)))


TITLED = (
    ["阜宁县劳模工匠名册", None, None, None],
    [None, None, None, None],
    ["序号", "姓 名", "工作单位", "联系\n电话", "荣誉称号", "技术专长（可多项）"],
    [1, "张 三", "示例机械厂", 13800138001.0, "市劳模（2019年）、县级工匠", "焊接、钣金"],
    [2, "李四", "示例化工厂", "138-0013-8002", "", "仪表"],
    [None, None, None, None, None, None],
    ["序号", "姓 名", "工作单位", "联系\n电话", "荣誉称号", "技术专长（可多项）"],
    [3, "王五", "示例纺织厂", "0515-87212345", "省五一劳动奖章", "纺纱"],
)


def test_a_roster_is_found_below_its_title_and_between_repeated_headings() -> None:
    outcome = loaded(workbook(*TITLED))
    assert outcome.counts == {"added": 3, "changed": 0, "there": 0, "error": 0}
    zhang, li, wang = experts()
    assert (zhang.name, zhang.employer, zhang.phone) == ("张三", "示例机械厂", "13800138001")
    assert li.phone == "13800138002"
    assert [honour.year for honour in zhang.honours] == [2019, None]
    assert {skill.text for skill in zhang.skills} >= {"焊接", "钣金"}
    assert wang.phone == "051587212345"


def test_the_same_person_comes_once_however_often_the_file_is_loaded() -> None:
    loaded(workbook(*TITLED))
    again = loaded(workbook(*TITLED))
    assert again.counts == {"added": 0, "changed": 0, "there": 3, "error": 0}
    assert len(experts()) == 3


def test_what_a_file_says_anew_changes_the_record_and_what_it_leaves_empty_does_not() -> None:
    loaded(workbook(["姓名", "单位", "工种", "电话"], ["张三", "示例机械厂", "焊工", "13800138001"]))
    outcome = loaded(workbook(["姓名", "单位", "职务", "电话"], ["张三", "示例机械厂", "班长", "13800138001"]))
    (only,) = experts()
    assert outcome.counts["changed"] == 1
    assert (only.trade, only.title) == ("焊工", "班长")


def test_two_people_with_one_mobile_are_asked_about() -> None:
    rows = [["姓名", "单位", "电话"], ["张三", "甲厂", "13800138001"], ["李四", "甲厂", "13800138001"]]
    outcome = loaded(workbook(*rows))
    assert outcome.counts["error"] == 1
    assert "张三" in outcome.errors[0].sentence
    assert outcome.errors[0].row == 3


def test_a_merged_cell_holds_for_all_its_rows() -> None:
    rows = [["单位", "姓名"], ["示例机械厂", "张三"], [None, "李四"], [None, "王五"]]
    loaded(workbook(*rows, merged="A2:A4"))
    assert {expert.employer for expert in experts()} == {"示例机械厂"}


@pytest.mark.parametrize(
    "written",
    ["2026-03-05", "2026/3/5", "2026.3.5", "2026年3月5日", "20260305", date(2026, 3, 5)],
)
def test_days_are_read_as_people_write_them(written: object) -> None:
    loaded(workbook(["企业名称", "需求内容", "提出时间"], ["示例厂", "电缆头温度偏高。", written]), MENUS)
    posted = db.session.scalars(select(Menu)).one().posted_at
    assert posted.date() == date(2026, 3, 5)


def test_several_problems_in_a_cell_become_several_problems() -> None:
    cell = "1.除盐水流量异常，自己查不出原因；\n2.配电柜内电缆头温度偏高。"
    outcome = loaded(workbook(["企业名称", "存在问题"], ["示例新能源公司", cell]), MENUS)
    texts = list(db.session.scalars(select(Problem.text).order_by(Problem.position)))
    assert len(texts) == 2
    assert "除盐水" in texts[0]
    assert "电缆头" in texts[1]
    assert "2" in outcome.lines[0].sentence


def test_a_menu_is_not_posted_twice() -> None:
    data = workbook(["企业名称", "需求内容"], ["示例厂", "轴承发热。"], ["示例厂", "轴承发热。"])
    assert loaded(data, MENUS).counts["there"] == 1
    assert loaded(data, MENUS).counts["there"] == 2
    assert db.session.scalar(select(func.count(Menu.id))) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_tables_are_read_in_the_encodings_of_chinese_spreadsheets(encoding: str, mark: str) -> None:
    lines = [["姓名", "单位", "专长"], ["张三", "示例机械厂", "焊接"]]
    data = "\r\n".join(mark.join(line) for line in lines).encode(encoding)
    assert loaded(data).counts["added"] == 1


def test_an_old_workbook_is_read() -> None:
    data = old_workbook([["姓名", "单位"], ["张三", "示例机械厂"]])
    assert loaded(data).counts["added"] == 1


def test_the_sheet_with_the_roster_is_found_among_others() -> None:
    book = openpyxl.Workbook()
    book.active.append(["填表说明"])
    book.active.append(["请按下表填写", "谢谢"])
    sheet = book.create_sheet("名册")
    sheet.append(["姓名", "单位", "专长"])
    sheet.append(["张三", "示例机械厂", "焊接"])
    out = io.BytesIO()
    book.save(out)
    assert loaded(out.getvalue()).counts["added"] == 1


def test_the_person_can_say_which_column_holds_what() -> None:
    data = workbook(["甲", "乙"], ["张三", "示例机械厂"])
    assert read_file(data, "x.xlsx", ROSTER).missing == ["name"]
    table = read_file(data, "x.xlsx", ROSTER, {"name": "甲", "employer": "乙"})
    assert table.missing == []
    assert table.rows[0].get("name") == "张三"


def test_published_cases_load_as_samples_without_their_answers() -> None:
    line = {
        "id": "C001",
        "title": "电缆头过热",
        "problem": "电缆头温度偏高。",
        "industry": "纺织业",
        "region": "江苏省盐城市阜宁县",
        "expert": "E001",
        "fix": "重做电缆头秘方",
    }
    loaded((json.dumps(line, ensure_ascii=False) + "\n").encode(), MENUS)
    problem = db.session.scalars(select(Problem)).one()
    assert problem.is_sample
    assert problem.enterprise.name == "示例企业 C001"
    everything = [str(row) for name in ("menus", "problems", "enterprises") for row in all_rows(name)]
    assert not any("E001" in row or "秘方" in row for row in everything)


def all_rows(table: str) -> list[object]:
    return list(db.session.execute(text(f"SELECT * FROM {table}")))


def bomb() -> bytes:
    """A small archive that would unpack to far more than a ledger."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(7):
            archive.writestr(f"xl/{number}.xml", b"0" * (100 * 1024 * 1024))
    return out.getvalue()


BAD_FILES = {
    "empty": lambda: b"",
    "blank": lambda: b"\n\n  \n",
    "broken": lambda: workbook(*TITLED)[:900],
    "no workbook": lambda: b"PK\x03\x04" + b"x" * 500,
    "program": lambda: b"MZ\x90\x00\x03\x00\x00\x00\x04\x00" + bytes(range(256)) * 4,
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "password": lambda: encrypted(),
    "bomb": bomb,
    "no heading": lambda: workbook(["名册"]),
    "nothing below": lambda: workbook(["姓名", "单位"]),
    "broken json": lambda: b'{"id": "E1"\n',
}


@pytest.mark.parametrize("bad", BAD_FILES)
def test_a_file_that_cannot_be_taken_leaves_a_sentence_and_no_trace(app: Flask, bad: str, tmp_path) -> None:
    store = app.extensions["store"]
    before = counts()
    with pytest.raises((MatcherError, PlainError), match=r"[。？]$"):
        filed.keep(make_office(), ROSTER, BAD_FILES[bad](), f"{bad}.xlsx", store=store, by=staff())
    db.session.rollback()
    assert counts() == before
    assert not list(store.root.rglob("im*"))


def counts() -> dict[str, int]:
    left = [name for name in Base.metadata.tables if name not in ("users", "user_roles", "log_entries")]
    return {name: db.session.scalar(text(f"SELECT count(*) FROM {name}")) for name in left}


def test_a_large_file_is_left_to_the_jobs_and_loaded_as_a_whole(app: Flask) -> None:
    store, by, count = app.extensions["store"], staff(), 2_600
    found = filed.keep(make_office(), ROSTER, large_roster(count), "large.xlsx", store=store, by=by)
    db.session.commit()
    assert found.state == ImportState.READ.value
    keeper = filed.Keeper(store, db.session.commit)
    filed.work_off(keeper)
    assert found.state == ImportState.CHECKED.value
    filed.confirm(found, store=store, by=by)
    db.session.commit()
    assert db.session.scalar(select(func.count(Expert.id))) == 0
    filed.work_off(keeper)
    assert found.state == ImportState.LOADED.value
    assert db.session.scalar(select(func.count(Expert.id))) == count
    assert not store.path(found.key).exists()


def test_a_file_that_nobody_loads_is_thrown_away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    store = app.extensions["store"]
    found = filed.keep(make_office(), ROSTER, workbook(*TITLED), "a.xlsx", store=store, by=staff())
    found.made_at = datetime(2020, 1, 1, tzinfo=UTC)
    db.session.flush()
    key = found.key
    assert filed.throw_old_away(store=store) == 1
    assert not store.path(key).exists()
    assert db.session.scalar(select(func.count(Import.id))) == 0


def large_roster(count: int) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["姓名", "单位", "工种", "电话", "专长"])
    for number in range(count):
        sheet.write_row(
            number + 1,
            0,
            [f"示例人{number}", f"示例厂{number % 90}", "焊工", str(13_900_000_000 + number), "焊接、探伤"],
        )
    book.close()
    return out.getvalue()


def test_an_error_in_a_row_is_told_with_its_number_and_the_others_can_be_loaded() -> None:
    rows = [["姓名", "单位", "电话"], ["张三", "甲厂", "12345"], ["", "乙厂", ""], ["王五", "丙厂", ""]]
    outcome = loaded(workbook(*rows))
    assert [line.row for line in outcome.errors] == [2, 3]
    assert outcome.counts["added"] == 1
    assert [line.state for line in outcome.lines].count(RowState.ADDED) == 1


def test_firms_of_a_ledger_are_put_down_once_and_known_ones_are_used() -> None:
    rows = [
        ["企业名称", "需求内容", "联系电话"],
        ["示例甲厂", "轴承发热。", ""],
        ["示例甲厂", "电机异响。", "13800138000"],
    ]
    loaded(workbook(*rows), MENUS)
    assert db.session.scalar(select(func.count(Enterprise.id))) == 1
