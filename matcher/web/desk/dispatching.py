"""点将 and what the office answers: send, recall, agree to terms or refuse them."""

from collections.abc import Callable
from typing import Any

from flask import flash, url_for
from flask_babel import gettext as _

from matcher.access.doors import dispatch_for, expert_for, problem_for
from matcher.access.rights import Right, require
from matcher.errors import BadInput
from matcher.models import Dispatch, DispatchRole
from matcher.services import dispatch
from matcher.web import once
from matcher.web.desk.blueprint import bp
from matcher.web.desk.forms import OfferForm, ReasonForm
from matcher.web.desk.problem import show
from matcher.web.gates import actor, staff


@bp.post("/problems/<int:problem_id>/offer")
def offer(problem_id: int) -> Any:
    """点将: one press sends the offer; a second press, or a colleague's, sends no second one."""
    if (before := once.taken_before()) is not None:
        return before
    problem = problem_for(staff(), problem_id)
    require(staff(), Right.HANDLE, problem)
    form = OfferForm()
    if not form.validate_on_submit():
        return show(problem, wrong={"offer": form}), BadInput.status
    role = DispatchRole.MEMBER if form.role.data == DispatchRole.MEMBER else DispatchRole.LEAD
    expert = expert_for(staff(), int(form.expert_id.data))
    dispatch.offer(problem, expert, by=actor(), role=role, message=form.message.data)
    flash(_("已点将 %(name)s，等待答复。可在“通知”里复制消息转告。", name=expert.name))
    return once.done(url_for("desk.problem", problem_id=problem_id))


@bp.post("/dispatches/<int:dispatch_id>/recall")
def recall(dispatch_id: int) -> Any:
    """Take the offer, or the promise, back."""
    return _answer(dispatch_id, dispatch.recall, _("已收回点将。"))


@bp.post("/dispatches/<int:dispatch_id>/refuse")
def refuse(dispatch_id: int) -> Any:
    """Not on these terms."""
    return _answer(dispatch_id, dispatch.refuse, _("已谢绝专家的条件，可另选专家。"))


@bp.post("/dispatches/<int:dispatch_id>/agree")
def agree(dispatch_id: int) -> Any:
    """On these terms."""
    if (before := once.taken_before()) is not None:
        return before
    sent = _dispatch(dispatch_id)
    dispatch.agree(sent, by=actor())
    flash(_("已同意 %(name)s 的条件。", name=sent.expert.name))
    return once.done(url_for("desk.problem", problem_id=sent.problem_id))


def _answer(dispatch_id: int, act: Callable[..., None], said: str) -> Any:
    if (before := once.taken_before()) is not None:
        return before
    sent = _dispatch(dispatch_id)
    form = ReasonForm(prefix=f"{act.__name__}-{dispatch_id}-")
    if not form.validate_on_submit():
        return show(sent.problem, wrong={f"{act.__name__}-{dispatch_id}": form}), BadInput.status
    act(sent, form.reason.data, by=actor())
    flash(said)
    return once.done(url_for("desk.problem", problem_id=sent.problem_id))


def _dispatch(dispatch_id: int) -> Dispatch:
    sent = dispatch_for(staff(), dispatch_id)
    require(staff(), Right.HANDLE, sent.problem)
    return sent
