"""投诉建议 at the desk: read, and answered with what was done."""

from typing import Any

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from matcher.access.doors import complaint_for, visible_complaints
from matcher.access.rights import Right, may, require
from matcher.db import db
from matcher.errors import BadInput
from matcher.models import Complaint
from matcher.services import complaints
from matcher.web import once
from matcher.web.desk.blueprint import bp
from matcher.web.desk.forms import AnswerForm
from matcher.web.gates import actor, staff

PER_PAGE = 50


@bp.get("/complaints", endpoint="complaints")
def complaint_list() -> str:
    """What has no answer yet comes first."""
    return _page()


@bp.post("/complaints/<int:complaint_id>")
def answer_complaint(complaint_id: int) -> Any:
    """Write down what was answered or done."""
    if (before := once.taken_before()) is not None:
        return before
    complaint = complaint_for(staff(), complaint_id)
    require(staff(), Right.HANDLE, complaint)
    form = AnswerForm(prefix=f"c{complaint_id}-")
    if not form.validate_on_submit():
        return _page(wrong=form), BadInput.status
    complaints.answer(complaint, form.answer.data, by=actor())
    flash(_("已记下处理结果。"))
    return once.done(url_for("desk.complaints"))


def _page(*, wrong: AnswerForm | None = None) -> str:
    user = staff()
    require(user, Right.READ_COMPLAINTS, user.office)
    open_first = (Complaint.answered_at.is_not(None), Complaint.id.desc())
    query = visible_complaints(user).order_by(*open_first)
    page = db.paginate(query, per_page=PER_PAGE, max_per_page=PER_PAGE)
    may_answer = {complaint.id for complaint in page.items if may(user, Right.HANDLE, complaint)}
    return render_template("desk/complaints.html", page=page, may_answer=may_answer, wrong=wrong)
