"""One problem on one page: its words, what it is, who can help, what was done, what can be done next."""

from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import and_, or_, select

from matcher.access.doors import problem_for
from matcher.access.rights import Right, may, require
from matcher.db import db
from matcher.errors import BadInput
from matcher.models import Case, Dispatch, LogEntry, Outcome, Problem, ProblemState
from matcher.plain.errors import PlainError
from matcher.services import attachments, benefits, cards, follow_ups, prefill, proposals, queue
from matcher.web import once
from matcher.web.desk import candidates, forms, labels, records
from matcher.web.desk.blueprint import bp
from matcher.web.desk.steps import STEPS, classify_form, form_of, open_steps, said
from matcher.web.errors import put_on_form
from matcher.web.gates import actor, staff

MOST_LINES = 200
#: While somebody still waits for help, solved problems like it may save a visit.
OPEN = (ProblemState.SUBMITTED, ProblemState.RETURNED, ProblemState.ACCEPTED, ProblemState.DISPATCHED)


@bp.get("/problems/<int:problem_id>")
def problem(problem_id: int) -> str:
    """The problem's page; `?q=` looks up experts by name, pinyin or trade to send somebody else."""
    found = problem_for(staff(), problem_id)
    if found.state is ProblemState.ACCEPTED and not found.proposals:
        proposals.propose_experts(found)
        db.session.commit()
    return show(found)


@bp.post("/problems/<int:problem_id>/steps/<name>")
def take_step(problem_id: int, name: str) -> Any:
    """Take the named step; a form that is not right comes back on the problem's page."""
    if (before := once.taken_before()) is not None:
        return before
    found = problem_for(staff(), problem_id)
    require(staff(), Right.HANDLE, found)
    form = form_of(name, found, staff())
    if not form.validate_on_submit():
        return show(found, wrong={name: form}), BadInput.status
    try:
        STEPS[name].act(found, form, actor())
    except (BadInput, PlainError) as error:
        db.session.rollback()
        put_on_form(form, error)
        return show(problem_for(staff(), problem_id), wrong={name: form}), BadInput.status
    flash(said(name, form))
    return once.done(url_for("desk.problem", problem_id=problem_id))


def show(found: Problem, *, wrong: Mapping[str, FlaskForm] | None = None) -> str:
    """The page, with forms that came back wrong in the place of fresh ones."""
    user = staff()
    offers = _dispatches(found)
    cases = _cases(found)
    may_handle = may(user, Right.HANDLE, found)
    names = open_steps(found) if may_handle else []
    parts = [part for case in cases for part in attachments.parts_of(case)]
    files_of = attachments.files_by_thing([found, found.menu, *parts])
    return render_template(
        "desk/problem.html",
        problem=found,
        row=queue.next_of(found, user=user),
        labels=labels,
        records=records.RECORDS,
        wrong=wrong or {},
        steps=_forms(found, names, wrong or {}),
        led_to=prefill.led_to(found),
        may_handle=may_handle,
        may_read_figures=may(user, Right.READ_FIGURES, found),
        may_reveal=may(user, Right.REVEAL, found),
        may_replay=may(user, Right.REPLAY, found),
        reveal_form=forms.RevealForm(prefix="reveal-"),
        offers=offers,
        sent_ids={offer.expert_id for offer in offers if offer.is_live},
        candidates=candidates.proposed(found),
        looked_up=_looked_up(found, request.args.get("q", "")),
        cases=cases,
        cards=cards.nearest(found, limit=3) if found.state in OPEN else [],
        may_solve_by_card="solve_by_card" in names,
        solved_ids={case.id for case in cases if case.outcome is Outcome.SOLVED},
        chains={case.id: benefits.chains_of(case) for case in cases},
        follow_ups={case.id: follow_ups.of_case(case) for case in cases},
        files_of=files_of,
        files=[*files_of(found), *files_of(found.menu)],
        recordable=records.possible(found) if may(user, Right.RECORD, found) else [],
        log=_log(found, offers, cases),
    )


def _forms(found: Problem, names: list[str], wrong: Mapping[str, FlaskForm]) -> dict[str, FlaskForm]:
    plain = [name for name in names if name not in ("classify", *wrong)]
    fresh = {name: form_of(name, found, staff(), formdata=None) for name in plain}
    if "classify" in names:
        fresh["classify"] = classify_form(found)
    return {**fresh, **wrong}


def _looked_up(found: Problem, words: str) -> list[candidates.Candidate]:
    if not words.strip():
        return []
    return candidates.chosen(found, candidates.look_up(staff(), words))


def _dispatches(found: Problem) -> list[Dispatch]:
    query = select(Dispatch).where(Dispatch.problem_id == found.id).order_by(Dispatch.id.desc())
    return list(db.session.scalars(query))


def _cases(found: Problem) -> list[Case]:
    query = select(Case).where(Case.problem_id == found.id).order_by(Case.round.desc())
    return list(db.session.scalars(query))


def _log(found: Problem, offers: list[Dispatch], cases: list[Case]) -> list[LogEntry]:
    """What happened to the problem, its offers and its cases, newest first."""
    about = {
        "problem": [found.id],
        "menu": [found.menu_id],
        "dispatch": [offer.id for offer in offers],
        "case": [case.id for case in cases],
        "visit": [visit.id for case in cases for visit in case.visits],
    }
    these = [and_(LogEntry.subject_kind == kind, LogEntry.subject_id.in_(ids)) for kind, ids in about.items() if ids]
    query = select(LogEntry).where(or_(*these)).order_by(LogEntry.id.desc()).limit(MOST_LINES)
    return list(db.session.scalars(query))
