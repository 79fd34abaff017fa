"""我的信息: see and correct what is kept about oneself, skills, effects of declines, consents; pause, leave."""

from flask import flash, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matcher.errors import NotFound
from matcher.models import Effect
from matcher.services import effects, experts, richer
from matcher.web import fields, once
from matcher.web.expert.blueprint import bp
from matcher.web.gates import acting_expert, expert_actor

#: What experts may correct about themselves.
CORRECTED = ("employer", "title", "trade", "profile", "town")


@bp.get("/me")
def me() -> str:
    """Everything that is kept about the expert, and what it is used for."""
    expert = acting_expert()
    in_force = effects.in_force([expert.id]).get(expert.id, [])
    felt = [(effect, effects.strength(effect)) for effect in in_force]
    agreed = {consent.purpose for consent in expert.consents if consent.withdrawn_at is None}
    return render_template(
        "expert/me.html",
        expert=expert,
        felt=felt,
        agreed=agreed,
        read=richer.suggestion_for(expert),
        waiting=richer.waiting_skills(expert),
    )


@bp.post("/me/record")
def correct() -> Response:
    """Correct the record."""
    if (before := once.taken_before()) is not None:
        return before
    expert, by = acting_expert(), expert_actor()
    values: dict[str, str | None] = {name: fields.words(request.form.get(name), field=name) for name in CORRECTED}
    values["email"] = fields.words(request.form.get("email"), field="email", most=200) or None
    if request.form.get("phone", "").strip():
        values["phone"] = request.form["phone"]
    experts.correct(expert, values, by=by)
    experts.declare_skills(expert, request.form.get("skills", "").replace("、", "\n").splitlines(), by=by)
    return _thanks("已保存。")


@bp.post("/me/profile")
def adopt_profile() -> Response:
    """What was read out of the profile is so, as far as it is ticked."""
    if (before := once.taken_before()) is not None:
        return before
    experts.adopt_profile(
        acting_expert(),
        by=expert_actor(),
        skills=request.form.getlist("skill", type=int),
        trade=request.form.get("trade", ""),
        industries=request.form.getlist("industry"),
    )
    return _thanks("已保存。")


@bp.post("/me/effects/<int:effect_id>/lift")
def lift(effect_id: int) -> Response:
    """An earlier "no" holds no longer."""
    expert = acting_expert()
    effect = next((e for e in effects.in_force([expert.id]).get(expert.id, []) if e.id == effect_id), None)
    if not isinstance(effect, Effect):
        raise NotFound("没有找到。")
    effects.lift(effect, by=expert_actor())
    return _thanks("已取消这条影响。")


@bp.post("/me/consents")
def consents() -> Response:
    """Agree to purposes, and take agreements back."""
    expert, by = acting_expert(), expert_actor()
    wanted = set(request.form.getlist("purpose"))
    for purpose in request.form.getlist("known"):
        change = experts.give_consent if purpose in wanted else experts.withdraw_consent
        change(expert, purpose, by=by)
    return _thanks("已保存。")


@bp.post("/me/pause")
def pause() -> Response:
    """No offers until a day, or until resumed."""
    until = fields.day(request.form["until"], field="until") if request.form.get("until") else None
    experts.pause(acting_expert(), by=expert_actor(), until=until)
    return _thanks("已暂停接单。")


@bp.post("/me/resume")
def resume() -> Response:
    """Offers again."""
    experts.resume(acting_expert(), by=expert_actor())
    return _thanks("已恢复接单。")


@bp.post("/me/leave")
def leave() -> Response:
    """Leave the roster; phone and e-mail are forgotten."""
    experts.leave(acting_expert(), by=expert_actor())
    answer = once.done(url_for("public.home"))
    session.pop("expert_link", None)
    flash(_("您已退出名册，谢谢您的付出。"))
    return answer


def _thanks(text: str) -> Response:
    flash(_(text))
    return once.done(url_for(".me"))
