"""Papers of a case at the desk: the visit sheet to print, and scans, photos and evidence that came in."""

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from matcher.access.doors import benefit_for, case_for
from matcher.access.rights import Right, require
from matcher.errors import BadInput, NotFound, WrongMove
from matcher.models import Benefit, Case
from matcher.services import attachments
from matcher.services.briefing import briefing
from matcher.web import once, photos, sheets
from matcher.web.desk.blueprint import bp
from matcher.web.gates import actor, staff


@bp.get("/cases/<int:case_id>/sheet")
def sheet(case_id: int) -> str:
    """The visit sheet, as the lead's briefing says it."""
    case = case_for(staff(), case_id)
    lead = case.lead or next(iter(case.dispatches), None)
    if lead is None:
        raise WrongMove("这个服务单还没有专家。")
    return sheets.page(case, briefing(lead))


@bp.post("/attach/<kind>/<int:thing_id>")
def attach(kind: str, thing_id: int) -> Any:
    """Hang photos and papers on a case, or on a line of the ledger as its evidence."""
    if (before := once.taken_before()) is not None:
        return before
    thing: Case | Benefit
    if kind == "case":
        thing = case_for(staff(), thing_id)
    elif kind == "benefit":
        thing = benefit_for(staff(), thing_id)
    else:
        raise NotFound("没有找到。")
    case = thing if isinstance(thing, Case) else thing.case
    require(staff(), Right.RECORD, case.problem)
    files = [f for f in request.files.getlist("files") if isinstance(f, FileStorage) and f.filename]
    if not files:
        raise BadInput("请选择要上传的文件。", field="files")
    for sent in files:
        attachments.attach(thing, sent.read(), sent.filename or "", store=photos.store(), by=actor())
    flash(_("已上传 %(n)s 个文件。", n=len(files)))
    if kind == "benefit":
        return once.done(url_for("reports.ledger_case", case_id=case.id))
    return once.done(url_for("desk.problem", problem_id=case.problem_id))
