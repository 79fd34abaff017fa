"""报告: an office's figures for a period: drafted, submitted (frozen), taken or returned by the office above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from matcher.db import db, now
from matcher.errors import BadInput, NotAllowed, WrongMove
from matcher.models import Actor, Office, Report, ReportState, Role
from matcher.plain.periods import Period, between
from matcher.services import briefs, notices
from matcher.services.figures import Figures, Scope, measure
from matcher.services.figures.listing import lines
from matcher.services.figures.table import ROWS, told
from matcher.services.history import first_come, record, step

LONGEST = 5_000
#: Figures whose lists are frozen with the report: the numbers can be opened as they were.
LISTED = tuple(dict.fromkeys(of for _code, _name, _unit, of in ROWS))


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is no longer what was submitted."""

    name: str
    unit: str
    frozen: Any
    live: Any
    list_code: str


@dataclass(frozen=True, slots=True)
class Collected:
    """What an office below has handed in for a period: its newest version, or nothing yet."""

    office: Office
    report: Report | None

    @property
    def figures(self) -> Figures | None:
        """The figures as submitted."""
        return Figures.from_json(self.report.figures) if self.report is not None and self.report.figures else None


def scope_of(report: Report) -> Scope:
    """What the report is about."""
    return Scope(report.office, between(report.starts_on, report.ends_on))


def draft(office: Office, period: Period, *, by: Actor) -> Report:
    """A new version's draft with the county's own sentence. One draft at a time per office and period."""
    newest = newest_version(office, period)
    if newest is not None and newest.state is ReportState.DRAFT:
        return newest
    if newest is not None and newest.state is ReportState.SUBMITTED:
        raise WrongMove("上一版已提交，等上级接收或退回后再起草新的一版。")
    scope = Scope(office, period)
    report = Report(
        office=office,
        starts_on=period.start,
        ends_on=period.end,
        number=newest.number + 1 if newest is not None else 1,
        state=ReportState.DRAFT,
        title=f"{office.name}劳模工匠助企行情况（{period.label}）",
        paragraph=briefs.paragraph(measure(scope), scope),
        drafted_by_id=by.user.id if by.user else None,
    )
    db.session.add(report)
    with first_come("同事刚刚起草了这份报告，请刷新页面。"):
        record(by, "report.draft", report, period=period.code, version=report.number)
    return report


def edit(report: Report, *, title: str, paragraph: str, by: Actor) -> None:
    """Change the words of a draft; the numbers are held against the figures when it is submitted."""
    if report.state is not ReportState.DRAFT:
        raise WrongMove("已提交的报告不能修改；如需更正，请起草新的一版。")
    if not title.strip():
        raise BadInput("请填写标题。", field="title")
    if len(paragraph) > LONGEST:
        raise BadInput("正文最多 %(most)d 个字。", field="paragraph", most=LONGEST)
    report.title, report.paragraph = title.strip()[:200], paragraph.strip()
    record(by, "report.edit", report)


def check(report: Report, figures: Figures) -> list[briefs.Wrong]:
    """The numbers of the draft's text that the figures do not bear out."""
    return briefs.wrong_numbers(report.paragraph, figures, scope_of(report))


def submit(report: Report, *, by: Actor) -> None:
    """Freeze figures, text and lists, and hand them to the office above.

    Raises BadInput that names the first number of the text that differs from the query.
    """
    scope = scope_of(report)
    figures = measure(scope)
    if wrong := check(report, figures):
        raise BadInput(
            "正文里的“%(said)s”与统计不符%(exact)s。", field="paragraph", said=wrong[0].text, exact=_exact(wrong[0])
        )
    sets = {
        "figures": figures.as_json(),
        "case_list": _frozen_lists(scope),
        "submitted_at": now(),
        "submitted_by_id": by.user.id if by.user else None,
    }
    step(report, "submit", by=by, sets=sets, version=report.number)
    if report.office.parent is not None:
        for role in (Role.WRITER, Role.LEADER):
            notices.tell_office(
                report.office.parent, "report", f"{report.office.name}提交了报告", report.title, role=role
            )


def take(report: Report, *, by: Actor) -> None:
    """The office above accepts it."""
    step(report, "take", by=as_upper(by, report), sets={"answered_at": now()})
    notices.tell_office(report.office, "report_taken", "报告已接收", report.title, role=Role.WRITER)


def send_back(report: Report, remarks: str, *, by: Actor) -> None:
    """The office above returns it with remarks; a new version answers them."""
    if not remarks.strip():
        raise BadInput("请写明退回的意见。", field="remarks")
    sets = {"answered_at": now(), "remarks": remarks.strip()[:2000]}
    step(report, "return", by=as_upper(by, report), sets=sets)
    notices.tell_office(report.office, "report_returned", "报告被退回", remarks.strip(), role=Role.WRITER)


def differences(report: Report) -> list[Difference]:
    """Figures that have changed since the report was frozen."""
    if not report.figures:
        return []
    frozen, live = Figures.from_json(report.figures), measure(scope_of(report))
    return [
        Difference(row.name, row.unit, row.value, after.value, row.list_code)
        for row, after in zip(told(frozen), told(live), strict=True)
        if row.value != after.value
    ]


def collected(office: Office, period: Period) -> list[Collected]:
    """Every office straight below with what it has handed in for exactly this period; drafts do not count."""
    newest: dict[int, Report] = {}
    query = select(Report).where(
        Report.office_id.in_([child.id for child in office.children]),
        Report.starts_on == period.start,
        Report.ends_on == period.end,
        Report.state != ReportState.DRAFT,
    )
    for report in db.session.scalars(query.order_by(Report.number)):
        newest[report.office_id] = report
    return [Collected(child, newest.get(child.id)) for child in office.children if child.is_active]


def total(rows: Sequence[Collected]) -> dict[str, Any]:
    """The sum of what was handed in, figure by figure; shares and medians have no sum. Returned ones are left out."""
    handed = [row.figures for row in rows if row.report is not None and row.report.state is not ReportState.RETURNED]
    summed = [code for code, _name, _unit, _of in ROWS if code != "completion_rate"]
    return {code: sum(getattr(figures, code) for figures in handed if figures is not None) for code in summed}


def newest_version(office: Office, period: Period) -> Report | None:
    """The last version of the office's report for exactly this period."""
    query = select(Report).filter_by(office_id=office.id, starts_on=period.start, ends_on=period.end)
    return db.session.scalar(query.order_by(Report.number.desc()).limit(1))


def as_upper(by: Actor, report: Report) -> Actor:
    """The actor as the office above; NotAllowed for anybody else, the report's own office above all."""
    office = by.office
    if office is None or office.id == report.office_id or not office.contains(report.office):
        raise NotAllowed("报告由上级工会接收或退回。")
    return Actor(user=by.user, address=by.address, is_upper=True)


def frozen_lines(report: Report, code: str) -> list[dict[str, Any]]:
    """The list behind a number as it was when the report was submitted."""
    return [line for line in report.case_list if line["figure"] == code]


def _frozen_lists(scope: Scope) -> list[dict[str, Any]]:
    return [
        {
            "figure": code,
            "key": line.key,
            "day": line.day.isoformat() if line.day else "",
            "what": line.what,
            "id": line.what_id,
            "number": line.number,
            "title": line.title,
            "amount": str(line.amount) if line.amount is not None else "",
            "per": str(line.per),
            "tag": str(line.tag),
        }
        for code in LISTED
        for line in lines(code, scope)
    ]


def _exact(wrong: briefs.Wrong) -> str:
    return f"（统计为 {wrong.exact}）" if wrong.exact else ""
