"""台账 and 汇总表 as one workbook: strings stay strings, charts can be edited, memory stays small."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matcher.services.exports.entries import COLUMNS, Secrecy, entries
from matcher.services.figures import Figures, Scope, measure, read
from matcher.services.figures.counting import months_of
from matcher.services.words import choices

#: Columns of the 汇总表 (domain.md section 4): (heading, figure, is it money)
SUMMARY: tuple[tuple[str, str, bool], ...] = (
    ("活动场次", "sessions", False),
    ("劳模工匠人次", "expert_times", False),
    ("服务企业数", "enterprises", False),
    ("其中专精特新", "enterprises_srdi", False),
    ("征集需求数", "requested", False),
    ("受理数", "accepted", False),
    ("解决问题数", "solved", False),
    ("部分解决", "partly", False),
    ("办结率（%）", "completion_rate", False),
    ("培训职工人数", "persons", False),
    ("提升技能人次", "attendances", False),
    ("结对师徒", "pairs", False),
    ("预计效益·一次性（元）", "estimated_once", True),
    ("预计效益·每年（元）", "estimated_yearly", True),
    ("已核实效益·一次性（元）", "verified_once", True),
    ("已核实效益·每年（元）", "verified_yearly", True),
    ("转五小", "leads_found", False),
    ("典型案例", "typical", False),
)
#: What was asked, told apart by the five lists, stands behind this figure.
TOLD_APART = "requested"
MONTHS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the 汇总表: an office with its figures, and what it was asked by reporting kind."""

    name: str
    figures: Figures
    kinds: Mapping[str, int]
    number: int | None = None


def ledger_workbook(scope: Scope, *, is_open: bool = False) -> bytes:
    """The workbook: 汇总表 with charts, 台账 line by line. `is_open` writes phones and contact names out."""
    import xlsxwriter

    out = io.BytesIO()
    # A formula that somebody typed is a text here: nothing is turned into formulas, numbers or links.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14, "font_name": "宋体"}),
        "head": book.add_format(
            {"bold": True, "bg_color": "#F5F6F7", "border": 1, "text_wrap": True, "valign": "vcenter"}
        ),
        "text": book.add_format({"text_wrap": True, "valign": "top", "border": 1}),
        "number": book.add_format({"valign": "top", "border": 1, "num_format": "#,##0.##"}),
        "money": book.add_format({"valign": "top", "border": 1, "num_format": "#,##0.00"}),
    }
    _summary(book, formats, scope)
    _entries(book, formats, scope, Secrecy(is_open))
    book.close()
    return out.getvalue()


def _summary(book: Any, formats: dict[str, Any], scope: Scope) -> None:
    sheet = book.add_worksheet("汇总表")
    lists = _lists()
    columns = headings()
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, len(columns) - 2, 11)
    sheet.set_column(len(columns) - 1, len(columns) - 1, 20)
    sheet.write_string(0, 0, f"{scope.office.name}劳模工匠助企行汇总表（{scope.period.label}）", formats["title"])
    for column, heading in enumerate(columns):
        sheet.write_string(2, column, heading, formats["head"])
    row = 3
    for line in _offices(scope):
        _line(sheet, formats, row, line, lists)
        row += 1
    kinds = read(scope).crossed(("requested", "solved"), ("kind", "month"))
    top, bottom = _table(sheet, formats, row + 1, "类别", ["征集", "解决"], _kinds(kinds["kind"]))
    _chart(book, sheet, top, bottom, 0, "按类别", "bar")
    top, bottom = _table(sheet, formats, bottom + 2, "月份", ["征集", "解决"], _months(scope, kinds["month"]))
    _chart(book, sheet, top, bottom, 8, "按月", "column")


def headings() -> list[str]:
    """The columns of the 汇总表, in their order; the remarks are written by hand."""
    told = ["序号", "工会"]
    for heading, figure, _money in SUMMARY:
        told.append(heading)
        if figure == TOLD_APART:
            told += [f"其中：{name}" for _code, name in _lists()]
    return [*told, "备注"]


def _lists() -> list[tuple[str, str]]:
    """The five lists, and what nobody has put on one yet: together they are the whole."""
    return [*choices("reporting_kinds"), ("", "尚未归类")]


def _offices(scope: Scope) -> list[Line]:
    """Each office straight below that has work, and the whole."""
    lines: list[Line] = []
    for child in scope.office.children:
        below = Scope(child, scope.period, with_samples=scope.with_samples)
        figures = measure(below)
        if figures.requested or figures.sessions:
            lines.append(Line(child.short_name, figures, _asked_by_kind(below), len(lines) + 1))
    name = f"{scope.office.short_name}（合计）" if lines else scope.office.short_name
    return [*lines, Line(name, measure(scope), _asked_by_kind(scope))]


def _asked_by_kind(scope: Scope) -> dict[str, int]:
    return read(scope).crossed((TOLD_APART,), ("kind",))["kind"][TOLD_APART]


def _line(sheet: Any, formats: dict[str, Any], row: int, line: Line, lists: list[tuple[str, str]]) -> None:
    sheet.write_string(row, 0, "" if line.number is None else str(line.number), formats["text"])
    sheet.write_string(row, 1, line.name, formats["text"])
    column = 2
    for _heading, figure, is_money in SUMMARY:
        value = getattr(line.figures, figure)
        if value is None:
            sheet.write_string(row, column, "", formats["text"])
        else:
            sheet.write_number(row, column, value, formats["money" if is_money else "number"])
        column += 1
        if figure == TOLD_APART:
            for code, _name in lists:
                sheet.write_number(row, column, line.kinds.get(code, 0), formats["number"])
                column += 1
    sheet.write_string(row, column, "", formats["text"])


def _kinds(counted: dict[str, dict[str, int]]) -> list[tuple[str, list[int]]]:
    names = [*choices("reporting_kinds"), ("", "（未填写）")]
    rows = [(name, [counted[figure].get(code, 0) for figure in ("requested", "solved")]) for code, name in names]
    return [row for row in rows if any(row[1])]


def _months(scope: Scope, counted: dict[str, dict[str, int]]) -> list[tuple[str, list[int]]]:
    names = [f"{first:%Y-%m}" for first in months_of(scope)][-MONTHS_SHOWN:]
    return [(name, [counted[figure].get(name, 0) for figure in ("requested", "solved")]) for name in names]


def _table(
    sheet: Any, formats: dict[str, Any], top: int, first: str, names: list[str], rows: list[tuple[str, list[int]]]
) -> tuple[int, int]:
    """Write a small table; returns (its heading's row, its last row)."""
    for column, heading in enumerate([first, *names]):
        sheet.write_string(top, column, heading, formats["head"])
    for offset, (label, numbers) in enumerate(rows, start=1):
        sheet.write_string(top + offset, 0, label, formats["text"])
        for column, number in enumerate(numbers, start=1):
            sheet.write_number(top + offset, column, number, formats["number"])
    return top, top + len(rows)


def _chart(book: Any, sheet: Any, top: int, bottom: int, across: int, title: str, kind: str) -> None:
    """A native chart beside the table, which the office can edit."""
    if bottom == top:
        return
    chart = book.add_chart({"type": kind})
    for column, colour in ((1, "#8A8F98"), (2, "#B3161B")):
        chart.add_series(
            {
                "name": ["汇总表", top, column],
                "categories": ["汇总表", top + 1, 0, bottom, 0],
                "values": ["汇总表", top + 1, column, bottom, column],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": title})
    sheet.insert_chart(top, 4 + across, chart)


def _entries(book: Any, formats: dict[str, Any], scope: Scope, secrecy: Secrecy) -> None:
    sheet = book.add_worksheet("台账")
    for column, (heading, width, _money) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, formats["head"])
    sheet.freeze_panes(1, 1)
    last = 0
    for last, line in enumerate(entries(scope, secrecy), start=1):
        for column, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(last, column, value[:32_000], formats["text"])
            else:
                sheet.write_number(last, column, value, formats["money" if COLUMNS[column][2] else "number"])
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
