"""代录: one quick page for whatever came by telephone, on paper or in person."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from matcher.access.doors import problem_for, visible_problems
from matcher.access.rights import Right, require
from matcher.db import db
from matcher.errors import BadInput, WrongMove
from matcher.models import Channel, Problem
from matcher.plain.errors import PlainError
from matcher.services import queue
from matcher.services.queue import Filters, Scope
from matcher.web import once
from matcher.web.desk.blueprint import bp
from matcher.web.desk.record_forms import RecordForm
from matcher.web.desk.records import RECORDS, Thing, name_of, possible
from matcher.web.errors import put_on_form
from matcher.web.gates import actor, staff


@bp.get("/record")
def record() -> str:
    """Choose the problem, then what was said, then write it down; each choice stands in the address."""
    problem_id = request.args.get("problem", type=int)
    if problem_id is None:
        return _choose_problem(request.args.get("q", "").strip())
    problem = _problem(problem_id)
    what = request.args.get("what", "")
    return _page(problem, what, _form(problem, what) if what in RECORDS else None)


@bp.post("/record")
def take_record() -> Any:
    """Write it down in the name of who said it."""
    if (before := once.taken_before()) is not None:
        return before
    problem, what = _problem(request.args.get("problem", 0, type=int)), request.args.get("what", "")
    form = _form(problem, what)
    if not form.validate_on_submit():
        return _page(problem, what, form), BadInput.status
    row = RECORDS[what]
    said_by = actor().on_behalf_of(row.party, channel=Channel(form.channel.data), on=form.on.data)
    try:
        row.act(_subject(problem, what, form), form, said_by)
    except (BadInput, PlainError) as error:
        db.session.rollback()
        put_on_form(form, error)
        return _page(_problem(problem.id), what, form), BadInput.status
    flash(_("已代录：%(what)s。", what=str(row.label)))
    return once.done(url_for("desk.problem", problem_id=problem.id))


def _problem(problem_id: int) -> Problem:
    problem = problem_for(staff(), problem_id)
    require(staff(), Right.RECORD, problem)
    return problem


def _form(problem: Problem, what: str) -> RecordForm:
    """The form of the record with what it can be about; WrongMove where that is nothing (any more)."""
    row = RECORDS.get(what)
    things = row.find(problem) if row is not None else []
    if row is None or not things:
        raise WrongMove("难题现在的状态不能记这一项，请回到难题页面看看。")
    form = row.form()
    form.subject_id.choices = [(thing.id, name_of(thing)) for thing in things]
    form.know(things[0])
    return form


def _subject(problem: Problem, what: str, form: RecordForm) -> Thing:
    """The chosen thing; the form has let only possible ones pass."""
    return next(thing for thing in RECORDS[what].find(problem) if thing.id == form.subject_id.data)


def _page(problem: Problem, what: str, form: RecordForm | None) -> str:
    return render_template(
        "desk/record.html", problem=problem, what=what, form=form, records=RECORDS, possible=possible(problem)
    )


def _choose_problem(words: str) -> str:
    user, filters = staff(), Filters(words=words, scope=Scope.TREE)
    rows = queue.rows(visible_problems(user), filters, user=user)
    return render_template("desk/record_choose.html", rows=rows, words=words)
