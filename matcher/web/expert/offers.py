"""What an expert is asked, and the answer in one press: yes, yes-but, no-because."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matcher.access.links import attachment_on, dispatches_of, own_dispatch
from matcher.db import db
from matcher.errors import BadInput
from matcher.models import DeclineReason, Dispatch, DispatchState, TermsKind
from matcher.services import attachments, dispatch
from matcher.services.briefing import briefing
from matcher.web import fields, once, photos
from matcher.web.errors import sentence
from matcher.web.expert.blueprint import bp
from matcher.web.gates import acting_expert, expert_actor

WAITING = (DispatchState.OFFERED, DispatchState.TERMS)


@bp.get("/")
def home() -> str:
    """Offers that wait, work in hand, and what is done."""
    query = dispatches_of(acting_expert()).order_by(Dispatch.id.desc()).limit(100)
    rows = list(db.session.scalars(query))
    return render_template(
        "expert/home.html",
        waiting=[d for d in rows if d.state in WAITING],
        working=[d for d in rows if d.state is DispatchState.ACCEPTED],
        past=[d for d in rows if d.state not in (*WAITING, DispatchState.ACCEPTED)],
    )


@bp.get("/offers/<int:dispatch_id>")
def offer(dispatch_id: int) -> str:
    """What, where, when; names and phones are masked until the answer is yes."""
    return _page(own_dispatch(acting_expert(), dispatch_id))


@bp.post("/offers/<int:dispatch_id>/accept")
def accept(dispatch_id: int) -> Response:
    """Yes."""
    if (before := once.taken_before()) is not None:
        return before
    case = dispatch.accept(own_dispatch(acting_expert(), dispatch_id), by=expert_actor())
    flash(_("谢谢您！联系方式和地址现在可以看到了。"))
    db.session.flush()
    return once.done(url_for(".case", case_id=case.id))


@bp.post("/offers/<int:dispatch_id>/terms")
def terms(dispatch_id: int) -> Response | tuple[str, int]:
    """Yes, but. A condition that is not complete comes back with what was typed."""
    if (before := once.taken_before()) is not None:
        return before
    asked = own_dispatch(acting_expert(), dispatch_id)
    try:
        dispatch.set_terms(asked, _terms(), by=expert_actor())
    except BadInput as error:
        return _wrong(dispatch_id, "terms", error)
    flash(_("已告诉工会您的条件，请等待答复。"))
    return once.done(url_for(".offer", dispatch_id=asked.id))


@bp.post("/offers/<int:dispatch_id>/decline")
def decline(dispatch_id: int) -> Response | tuple[str, int]:
    """No, because. A reason that is not complete comes back with what was typed."""
    if (before := once.taken_before()) is not None:
        return before
    asked = own_dispatch(acting_expert(), dispatch_id)
    try:
        reason = fields.one_of(DeclineReason, request.form.get("reason", ""), field="reason")
        until = fields.day(request.form["until"], field="until") if request.form.get("until") else None
        text = fields.words(request.form.get("text"), field="text", most=1_000)
        dispatch.decline(asked, reason, by=expert_actor(), text=text, until=until)
    except BadInput as error:
        return _wrong(dispatch_id, "decline", error)
    flash(_("已告诉工会，谢谢您的答复。"))
    return once.done(url_for(".home"))


@bp.get("/offers/<int:dispatch_id>/files/<int:attachment_id>")
def offer_file(dispatch_id: int, attachment_id: int) -> Response:
    """A photo of the problem one is asked about."""
    menu = own_dispatch(acting_expert(), dispatch_id).problem.menu
    return photos.send(attachment_on(menu, attachment_id))


def _page(asked: Dispatch, *, wrong: str = "", message: str = "") -> str:
    problem = asked.problem
    pictures = [*attachments.attachments_of(problem), *attachments.attachments_of(problem.menu)]
    return render_template(
        "expert/offer.html",
        asked=asked,
        told=briefing(asked),
        pictures=pictures,
        wrong=wrong,
        message=message,
        typed=request.form if wrong else {},
    )


def _wrong(dispatch_id: int, answer: str, error: BadInput) -> tuple[str, int]:
    db.session.rollback()
    return _page(own_dispatch(acting_expert(), dispatch_id), wrong=answer, message=sentence(error)), error.status


def _terms() -> dispatch.Terms:
    kind = fields.one_of(TermsKind, request.form.get("kind", ""), field="kind")
    day = fields.day(request.form["day"], field="day") if request.form.get("day") else None
    return dispatch.Terms(kind, fields.words(request.form.get("text"), field="text", most=1_000), day)
