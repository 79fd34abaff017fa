"""Lending: ask a sister office for an expert; agree, refuse or end where the expert is ours."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, or_, select

from matcher.access.doors import visible_problems
from matcher.access.rights import Right, require
from matcher.db import db
from matcher.errors import BadInput, NotFound
from matcher.models import Expert, ExpertState, Loan, Office, Problem
from matcher.services import loans
from matcher.web import once
from matcher.web.desk.blueprint import bp
from matcher.web.desk.forms import LoanForm
from matcher.web.gates import actor, staff

#: A sister's roster is shown by search only, a few lines at a time, without phones.
MOST = 20


@bp.get("/loans")
def loans_page() -> str:
    """Requests of ours and to us, and the search among the sisters' experts."""
    said = request.args.get("q", "").strip()
    return render_template("desk/loans.html", said=said, found=_found(said), asked=_asked(), form=LoanForm())


@bp.post("/loans/ask/<int:expert_id>")
def ask_loan(expert_id: int) -> Any:
    """Ask the expert's office."""
    if (before := once.taken_before()) is not None:
        return before
    require(staff(), Right.ROSTER, staff().office)
    form = LoanForm()
    if not form.validate_on_submit():
        raise BadInput("请写明原因。")
    expert = db.session.scalar(_sisters().where(Expert.id == expert_id))
    if expert is None:
        raise NotFound("没有找到，或者不属于您的工会。")
    loans.ask(expert, staff().office, form.reason.data, by=actor(), problem=_problem(form.number.data))
    flash(_("已向 %(office)s 请求借调 %(name)s。", office=expert.office.name, name=expert.name))
    return once.done(url_for("desk.loans_page"))


@bp.post("/loans/<int:loan_id>/<any(agree, refuse, end):answer>")
def answer_loan(loan_id: int, answer: str) -> Any:
    """Agree, refuse or end."""
    if (before := once.taken_before()) is not None:
        return before
    loan = db.session.get(Loan, loan_id)
    if loan is None or not staff().office.contains(loan.expert.office):
        raise NotFound("没有找到，或者不属于您的工会。")
    require(staff(), Right.ROSTER, loan.expert)
    acts: dict[str, Callable[..., None]] = {"agree": loans.agree, "refuse": loans.refuse, "end": loans.end}
    acts[answer](loan, by=actor())
    flash(_("已答复。"))
    return once.done(url_for("desk.loans_page"))


def _asked() -> list[Loan]:
    """Loans in which our subtree lends or borrows, newest first."""
    path = staff().office.path
    ours = select(Office.id).where(Office.path.startswith(path))
    lent = select(Expert.id).where(Expert.office_id.in_(ours))
    query = select(Loan).where(or_(Loan.office_id.in_(ours), Loan.expert_id.in_(lent)))
    return list(db.session.scalars(query.order_by(Loan.id.desc()).limit(100)))


def _sisters() -> Select[Expert]:
    """Experts of the offices beside ours; there are none beside the topmost."""
    office = staff().office
    return (
        select(Expert)
        .join(Office, Expert.office_id == Office.id)
        .where(
            Office.parent_id == office.parent_id,
            Office.id != office.id,
            Expert.state == ExpertState.ACTIVE,
        )
    )


def _found(said: str) -> list[Expert]:
    """A few of them, by name, pinyin or trade."""
    if not said:
        return []
    says = (
        Expert.search_key.contains(said.lower(), autoescape=True),
        Expert.trade.icontains(said, autoescape=True),
    )
    query = _sisters().where(or_(*says)).order_by(Expert.name, Expert.id)
    return list(db.session.scalars(query.limit(MOST)))


def _problem(number: str) -> Problem | None:
    if not number:
        return None
    return db.session.scalar(visible_problems(staff()).where(Problem.number == number))
