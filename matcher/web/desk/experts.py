"""The roster: list, one expert's page, adding, correcting, pausing, and the link to hand on."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, or_, select

from matcher.access.doors import enterprise_for, expert_for, visible_experts, visible_problems
from matcher.access.rights import Right, may, require
from matcher.db import db
from matcher.errors import BadInput, NotFound
from matcher.models import (
    Conflict,
    ConflictKind,
    Dispatch,
    Effect,
    Expert,
    ExpertState,
    Loan,
    Office,
    Problem,
    Skill,
)
from matcher.plain.errors import PlainError
from matcher.services import conflicts, effects, experts, richer, workload
from matcher.web import once
from matcher.web.desk import labels
from matcher.web.desk.blueprint import bp
from matcher.web.desk.expert_form import ExpertForm, PauseForm, form_of, honours_in, lines_in, values_in
from matcher.web.desk.forms import RevealForm
from matcher.web.errors import put_on_form
from matcher.web.gates import actor, staff

PER_PAGE = 50


@bp.get("/experts", endpoint="experts")
def roster() -> str:
    """The list, by words, state and office."""
    said, state = request.args.get("q", "").strip(), request.args.get("state", "")
    query = _asked(visible_experts(staff()), said, state)
    ordered = query.order_by(Expert.state, Expert.name, Expert.id)
    page = db.paginate(ordered, per_page=PER_PAGE, max_per_page=PER_PAGE)
    found: list[Expert] = page.items
    return render_template(
        "desk/experts.html",
        page=page,
        said=said,
        state=state,
        states=list(ExpertState),
        in_hand=workload.open_work([expert.id for expert in found]),
        capacity_of=workload.capacity_of,
        office=staff().office,
        may_add=may(staff(), Right.ROSTER, staff().office),
    )


@bp.get("/experts/<int:expert_id>")
def expert(expert_id: int) -> str:
    """One expert: record, skills and how we know them, work in hand, declines and what they left."""
    return _page(expert_for(staff(), expert_id))


@bp.route("/experts/new", methods=["GET", "POST"])
def add_expert() -> Any:
    """Put somebody on the roster by hand."""
    if (before := once.taken_before()) is not None:
        return before
    require(staff(), Right.ROSTER, staff().office)
    form = ExpertForm()
    if form.validate_on_submit():
        try:
            return _add(form)
        except (BadInput, PlainError) as error:
            db.session.rollback()
            put_on_form(form, error)
    status = BadInput.status if form.is_submitted() else 200
    return render_template("desk/expert_new.html", form=form), status


@bp.post("/experts/<int:expert_id>")
def correct_expert(expert_id: int) -> Any:
    """Correct the record."""
    if (before := once.taken_before()) is not None:
        return before
    found = _mine(expert_id)
    form = ExpertForm(prefix="correct-")
    if not form.validate_on_submit():
        return _page(found, wrong=form), BadInput.status
    try:
        _correct(found, form)
    except (BadInput, PlainError) as error:
        db.session.rollback()
        put_on_form(form, error)
        return _page(expert_for(staff(), expert_id), wrong=form), BadInput.status
    flash(_("已保存。"))
    return once.done(url_for("desk.expert", expert_id=expert_id))


@bp.post("/experts/<int:expert_id>/pause")
def pause_expert(expert_id: int) -> Any:
    """Not proposed for a while."""
    found, form = _mine(expert_id), PauseForm()
    if not form.validate_on_submit():
        raise BadInput("请写成 2026-11-24 这样的日期。")
    experts.pause(found, by=actor(), until=form.until.data)
    return _done(found)


@bp.post("/experts/<int:expert_id>/resume")
def resume_expert(expert_id: int) -> Any:
    """Proposed again."""
    found = _mine(expert_id)
    experts.resume(found, by=actor())
    return _done(found)


@bp.post("/experts/<int:expert_id>/profile")
def adopt_profile(expert_id: int) -> Any:
    """What was read out of the profile is so, as far as it is ticked."""
    if (before := once.taken_before()) is not None:
        return before
    found = _mine(expert_id)
    experts.adopt_profile(
        found,
        by=actor(),
        skills=request.form.getlist("skill", type=int),
        trade=request.form.get("trade", ""),
        industries=request.form.getlist("industry"),
    )
    return _done(found)


@bp.post("/experts/<int:expert_id>/effects/<int:effect_id>/lift")
def lift_effect(expert_id: int, effect_id: int) -> Any:
    """What a decline changed no longer holds."""
    found = _mine(expert_id)
    effect = db.session.get(Effect, effect_id)
    if effect is None or effect.expert_id != found.id:
        raise NotFound("没有找到这一条。")
    effects.lift(effect, by=actor())
    return _done(found)


@bp.post("/experts/<int:expert_id>/conflicts")
def state_conflict(expert_id: int) -> Any:
    """An interest that somebody told us of."""
    found = _mine(expert_id)
    firm = enterprise_for(staff(), request.form.get("enterprise_id", 0, type=int))
    kind = request.form.get("kind", "")
    if kind not in list(ConflictKind):
        raise BadInput("请选择是哪种利害关系。")
    conflicts.state_conflict(found, firm, ConflictKind(kind), by=actor(), note=request.form.get("note", "")[:300])
    return _done(found)


@bp.post("/experts/<int:expert_id>/conflicts/<int:conflict_id>/lift")
def lift_conflict(expert_id: int, conflict_id: int) -> Any:
    """The interest is gone."""
    found = _mine(expert_id)
    conflict = db.session.get(Conflict, conflict_id)
    if conflict is None or conflict.expert_id != found.id:
        raise NotFound("没有找到这一条。")
    conflicts.lift_conflict(conflict, by=actor())
    return _done(found)


def _asked(query: Select[Expert], said: str, state: str) -> Select[Expert]:
    if state in list(ExpertState):
        query = query.where(Expert.state == state)
    if not said:
        return query
    skilled = select(Skill.expert_id).where(Skill.text.icontains(said, autoescape=True))
    return query.where(
        or_(
            Expert.search_key.contains(said.lower(), autoescape=True),
            Expert.trade.icontains(said, autoescape=True),
            Expert.id.in_(skilled),
        )
    )


def _mine(expert_id: int) -> Expert:
    found = expert_for(staff(), expert_id)
    require(staff(), Right.ROSTER, found)
    return found


def _done(found: Expert) -> Any:
    flash(_("已保存。"))
    return once.done(url_for("desk.expert", expert_id=found.id))


def _add(form: ExpertForm) -> Any:
    added = experts.add_expert(
        staff().office,
        by=actor(),
        phone=form.phone.data or None,
        honours=honours_in(form.honours.data),
        skills=lines_in(form.skills.data),
        **values_in(form),
    )
    db.session.flush()
    flash(_("%(name)s 已列入名册。", name=added.name))
    return once.done(url_for("desk.expert", expert_id=added.id))


def _correct(found: Expert, form: ExpertForm) -> None:
    values = values_in(form)
    if form.phone.data:
        values["phone"] = form.phone.data
    experts.correct(found, values, by=actor())
    experts.declare_skills(found, lines_in(form.skills.data), by=actor())
    honours = honours_in(form.honours.data)
    if [(text, year) for _code, text, year in honours] != [(h.text, h.year) for h in found.honours]:
        codes = {honour.text: honour.code for honour in found.honours}
        experts.set_honours(found, [(codes.get(text), text, year) for _c, text, year in honours], by=actor())


def _page(found: Expert, *, wrong: ExpertForm | None = None) -> str:
    user = staff()
    return render_template(
        "desk/expert.html",
        expert=found,
        form=wrong or form_of(found),
        wrong=wrong,
        pause_form=PauseForm(formdata=None),
        labels=labels,
        in_hand=workload.open_work([found.id]).get(found.id, 0),
        capacity=workload.capacity_of(found, user.office),
        obstacle=workload.why_not(found, user.office),
        effects=effects.in_force([found.id]).get(found.id, []),
        strength=effects.strength,
        conflicts=_conflicts(found),
        offers=_offers(found),
        loans=_loans(found),
        is_sister=not user.office.contains(found.office) and found.office_id not in user.office.ancestor_ids,
        may_roster=may(user, Right.ROSTER, found),
        may_reveal=may(user, Right.REVEAL, found),
        reveal_form=RevealForm(formdata=None, prefix="reveal-"),
        read=richer.suggestion_for(found),
        waiting=richer.waiting_skills(found),
    )


def _conflicts(found: Expert) -> list[Conflict]:
    return list(db.session.scalars(select(Conflict).filter_by(expert_id=found.id).order_by(Conflict.id)))


def _offers(found: Expert) -> list[Dispatch]:
    """What the expert was asked, as far as it is ours to see."""
    seen = visible_problems(staff()).with_only_columns(Problem.id)
    query = select(Dispatch).where(Dispatch.expert_id == found.id, Dispatch.problem_id.in_(seen))
    return list(db.session.scalars(query.order_by(Dispatch.id.desc()).limit(100)))


def _loans(found: Expert) -> list[Loan]:
    """Requests to borrow the expert that concern our office."""
    ours = staff().office
    query = select(Loan).where(Loan.expert_id == found.id).order_by(Loan.id.desc())
    if not ours.contains(found.office):
        query = query.join(Office, Loan.office_id == Office.id).where(Office.path.startswith(ours.path))
    return list(db.session.scalars(query))
