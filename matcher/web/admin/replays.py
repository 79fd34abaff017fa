"""重算: an old proposal computed again, for whoever must know whether it was so. Scores only, no texts."""

from flask import render_template, request

from matcher.access.doors import visible_problems
from matcher.access.rights import Right, require
from matcher.db import db
from matcher.errors import NotFound
from matcher.models import Problem
from matcher.services import replay
from matcher.web.admin.blueprint import bp
from matcher.web.desk import labels
from matcher.web.gates import staff


@bp.get("/replays")
def replays() -> str:
    """Everything that is kept of what was proposed for one problem, then and now side by side."""
    number = request.args.get("number", "").strip()
    problem = _problem(number) if number else None
    found = [replay.replay(one) for one in replay.proposals_of(problem)] if problem is not None else []
    return render_template("admin/replays.html", number=number, problem=problem, found=found, labels=labels)


def _problem(number: str) -> Problem:
    user = staff()
    problem = db.session.scalar(visible_problems(user).where(Problem.number == number))
    if problem is None:
        raise NotFound("没有找到这个编号的难题。")
    require(user, Right.REPLAY, problem)
    return problem
