"""What an office settles for itself and for those below that say nothing else."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from matcher.db import db
from matcher.errors import BadInput
from matcher.models import Actor, Holiday, Office
from matcher.models.offices import DEFAULTS
from matcher.services.history import record

#: Group -> settings (name, label, kind); labels are Chinese source strings.
SETTINGS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "基本",
        (
            ("started_on", "启动日期", "date"),
            ("phone", "对外电话", "text"),
            ("motto", "口号", "long"),
            ("intro", "首页说明", "long"),
            ("measure_problem", "难题的量词", "text"),
        ),
    ),
    (
        "时限（工作日）",
        (
            ("clock_accept", "受理", "days"),
            ("clock_dispatch", "点将", "days"),
            ("answer_hours", "专家答复（工作小时）", "days"),
            ("clock_contact", "首次联系", "days"),
            ("clock_visit", "上门", "days"),
            ("clock_close", "办结", "days"),
            ("clock_confirm", "企业确认", "days"),
            ("clock_question", "企业回答问题", "days"),
        ),
    ),
    (
        "点将",
        (
            ("capacity", "每位专家同时在办件数", "days"),
            ("hide_firm_name", "接单前隐藏企业名称", "flag"),
            ("require_agreement", "点将前须勾选服务协议", "flag"),
            ("require_employer_consent", "点将前须勾选派出单位同意", "flag"),
            ("embeddings", "推荐时参考语义模型（系统已接入时）", "flag"),
        ),
    ),
    ("报告", (("compare_offices", "比较同级工会", "flag"),)),
)


def settle(office: Office, typed: Mapping[str, str], *, by: Actor) -> None:
    """Keep what differs from what would hold anyway; an emptied field falls back to the office above."""
    kept = dict(office.settings)
    for _group, settings in SETTINGS:
        for name, _label, kind in settings:
            kept.pop(name, None)
            value = _read(name, kind, typed.get(name, "").strip())
            if value is not None and value != _inherited(office, name):
                kept[name] = value
    if kept != office.settings:
        record(by, "office.settings", office, before=office.settings, after=kept)
        office.settings = kept


def set_holiday(day: date, works: bool, name: str, *, by: Actor) -> None:
    """A day that is, or is not, worked against the rule of the week."""
    db.session.merge(Holiday(day=day, is_working=works, name=name))
    db.session.info.pop("calendar", None)
    record(by, "holiday.set", None, office=by.office, day=day, works=works)


def _inherited(office: Office, name: str) -> Any:
    return office.parent.setting(name) if office.parent is not None else DEFAULTS[name]


def _read(name: str, kind: str, text: str) -> Any:
    if kind == "flag":
        return text == "yes"
    if not text:
        return None
    if kind == "days":
        if not text.isdigit() or not 1 <= int(text) <= 365:
            raise BadInput("请填写 1 到 365 的整数。", field=name)
        return int(text)
    if kind == "date":
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise BadInput("日期不对：%(text)s", field=name, text=text) from error
    return text[:500]
