"""Downloads to hand in: the Excel ledger and the Word brief, and the office's own template of the brief."""

from typing import Any

from flask import flash, get_template_attribute, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from matcher.access.doors import report_for
from matcher.access.rights import Right, may, require
from matcher.db import db
from matcher.errors import BadInput
from matcher.models import Report, ReportState
from matcher.services import briefs, reports
from matcher.services.exports import (
    Chart,
    brief_document,
    check_brief_template,
    default_brief_template,
    ledger_workbook,
)
from matcher.services.exports.templates import keep_template, template_of
from matcher.services.figures import Figures, Scope, measure, read
from matcher.services.figures.table import STEPS
from matcher.services.history import record
from matcher.services.words import word
from matcher.web import once, photos
from matcher.web.downloads import DOCX, XLSX, as_file
from matcher.web.errors import sentence
from matcher.web.gates import actor, staff
from matcher.web.reports.asked import asked_scope
from matcher.web.reports.blueprint import bp
from matcher.web.reports.figures import breakdown, months_for_chart


@bp.get("/export/ledger.xlsx")
def ledger_file() -> Response:
    """台账 and 汇总表 of the scope; contacts masked."""
    scope = asked_scope()
    require(staff(), Right.EXPORT, scope.office)
    body = ledger_workbook(scope)
    record(actor(), "export.ledger", office=scope.office, period=scope.period.code)
    db.session.commit()
    return as_file(body, f"{scope.office.name}_助企行台账_{scope.period.label}.xlsx", XLSX)


@bp.get("/export/brief.docx")
def brief_file() -> Response:
    """The brief of the scope, or of a handed-in report with its frozen words and numbers."""
    scope = asked_scope()
    require(staff(), Right.EXPORT, scope.office)
    figures = measure(scope)
    return _brief(scope, figures, briefs.paragraph(figures, scope))


@bp.get("/versions/<int:report_id>/brief.docx")
def version_file(report_id: int) -> Response:
    """The brief of one version: what was frozen stays what it was."""
    report = _report(report_id)
    scope = reports.scope_of(report)
    figures = measure(scope) if report.state is ReportState.DRAFT else Figures.from_json(report.figures)
    return _brief(scope, figures, report.paragraph)


@bp.get("/template")
def brief_template() -> str:
    """The office's template of the brief."""
    require(staff(), Right.READ_FIGURES, staff().office)
    return _template_page()


@bp.get("/template.docx")
def template_file() -> Response:
    """The template in use, to be changed in Word."""
    require(staff(), Right.READ_FIGURES, staff().office)
    body = template_of(staff().office, store=photos.store()) or default_brief_template()
    return as_file(body, "助企行简报模板.docx", DOCX)


@bp.post("/template")
def keep_brief_template() -> Any:
    """Take the office's own template, or go back to the one we ship."""
    require(staff(), Right.DRAFT_REPORT, staff().office)
    if (before := once.taken_before()) is not None:
        return before
    sent = request.files.get("template")
    try:
        if "reset" in request.form:
            keep_template(staff().office, None, store=photos.store(), by=actor())
        elif isinstance(sent, FileStorage) and sent.filename:
            data = sent.read()
            check_brief_template(data)
            keep_template(staff().office, data, store=photos.store(), by=actor())
        else:
            raise BadInput("请选择一个 .docx 文件。", field="template")
    except BadInput as error:
        db.session.rollback()
        return _template_page(sentence(error)), error.status
    flash(_("模板已更新。"))
    return once.done(url_for(".brief_template"))


def charts_of(scope: Scope, figures: Figures) -> list[Chart]:
    """The drawings of the page, for the document."""
    bars = get_template_attribute("macros/charts.html", "bars")
    columns = get_template_attribute("macros/charts.html", "columns")
    reading = read(scope)
    kinds = [(part.label, part.numbers[0]) for part in breakdown(reading, "kind", lambda c: word("reporting_kinds", c))]
    hours = [(STEPS[step], spent) for step, spent in figures.response.items()]
    drawn = [Chart("按月征集和解决", str(columns(months_for_chart(reading), ["征集", "解决"], "按月征集和解决")))]
    if kinds:
        drawn.append(Chart("按上报类别", str(bars(kinds, "按上报类别"))))
    if hours:
        drawn.append(Chart("各环节用时（中位数，工作小时）", str(bars(hours, "各环节用时", " 小时"))))
    return drawn


def _brief(scope: Scope, figures: Figures, paragraph: str) -> Response:
    template = template_of(scope.office, store=photos.store())
    body = brief_document(scope, figures, paragraph, charts_of(scope, figures), template=template)
    record(actor(), "export.brief", office=scope.office, period=scope.period.code)
    db.session.commit()
    return as_file(body, f"{scope.office.name}_助企行简报_{scope.period.label}.docx", DOCX)


def _template_page(message: str = "") -> str:
    has_own = bool(staff().office.settings.get("brief_docx"))
    may_change = may(staff(), Right.DRAFT_REPORT, staff().office)
    return render_template("reports/template.html", has_own=has_own, may_change=may_change, message=message)


def _report(report_id: int) -> Report:
    from_door = report_for(staff(), report_id)
    require(staff(), Right.READ_FROZEN if from_door.state is not ReportState.DRAFT else Right.EXPORT, from_door)
    return from_door
