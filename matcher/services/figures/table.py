"""Figures as plain files: JSON for machines, CSV for spreadsheets. Estimated and verified have lines of their own."""

import csv
import io
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matcher.plain.formulas import safe_cell
from matcher.services.figures.measure import Figures
from matcher.services.figures.scope import Scope

#: (code, name, unit, code of the list behind it) in the order of product.md section 6.
ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("sessions", "活动场次", "场", "sessions"),
    ("expert_times", "劳模工匠人次", "人次", "expert_times"),
    ("enterprises", "服务企业数", "家", "enterprises"),
    ("enterprises_srdi", "其中专精特新", "家", "enterprises_srdi"),
    ("requested", "征集需求数", "条", "requested"),
    ("accepted", "受理数", "条", "accepted"),
    ("solved", "解决问题数", "个", "solved"),
    ("solved_by_card", "其中解题卡解决", "个", "solved"),
    ("solved_by_phone", "其中电话解决", "个", "solved"),
    ("partly", "部分解决", "个", "partly"),
    ("confirmed_own_link", "企业已确认（本人链接）", "个", "confirmed"),
    ("confirmed_recorded", "企业已确认（代录）", "个", "confirmed"),
    ("rate_ended", "办结率分子：期内受理且至今已办结", "条", "rate_ended"),
    ("rate_base", "办结率分母：期内受理", "条", "rate_base"),
    ("completion_rate", "办结率", "%", "rate_ended"),
    ("persons", "培训职工人数", "人", "training"),
    ("persons_unnamed", "其中无名单（可能重复）", "人", "training"),
    ("attendances", "提升技能人次", "人次", "training"),
    ("pairs", "结对师徒", "对", "pairs"),
    ("estimated_once", "预计效益（一次性）", "元", "estimated"),
    ("estimated_yearly", "预计效益（每年）", "元", "estimated"),
    ("verified_once", "已核实效益（一次性）", "元", "verified"),
    ("verified_yearly", "已核实效益（每年）", "元", "verified"),
    ("leads_found", "转五小：发现线索", "条", "leads_found"),
    ("leads_drafted", "转五小：已填报", "条", "leads_drafted"),
    ("leads_submitted", "转五小：已上报", "条", "leads_submitted"),
    ("typical", "典型案例", "个", "typical"),
)
#: Lines of one figure that the tag tells apart: figure -> tag of its list.
TAGS = {
    "solved_by_card": "card",
    "solved_by_phone": "phone",
    "confirmed_own_link": "own_link",
    "confirmed_recorded": "recorded",
    "persons_unnamed": "unnamed",
}
STEPS = {
    "accept": "受理",
    "dispatch": "点将",
    "answer": "专家答复",
    "contact": "首次联系",
    "visit": "上门",
    "close": "办结",
    "confirm": "企业确认",
    "question": "企业回答问题",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One figure with its name, unit, value now and in the period before, and the list behind it."""

    code: str
    name: str
    unit: str
    value: Any
    before: Any
    list_code: str
    tag: str = ""


def told(figures: Figures, before: Figures | None = None) -> list[Told]:
    """Every figure in its order, beside the period before."""
    return [
        Told(
            code, name, unit, getattr(figures, code), getattr(before, code) if before else None, of, TAGS.get(code, "")
        )
        for code, name, unit, of in ROWS
    ]


def as_json(figures: Figures, scope: Scope) -> str:
    """One object; amounts in yuan as texts, hours per step."""
    found = {"office_name": scope.office.name, "period": scope.period.code, **figures.as_json()}
    found["completion_rate"] = _plain(figures.completion_rate)
    return json.dumps(found, ensure_ascii=False, indent=1)


def as_csv(figures: Figures, scope: Scope) -> str:
    """A table of names, values and units, with the mark that tells spreadsheets it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["统计单位", safe_cell(scope.office.name)])
    writer.writerow(["统计期间", f"{scope.period.start.isoformat()} 至 {scope.period.end.isoformat()}"])
    writer.writerow(["指标", "数值", "单位"])
    for row in told(figures):
        writer.writerow([row.name, _plain(row.value), row.unit])
    for step, hours in figures.response.items():
        writer.writerow([f"响应时长中位数：{STEPS[step]}", _plain(hours), "工作小时"])
    return "\ufeff" + out.getvalue()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
