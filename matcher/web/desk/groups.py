"""同类难题: the same trouble in several enterprises, and one plan for all of them."""

from datetime import timedelta
from typing import Any

from flask import current_app, flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from matcher.access.doors import visible_problems
from matcher.access.rights import Right, may, require
from matcher.db import db, today
from matcher.errors import BadInput, NotFound
from matcher.models import Activity
from matcher.plain.errors import PlainError
from matcher.services import groups
from matcher.services.groups import ENOUGH, Group
from matcher.web import once
from matcher.web.desk.blueprint import bp
from matcher.web.desk.forms import CHOOSE, DAY, FILL, CheckboxesField, clean, words
from matcher.web.errors import put_on_form
from matcher.web.gates import actor, staff


class JointForm(FlaskForm):
    """One session for several enterprises."""

    kind = RadioField(_l("怎么办"), choices=words("activity_kinds"), validators=[InputRequired(CHOOSE)])
    title = StringField(_l("名称"), filters=[clean], validators=[DataRequired(FILL), Length(max=100)])
    planned_on = DateField(_l("哪一天"), validators=[DataRequired(DAY)])
    place = StringField(_l("地点"), filters=[clean], validators=[Length(max=200)])
    enterprises = CheckboxesField(_l("请哪些企业"), coerce=int)
    experts = CheckboxesField(_l("请哪些专家（解决过的）"), coerce=int)

    def offer(self, group: Group) -> "JointForm":
        """Fill in who can be invited."""
        self.enterprises.choices = [(e.id, e.name) for e in group.enterprises]
        self.experts.choices = [(e.id, e.name) for e in groups.solvers(group)]
        return self


@bp.get("/groups", endpoint="groups")
def group_list() -> str:
    """Groups of alike problems, the widest first; from ENOUGH enterprises on a joint action is offered."""
    found = groups.groups_of(visible_problems(staff()))
    return render_template(
        "desk/groups.html",
        wide=[g for g in found if g.is_enough],
        pairs=[g for g in found if not g.is_enough],
        enough=ENOUGH,
    )


@bp.get("/groups/<number>")
def group(number: str) -> str:
    """One group: its problems, who solved them, and the plan."""
    return _page(_group(number))


@bp.post("/groups/<number>/plan")
def plan_group(number: str) -> Any:
    """Plan the session."""
    if (before := once.taken_before()) is not None:
        return before
    user, found = staff(), _group(number)
    require(user, Right.ACTIVITIES, user.office)
    form = JointForm().offer(found)
    if not form.validate_on_submit():
        return _page(found, form), BadInput.status
    try:
        planned = groups.plan_joint_action(
            user.office,
            found,
            form.kind.data,
            form.title.data or "",
            form.planned_on.data,
            by=actor(),
            place=form.place.data or "",
            experts=[e for e in groups.solvers(found) if e.id in form.experts.data],
            enterprises=[e for e in found.enterprises if e.id in form.enterprises.data],
        )
    except (BadInput, PlainError) as error:
        db.session.rollback()
        put_on_form(form, error)
        return _page(_group(number), form), BadInput.status
    flash(_("已列入活动计划，并通知了专家。"))
    return once.done(_activity_address(planned))


def _group(number: str) -> Group:
    found = next((g for g in groups.groups_of(visible_problems(staff())) if g.key == number), None)
    if found is None:
        raise NotFound("没有找到这一类难题。")
    return found


def _page(found: Group, form: JointForm | None = None) -> str:
    user = staff()
    if form is None:
        # Skills are taught, everything else is tackled on the spot.
        filled = {
            "kind": "training" if found.kind == "workforce" else "invite_in",
            "title": _("“%(title)s”集中攻关", title=found.title[:40]),
            "planned_on": today() + timedelta(days=14),
            "enterprises": [e.id for e in found.enterprises],
            "experts": [e.id for e in groups.solvers(found)],
        }
        form = JointForm(formdata=None, data=filled).offer(found)
    return render_template(
        "desk/group.html",
        group=found,
        form=form,
        cards=groups.cards_in(found),
        may_plan=found.is_enough and may(user, Right.ACTIVITIES, user.office),
        enough=ENOUGH,
    )


def _activity_address(activity: Activity) -> str:
    if "reports.activity" in current_app.view_functions:
        return url_for("reports.activity", activity_id=activity.id)
    return url_for("reports.activities" if "reports.activities" in current_app.view_functions else "desk.groups")
