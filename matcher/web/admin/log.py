"""The log: who did what, when, to which thing, on whose behalf."""

from flask import render_template, request

from matcher.access.doors import visible_log
from matcher.access.rights import Right, require
from matcher.db import db
from matcher.models import LogEntry, User
from matcher.web.admin.blueprint import bp
from matcher.web.gates import staff
from matcher.web.logged import verbs_like


@bp.get("/log")
def log() -> str:
    """Lines about the subtree, newest first, filtered by verb, number and person."""
    user = staff()
    require(user, Right.READ_LOG, user.office)
    query = visible_log(user).order_by(LogEntry.id.desc())
    if verb := request.args.get("verb", "").strip():
        query = query.where(LogEntry.verb.in_(verbs_like(verb)))
    if number := request.args.get("number", "").strip():
        query = query.where(LogEntry.subject_name.contains(number))
    if name := request.args.get("name", "").strip():
        query = query.join(User, LogEntry.user_id == User.id).where(User.name.contains(name))
    page = db.paginate(query, per_page=100, max_per_page=100)
    return render_template("admin/log.html", page=page)
