"""五小线索: the register, the questions that are asked first, the form, and the Word file."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from matcher.access.doors import case_for, lead_for, visible_leads
from matcher.access.rights import Right, may, require
from matcher.db import db
from matcher.errors import BadInput
from matcher.models import Actor, Lead, LeadState
from matcher.services import leads
from matcher.services.exports.lead import lead_document
from matcher.web import once
from matcher.web.desk.blueprint import bp
from matcher.web.downloads import DOCX, as_file
from matcher.web.errors import sentence
from matcher.web.gates import actor, staff

PER_PAGE = 50
MOVES: dict[str, Callable[..., None]] = {
    "submit": leads.submit,
    "award": leads.award,
    "pass_over": leads.pass_over,
    "drop": leads.give_up,
}


@bp.get("/leads", endpoint="leads")
def lead_list() -> str:
    """The register: found, drafted, submitted, and what came of them."""
    state = request.args.get("state", "")
    query = visible_leads(staff()).order_by(Lead.id.desc())
    counted = select(Lead.state, func.count()).where(Lead.id.in_(visible_leads(staff()).with_only_columns(Lead.id)))
    if state in list(LeadState):
        query = query.where(Lead.state == LeadState(state))
    return render_template(
        "desk/leads.html",
        page=db.paginate(query, per_page=PER_PAGE, error_out=False),
        counts=dict(db.session.execute(counted.group_by(Lead.state)).all()),
        states=list(LeadState),
        state=state,
    )


@bp.route("/cases/<int:case_id>/lead", methods=["GET", "POST"])
def find_lead(case_id: int) -> Any:
    """The exclusion questions; who answers none of them with yes gets the form, filled in from the case."""
    case = case_for(staff(), case_id)
    require(staff(), Right.HANDLE, case.problem)
    if request.method == "POST" and (before := once.taken_before()) is not None:
        return before
    if (known := leads.lead_of(case)) is not None:
        return once.done(url_for(".lead", lead_id=known.id))
    message = ""
    if request.method == "POST":
        try:
            lead = leads.find(case, request.form.getlist("excluded"), by=actor())
            return once.done(url_for(".lead", lead_id=lead.id))
        except BadInput as error:
            db.session.rollback()
            message = sentence(error)
            case = case_for(staff(), case_id)
    page = render_template("desk/lead_questions.html", case=case, questions=leads.EXCLUSIONS, message=message)
    return (page, BadInput.status) if message else page


@bp.get("/leads/<int:lead_id>")
def lead(lead_id: int) -> str:
    """One lead and its form."""
    return _page(lead_for(staff(), lead_id))


@bp.post("/leads/<int:lead_id>")
def draft_lead(lead_id: int) -> Any:
    """Keep what was filled in."""
    if (before := once.taken_before()) is not None:
        return before
    found = lead_for(staff(), lead_id)
    require(staff(), Right.HANDLE, found)
    try:
        leads.draft(found, request.form, request.form.get("kind", ""), by=actor())
    except BadInput as error:
        db.session.rollback()
        return _page(lead_for(staff(), lead_id), message=sentence(error)), error.status
    flash(_("已保存。"))
    return once.done(url_for(".lead", lead_id=lead_id))


@bp.post("/leads/<int:lead_id>/<any(submit, award, pass_over, drop):move>")
def move_lead(lead_id: int, move: str) -> Any:
    """Submitted, won, passed over, or dropped."""
    if (before := once.taken_before()) is not None:
        return before
    found, by = lead_for(staff(), lead_id), actor()
    require(staff(), Right.HANDLE, found)
    _act(found, move, by)
    flash(_("已登记。"))
    return once.done(url_for(".lead", lead_id=lead_id))


@bp.get("/leads/<int:lead_id>.docx")
def lead_file(lead_id: int) -> Response:
    """The form as a Word document."""
    found = lead_for(staff(), lead_id)
    return as_file(lead_document(found), f"五小申报表_{found.form.get('name', '')[:30]}.docx", DOCX)


def _act(found: Lead, move: str, by: Actor) -> None:
    MOVES[move](found, by=by)


def _page(found: Lead, *, message: str = "") -> str:
    return render_template(
        "desk/lead.html",
        lead=found,
        fields=leads.FIELDS,
        needed=leads.NEEDED,
        form=request.form if message else found.form,
        kind=request.form.get("kind") if message else found.kind,
        message=message,
        may_change=may(staff(), Right.HANDLE, found),
    )
