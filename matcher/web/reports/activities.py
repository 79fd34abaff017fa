"""活动: the calendar of sessions; one session planned, held or cancelled, with who was asked and who came."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from matcher.access.doors import activity_for, enterprise_for, expert_for, visible_activities, visible_cases
from matcher.access.rights import Right, may, require
from matcher.db import db, today
from matcher.errors import BadInput, MatcherError
from matcher.models import Activity, ActivityState, Case, Visit, VisitState
from matcher.plain.errors import PlainError
from matcher.services import activities, attachments, enterprises, experts
from matcher.services.activities import Turnout
from matcher.services.attendance import count_attendance
from matcher.web import fields, once, photos
from matcher.web.desk.forms import DAY, FILL, clean, words
from matcher.web.errors import put_on_form
from matcher.web.gates import actor, staff
from matcher.web.reports.blueprint import bp

PER_PAGE = 50
#: So many are offered when looking for somebody to invite.
MOST_FOUND = 8


class PlanForm(FlaskForm):
    """A session for the calendar."""

    kind = SelectField(_l("形式"), choices=words("activity_kinds"))
    title = StringField(_l("名称"), filters=[clean], validators=[DataRequired(FILL), Length(max=120)])
    planned_on = DateField(_l("日期"), default=today, validators=[DataRequired(DAY)])
    place = StringField(_l("地点"), filters=[clean], validators=[Length(max=200)])


class TurnoutForm(FlaskForm):
    """What became of it; the boxes of who came stand in the template."""

    on = DateField(_l("举办日期"), default=today, validators=[DataRequired(DAY)])
    place = StringField(_l("地点"), filters=[clean], validators=[Length(max=200)])
    persons = StringField(_l("培训职工人数（人）"), filters=[clean])
    attendances = StringField(_l("提升技能人次"), filters=[clean])
    has_name_list = BooleanField(_l("有签到名单"))
    sheet = FileField(_l("签到表"))
    pairs = StringField(_l("师徒结对（对）"), filters=[clean])
    summary = TextAreaField(_l("小结"), filters=[clean], validators=[Length(max=5000)])


class CancelForm(FlaskForm):
    reason = StringField(_l("取消的原因"), filters=[clean], validators=[DataRequired(FILL), Length(max=300)])


@bp.get("/activities", endpoint="activities")
def activity_list() -> str:
    """The calendar, the latest first."""
    state, kind = request.args.get("state", ""), request.args.get("kind", "")
    counted = (selectinload(Activity.experts), selectinload(Activity.enterprises))
    query = visible_activities(staff()).order_by(Activity.planned_on.desc(), Activity.id.desc()).options(*counted)
    if state in list(ActivityState):
        query = query.where(Activity.state == ActivityState(state))
    if kind:
        query = query.where(Activity.kind == kind)
    return render_template(
        "reports/activities.html",
        page=db.paginate(query, per_page=PER_PAGE, error_out=False),
        states=list(ActivityState),
        state=state,
        kind=kind,
        may_plan=may(staff(), Right.ACTIVITIES, staff().office),
    )


@bp.route("/activities/new", methods=["GET", "POST"])
def plan_activity() -> Any:
    """Put a session on the calendar."""
    require(staff(), Right.ACTIVITIES, staff().office)
    if request.method == "POST" and (before := once.taken_before()) is not None:
        return before
    form = PlanForm()
    if form.validate_on_submit():
        try:
            planned = activities.plan_activity(
                staff().office,
                form.kind.data,
                form.title.data or "",
                form.planned_on.data,
                by=actor(),
                place=form.place.data or "",
            )
            return once.done(url_for(".activity", activity_id=planned.id))
        except (MatcherError, PlainError) as error:
            db.session.rollback()
            put_on_form(form, error)
    page = render_template("reports/activity_new.html", form=form)
    return (page, BadInput.status) if form.is_submitted() else page


@bp.get("/activities/<int:activity_id>")
def activity(activity_id: int) -> str:
    """One session: who is asked, what is to be done, what became of it."""
    return _page(activity_for(staff(), activity_id))


@bp.post("/activities/<int:activity_id>/invite")
def invite(activity_id: int) -> Any:
    """Ask one more expert or enterprise."""

    def act(found: Activity) -> None:
        if (expert_id := request.form.get("expert_id", type=int)) is not None:
            activities.invite(found, experts=[expert_for(staff(), expert_id)], by=actor())
        if (enterprise_id := request.form.get("enterprise_id", type=int)) is not None:
            activities.invite(found, enterprises=[enterprise_for(staff(), enterprise_id)], by=actor())

    return _take(activity_id, None, act, _("已加入邀请名单。"))


@bp.post("/activities/<int:activity_id>/hold")
def hold_activity(activity_id: int) -> Any:
    """It took place; from now on it feeds the figures. For a session that was held: put right who came."""
    form = TurnoutForm()

    def act(found: Activity) -> None:
        is_held = found.state is ActivityState.HELD
        do = activities.correct_turnout if is_held else activities.hold_activity
        do(found, _turnout(found, form), by=actor())

    return _take(activity_id, form, act, _("活动已登记，计入统计。"))


@bp.post("/activities/<int:activity_id>/cancel")
def cancel_activity(activity_id: int) -> Any:
    """It will not take place."""
    form = CancelForm()
    return _take(
        activity_id,
        form,
        lambda found: activities.cancel_activity(found, form.reason.data or "", by=actor()),
        _("活动已取消，并告诉受邀专家。"),
    )


@bp.post("/activities/<int:activity_id>/visits/<int:visit_id>")
def tie_visit(activity_id: int, visit_id: int) -> Any:
    """A visit of the same day was part of the session: the experts' day counts once."""

    def act(found: Activity) -> None:
        visit = next((v for v in _visits_of_the_day(found) if v.id == visit_id), None)
        if visit is None:
            raise BadInput("没有找到这一天的上门。")
        activities.tie_visit(found, visit, by=actor())

    return _take(activity_id, None, act, _("已并入活动，不重复计数。"))


@bp.post("/activities/<int:activity_id>/photos")
def add_photos(activity_id: int) -> Any:
    """Photos of the session; never a condition of anything."""

    def act(found: Activity) -> None:
        sent = [file for file in request.files.getlist("photos") if isinstance(file, FileStorage) and file.filename]
        if not sent:
            raise BadInput("请选择照片。", field="photos")
        for kept in photos.kept_photos(sent):
            attachments.attach_kept(found, kept, by=actor())

    return _take(activity_id, None, act, _("照片已添加。"))


def _take(activity_id: int, form: FlaskForm | None, act: Callable[[Activity], None], said: str) -> Any:
    """Check, act, commit, answer; what is not right comes back on the session's page with what was typed."""
    if (before := once.taken_before()) is not None:
        return before
    found = activity_for(staff(), activity_id)
    require(staff(), Right.ACTIVITIES, found)
    if form is not None and not form.validate_on_submit():
        return _page(found, wrong=form), BadInput.status
    try:
        act(found)
    except (MatcherError, PlainError) as error:
        db.session.rollback()
        wrong = form if form is not None else FlaskForm(formdata=None)
        put_on_form(wrong, error)
        return _page(activity_for(staff(), activity_id), wrong=wrong), getattr(error, "status", BadInput.status)
    flash(said)
    return once.done(url_for(".activity", activity_id=activity_id))


def _page(found: Activity, *, wrong: FlaskForm | None = None) -> str:
    said = request.values.get("q", "").strip()
    is_held = found.state is ActivityState.HELD
    turnout = wrong if isinstance(wrong, TurnoutForm) else TurnoutForm(formdata=None, **_as_written(found, is_held))
    return render_template(
        "reports/activity.html",
        activity=found,
        turnout=turnout,
        cancel=wrong if isinstance(wrong, CancelForm) else CancelForm(formdata=None),
        wrong=wrong,
        said=said,
        found_experts=experts.find(staff().office, said, limit=MOST_FOUND) if said else [],
        found_enterprises=enterprises.find(staff().office, said, limit=MOST_FOUND) if said else [],
        came=_ticked(found, wrong),
        visits=_visits_of_the_day(found) if is_held else [],
        photos=attachments.attachments_of(found),
        may_change=may(staff(), Right.ACTIVITIES, found),
    )


def _as_written(found: Activity, is_held: bool) -> dict[str, Any]:
    if not is_held:
        return {"on": min(found.planned_on, today()), "place": found.place}
    return {
        "on": found.held_on,
        "place": found.place,
        "persons": str(found.persons),
        "attendances": str(found.attendances),
        "has_name_list": found.has_name_list,
        "pairs": str(found.pairs),
        "summary": found.summary,
    }


def _ticked(found: Activity, wrong: FlaskForm | None) -> dict[str, set[int]]:
    """Whose boxes are ticked: as they came back, as written, or everybody's for a session that is to be held."""
    if isinstance(wrong, TurnoutForm):
        return {name: _ids(name) for name in ("experts", "enterprises")}
    is_held = found.state is ActivityState.HELD
    return {
        "experts": {row.expert_id for row in found.experts if row.has_come or not is_held},
        "enterprises": {row.enterprise_id for row in found.enterprises if row.has_come or not is_held},
    }


def _turnout(found: Activity, form: TurnoutForm) -> Turnout:
    persons, attendances = (fields.whole(form[name].data or "", field=name) for name in ("persons", "attendances"))
    has_list = bool(form.has_name_list.data)
    if isinstance(form.sheet.data, FileStorage) and form.sheet.data.filename:
        counted = count_attendance(form.sheet.data.read())
        persons, attendances, has_list = counted.persons, counted.attendances, True
    came_experts, came_enterprises = _ids("experts"), _ids("enterprises")
    return Turnout(
        on=form.on.data,
        experts=[row.expert for row in found.experts if row.expert_id in came_experts],
        enterprises=[row.enterprise for row in found.enterprises if row.enterprise_id in came_enterprises],
        persons=persons,
        attendances=max(attendances, persons) if not (form.attendances.data or "").strip() else attendances,
        has_name_list=has_list,
        pairs=fields.whole(form.pairs.data or "", field="pairs"),
        summary=form.summary.data or "",
        place=form.place.data or "",
    )


def _ids(name: str) -> set[int]:
    return {int(text) for text in request.form.getlist(name) if text.isdigit()}


def _visits_of_the_day(found: Activity) -> list[Visit]:
    """Visits held on the session's day by an expert who came to it, not yet tied to a session."""
    came = {row.expert_id for row in found.experts if row.has_come}
    cases = visible_cases(staff()).with_only_columns(Case.id)
    query = select(Visit).where(
        Visit.state == VisitState.HELD,
        Visit.held_on == found.held_on,
        Visit.activity_id.is_(None),
        Visit.case_id.in_(cases),
    )
    return [v for v in db.session.scalars(query.order_by(Visit.id)) if came & {w.expert_id for w in v.visitors}]
