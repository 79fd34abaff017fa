"""The work on a case: contact, visit, diagnosis, fix, training, photos, benefit, close; a few taps each."""

from collections.abc import Callable

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from matcher.access.links import attachment_of_case, own_case, own_dispatch, own_visit
from matcher.db import Base, db
from matcher.errors import BadInput, MatcherError
from matcher.models import Actor, BenefitKind, Case, Dispatch, EvidenceGrade, Outcome, Per, VisitForm
from matcher.plain.errors import PlainError
from matcher.services import attachments, benefits, cards, cases, dispatch
from matcher.services.benefit_calculators import CALCULATORS, calculate
from matcher.services.briefing import briefing
from matcher.web import fields, once, photos, sheets
from matcher.web.errors import sentence
from matcher.web.expert.blueprint import bp
from matcher.web.gates import acting_expert, expert_actor


@bp.get("/cases/<int:case_id>")
def case(case_id: int) -> str:
    """One case: what to do next on top, everything written so far below."""
    return _page(own_case(acting_expert(), case_id))


@bp.post("/cases/<int:case_id>/<step>")
def write(case_id: int, step: str) -> Response | tuple[str, int]:
    """Write one thing down. What cannot be taken is shown again with everything that was typed."""
    if (before := once.taken_before()) is not None:
        return before
    case = own_case(acting_expert(), case_id)
    if step not in STEPS:
        raise BadInput("没有这一步。")
    act, thanks = STEPS[step]
    try:
        _attach(act(case, expert_actor()))
    except (BadInput, PlainError) as error:
        db.session.rollback()
        return _page(own_case(acting_expert(), case_id), wrong=step, error=error), 422
    flash(_(thanks))
    return once.done(url_for(".case", case_id=case.id))


@bp.post("/cases/<int:case_id>/release")
def release(case_id: int) -> Response:
    """Ask to be let go: ill, on shift."""
    if (before := once.taken_before()) is not None:
        return before
    asked = _dispatch_in(own_case(acting_expert(), case_id))
    dispatch.release(own_dispatch(acting_expert(), asked.id), request.form.get("reason", ""), by=expert_actor())
    flash(_("已告诉工会，谢谢您。"))
    return once.done(url_for(".home"))


@bp.get("/cases/<int:case_id>/files/<int:attachment_id>")
def file(case_id: int, attachment_id: int) -> Response:
    """A photo of the case or of what the enterprise sent."""
    return photos.send(attachment_of_case(own_case(acting_expert(), case_id), attachment_id))


@bp.get("/cases/<int:case_id>/sheet")
def sheet(case_id: int) -> str:
    """The visit sheet: one page to print, with room for the stamp."""
    case = own_case(acting_expert(), case_id)
    return sheets.page(case, briefing(_dispatch_in(case)))


def _page(case: Case, *, wrong: str = "", error: MatcherError | PlainError | None = None) -> str:
    problem, chains = case.problem, benefits.chains_of(case)
    stated = [line for chain in chains for line in chain.lines]
    files_of = attachments.files_by_thing([problem.menu, problem, *attachments.parts_of(case), *stated])
    return render_template(
        "expert/case.html",
        case=case,
        told=briefing(_dispatch_in(case)),
        from_enterprise=[*files_of(problem.menu), *files_of(problem)],
        pictures=files_of(case),
        pictures_of=files_of,
        chains=chains,
        alike=cards.nearest(problem, limit=3),
        calculators=CALCULATORS,
        wrong=wrong,
        message=sentence(error) if error is not None else "",
        typed=request.form if wrong else {},
    )


def _dispatch_in(case: Case) -> Dispatch:
    """This expert's own part in the case."""
    mine = [d for d in case.dispatches if d.expert_id == acting_expert().id]
    return mine[-1]


def _attach(thing: Base) -> None:
    """Hang the photos and papers that came with the form on what was written down."""
    for sent in request.files.getlist("photos"):
        if isinstance(sent, FileStorage) and sent.filename:
            attachments.attach(thing, sent.read(), sent.filename, store=photos.store(), by=expert_actor())


def _contact(case: Case, by: Actor) -> Base:
    cases.note_contact(case, by=by)
    return case


def _plan(case: Case, by: Actor) -> Base:
    form = fields.one_of(VisitForm, request.form.get("form", "onsite"), field="form")
    at = fields.moment(request.form.get("at", ""))
    return cases.plan_visit(case, at, form, by=by, place=_words("place", most=200))


def _visit(case: Case, by: Actor) -> Base:
    held = cases.Held(
        on=fields.day(request.form.get("on", "")),
        form=fields.one_of(VisitForm, request.form.get("form", "onsite"), field="form"),
        hours=fields.hours(request.form.get("hours", "")),
        place=_words("place", most=200),
        note=_words("note"),
    )
    if request.form.get("visit", "").isdigit():
        visit = own_visit(acting_expert(), int(request.form["visit"]))
        cases.hold_visit(visit, held, by=by)
        return visit
    return cases.record_visit(case, held, by=by)


def _diagnosis(case: Case, by: Actor) -> Base:
    return cases.diagnose(
        case,
        _words("methods"),
        _words("cause"),
        by=by,
    )


def _fix(case: Case, by: Actor) -> Base:
    measures, verification = (
        _words("measures"),
        _words("verification"),
    )
    return cases.record_fix(case, measures, verification, by=by)


def _training(case: Case, by: Actor) -> Base:
    persons = fields.whole(request.form.get("persons", ""), field="persons")
    times = fields.whole(request.form.get("attendances", ""), field="attendances")
    cases.record_training(case, persons, times or persons, by=by)
    return case


def _photos(case: Case, by: Actor) -> Base:
    if not any(sent.filename for sent in request.files.getlist("photos")):
        raise BadInput("请选择照片。", field="photos")
    return case


def _benefit(case: Case, by: Actor) -> Base:
    kind = fields.one_of(BenefitKind, request.form.get("kind", ""), field="kind")
    per = fields.one_of(Per, request.form.get("per", ""), field="per")
    grade = fields.one_of(EvidenceGrade, request.form.get("evidence_grade", "none"), field="evidence_grade")
    worked = calculate(request.form.get("calculator", ""), request.form)
    return benefits.state_benefit(
        case,
        kind,
        worked.amount if worked is not None else fields.yuan(request.form.get("amount", "")),
        per,
        by=by,
        baseline=_words("baseline", most=2_000),
        formula=worked.formula if worked is not None else _words("formula", most=2_000),
        inputs=worked.inputs if worked is not None else None,
        evidence=_words("evidence", most=2_000),
        evidence_grade=grade,
    )


def _close(case: Case, by: Actor) -> Base:
    outcome = fields.one_of(Outcome, request.form.get("outcome", ""), field="outcome")
    cases.close_case(case, outcome, by=by, text=_words("text", most=2_000))
    return case


def _words(name: str, *, most: int = fields.MOST_WORDS) -> str:
    return fields.words(request.form.get(name), field=name, most=most)


Act = Callable[[Case, Actor], Base]
STEPS: dict[str, tuple[Act, str]] = {
    "contact": (_contact, "已记下首次联系。"),
    "plan": (_plan, "已约定上门时间，并告诉企业。"),
    "visit": (_visit, "上门已记录。"),
    "diagnosis": (_diagnosis, "诊断已记录。"),
    "fix": (_fix, "措施已记录。"),
    "training": (_training, "培训人数已记录。"),
    "photos": (_photos, "照片已添加。"),
    "benefit": (_benefit, "效益已记录。"),
    "close": (_close, "已办结，谢谢您！"),
}
