"""A phone in full: only with a purpose, only by POST, and never without a line in the log."""

from collections.abc import Callable
from typing import Any

from flask import render_template

from matcher.access.doors import enterprise_for, expert_for, menu_for
from matcher.access.rights import Right, require
from matcher.db import db
from matcher.errors import BadInput, NotFound
from matcher.models import User
from matcher.services.history import record
from matcher.web.desk.blueprint import bp
from matcher.web.desk.forms import RevealForm
from matcher.web.gates import actor, staff

DOORS: dict[str, Callable[[User, int], Any]] = {
    "menu": menu_for,
    "enterprise": enterprise_for,
    "expert": expert_for,
}


@bp.post("/reveal/<kind>/<int:thing_id>")
def reveal(kind: str, thing_id: int) -> str:
    """Show the number once and write down who saw it and what for."""
    if (door := DOORS.get(kind)) is None:
        raise NotFound("没有找到，或者不属于您的工会。")
    thing = door(staff(), thing_id)
    require(staff(), Right.REVEAL, thing)
    form = RevealForm(prefix="reveal-")
    if not form.validate_on_submit():
        raise BadInput("请选择查看用途。")
    record(actor(), f"{kind}.reveal", thing, purpose=form.purpose.data)
    db.session.commit()
    return render_template("desk/reveal.html", kind=kind, thing=thing)
