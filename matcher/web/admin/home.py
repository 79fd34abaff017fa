"""The office's settings: the start, the clocks, the capacity, the texts, the optional check boxes, the holidays."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from matcher.access.doors import office_for
from matcher.access.rights import Right, require
from matcher.db import db
from matcher.models import Holiday
from matcher.services import offices
from matcher.web import fields, once
from matcher.web.admin.blueprint import bp
from matcher.web.gates import actor, staff


@bp.get("/")
def home() -> str:
    """The settings of the administrator's own office."""
    user = staff()
    require(user, Right.MANAGE_OFFICE, user.office)
    holidays = db.session.scalars(select(Holiday).order_by(Holiday.day.desc()).limit(60)).all()
    return render_template("admin/home.html", office=user.office, groups=offices.SETTINGS, holidays=holidays)


@bp.post("/offices/<int:office_id>/settings")
def settings(office_id: int) -> Response:
    """Settle what differs from the default."""
    office = office_for(staff(), office_id)
    require(staff(), Right.MANAGE_OFFICE, office)
    offices.settle(office, request.form, by=actor())
    flash(_("设置已保存。"))
    return once.done(url_for(".home"))


@bp.post("/holidays")
def holiday() -> Response:
    """A day that is, or is not, worked here against the rule."""
    require(staff(), Right.MANAGE_OFFICE, staff().office)
    day = fields.day(request.form.get("day", ""), field="day")
    offices.set_holiday(day, request.form.get("works") == "yes", request.form.get("name", "")[:50], by=actor())
    flash(_("日历已更新。"))
    return once.done(url_for(".home"))
