"""Reports that are handed in: drafted, edited, submitted, taken or returned; and what the counties have handed in."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from matcher.access.doors import case_for, office_for, report_for, visible_reports
from matcher.access.rights import Right, may, require
from matcher.db import db, today
from matcher.errors import BadInput, MatcherError
from matcher.models import Case, Report, ReportState
from matcher.plain.errors import PlainError
from matcher.plain.periods import parse, preset
from matcher.services import reports
from matcher.services.figures import DEFINITIONS, Figures, Scope, measure
from matcher.services.figures.table import ROWS, told
from matcher.web import once
from matcher.web.errors import put_on_form
from matcher.web.gates import actor, staff
from matcher.web.reports.asked import asked_scope, kept, presets
from matcher.web.reports.blueprint import bp
from matcher.web.reports.figures import REPORTING, period_label

#: So many reports of the subtree are listed, the newest first.
MOST = 200
#: What the city sees of each county's report.
COLLECTED = (
    "sessions",
    "expert_times",
    "enterprises",
    "requested",
    "solved",
    "persons",
    "attendances",
    "estimated_once",
    "estimated_yearly",
    "verified_once",
    "verified_yearly",
)


class ReportForm(FlaskForm):
    """The words of a draft."""

    title = StringField(_l("标题"), [DataRequired(_l("请填写标题。")), Length(max=200)])
    paragraph = TextAreaField(_l("正文"), [DataRequired(_l("请填写正文。")), Length(max=reports.LONGEST)])


@bp.get("/versions", endpoint="versions")
def versions_page() -> str:
    """Every report of the subtree, and for an office with others below it who has handed in for a period."""
    scope = (
        asked_scope()
        if request.args
        else Scope(staff().office, preset("half" if today().month <= 6 else "year", today()))
    )
    found = db.session.scalars(visible_reports(staff()).order_by(Report.id.desc()).limit(MOST)).all()
    rows = [row for row in reports.collected(scope.office, scope.period) if row.office.level in REPORTING]
    return render_template(
        "reports/versions.html",
        reports=found,
        scope=scope,
        kept=kept,
        presets=presets(scope.office),
        period_label=period_label(scope.period),
        label_of=lambda report: period_label(reports.scope_of(report).period),
        rows=rows,
        sums=reports.total(rows) if rows else {},
        columns=[row for row in ROWS if row[0] in COLLECTED],
        may_draft=may(staff(), Right.DRAFT_REPORT, staff().office),
    )


@bp.post("/versions")
def draft_report() -> Any:
    """Draft the office's report for a period."""
    if (before := once.taken_before()) is not None:
        return before
    office = office_for(staff(), request.form.get("office", type=int) or staff().office_id)
    require(staff(), Right.DRAFT_REPORT, office)
    period = parse(request.form.get("period", ""), today(), office.started_on)
    report = reports.draft(office, period, by=actor())
    db.session.flush()
    return once.done(url_for(".version", report_id=report.id))


@bp.get("/versions/<int:report_id>")
def version(report_id: int) -> str:
    """One report: the words, the numbers as frozen, what has changed since, and what may be done."""
    report = _report_for(report_id)
    return _page(report, ReportForm(title=report.title, paragraph=report.paragraph, formdata=None))


@bp.post("/versions/<int:report_id>")
def edit_report(report_id: int) -> Any:
    """Keep the words of the draft; with "submit" pressed, hand it in."""
    if (before := once.taken_before()) is not None:
        return before
    report, form = _report_for(report_id), ReportForm()
    require(staff(), Right.SUBMIT_REPORT if "submit" in request.form else Right.DRAFT_REPORT, report)
    if not form.validate_on_submit():
        return _page(report, form), BadInput.status
    try:
        reports.edit(report, title=form.title.data or "", paragraph=form.paragraph.data or "", by=actor())
        if "submit" in request.form:
            reports.submit(report, by=actor())
            flash(_("报告已提交，数字和清单已固定。"))
        else:
            flash(_("草稿已保存。"))
    except BadInput as error:
        db.session.rollback()
        put_on_form(form, error)
        return _page(_report_for(report_id), form), error.status
    return once.done(url_for(".version", report_id=report_id))


@bp.post("/versions/<int:report_id>/<any(take, return):answer>")
def answer_report(report_id: int, answer: str) -> Any:
    """The office above takes it, or returns it with remarks."""
    if (before := once.taken_before()) is not None:
        return before
    report = _report_for(report_id)
    require(staff(), Right.TAKE_REPORT, report)
    form = ReportForm(title=report.title, paragraph=report.paragraph, formdata=None)
    try:
        if answer == "take":
            reports.take(report, by=actor())
        else:
            reports.send_back(report, request.form.get("remarks", ""), by=actor())
    except (MatcherError, PlainError) as error:
        db.session.rollback()
        put_on_form(form, error)
        return _page(_report_for(report_id), form), BadInput.status
    flash(_("已接收。") if answer == "take" else _("已退回，并告诉对方。"))
    return once.done(url_for(".version", report_id=report_id))


@bp.get("/versions/<int:report_id>/lines/<code>")
def frozen_lines(report_id: int, code: str) -> str:
    """The list behind a number as it was when the report was handed in."""
    report = _report_for(report_id)
    name = next((name for _c, name, _u, of in ROWS if of == code), code)
    return render_template("reports/frozen.html", report=report, name=name, lines=reports.frozen_lines(report, code))


@bp.get("/cases/<int:case_id>")
def case_of(case_id: int) -> Any:
    """A case is read on its problem's page."""
    case: Case = case_for(staff(), case_id)
    return redirect(url_for("desk.problem", problem_id=case.problem_id, _anchor=f"case-{case.id}"))


def _report_for(report_id: int) -> Report:
    report = report_for(staff(), report_id)
    require(staff(), Right.READ_FROZEN if report.state is not ReportState.DRAFT else Right.READ_FIGURES, report)
    return report


def _page(report: Report, form: ReportForm) -> str:
    is_draft = report.state is ReportState.DRAFT
    figures = measure(reports.scope_of(report)) if is_draft else Figures.from_json(report.figures)
    user = staff()
    return render_template(
        "reports/version.html",
        report=report,
        form=form,
        rows=told(figures),
        definitions=DEFINITIONS,
        is_draft=is_draft,
        wrong=reports.check(report, figures) if is_draft else [],
        differences=[] if is_draft else reports.differences(report),
        period_label=period_label(reports.scope_of(report).period),
        scope=reports.scope_of(report),
        kept=kept,
        may_edit=is_draft and may(user, Right.DRAFT_REPORT, report),
        may_submit=is_draft and may(user, Right.SUBMIT_REPORT, report),
        may_take=report.state is ReportState.SUBMITTED and may(user, Right.TAKE_REPORT, report),
        may_draft_again=report.state in (ReportState.RETURNED, ReportState.TAKEN)
        and may(user, Right.DRAFT_REPORT, report),
    )
