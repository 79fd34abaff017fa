"""The enterprise's follow link: progress like a parcel's, and everything it can say. Looking changes nothing."""

from collections.abc import Callable

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from matcher.access.links import attachment_on, problem_on
from matcher.db import db
from matcher.errors import BadInput, WrongMove
from matcher.models import Actor, BenefitKind, Case, Menu, Per, Problem
from matcher.plain.errors import PlainError
from matcher.plain.phones import last_four
from matcher.services import attachments, benefits, cards, cases, follow_ups, links, problems
from matcher.services.progress import cases_of, progress
from matcher.web import fields, once, photos
from matcher.web.errors import sentence
from matcher.web.fields import one_of, yuan
from matcher.web.gates import anyone, put_gate
from matcher.web.throttle import limiter

Answer = Response | tuple[str, int]

bp = Blueprint("follow", __name__, url_prefix="/f/<token>")
put_gate(bp, anyone())


@bp.get("/")
def menu(token: str) -> str:
    """Where everything on the menu stands."""
    return _page(token, links.menu_behind(token))


def _page(token: str, found: Menu, *, wrong: str = "", message: str = "") -> str:
    """The page; `wrong` names the form that could not be taken, which comes back with what was typed."""
    files_of = attachments.files_by_thing([found, *found.problems])
    rows = [
        {
            "problem": problem,
            "steps": progress(problem),
            "case": _last(problem),
            "photos": files_of(problem),
            "cards": cards.nearest(problem, limit=3),
            "follow_up": next(iter(follow_ups.due_of(problem)), None),
        }
        for problem in found.problems
    ]
    return render_template(
        "follow/menu.html",
        menu=found,
        rows=rows,
        token=token,
        photos=files_of(found),
        wrong=wrong,
        message=message,
        typed=request.form if wrong else {},
    )


@bp.post("/problems/<int:problem_id>/answer")
def answer(token: str, problem_id: int) -> Answer:
    """Answer the union's question."""
    return _act(token, problem_id, _answer, "已回复工会。")


@bp.post("/problems/<int:problem_id>/withdraw")
def withdraw(token: str, problem_id: int) -> Answer:
    """Help is no longer needed."""
    return _act(token, problem_id, _withdraw, "已撤回。")


@bp.post("/problems/<int:problem_id>/photo")
@limiter.limit("60 per hour")
def photo(token: str, problem_id: int) -> Answer:
    """One more photo."""
    return _act(token, problem_id, _add_photos, "照片已添加。")


@bp.post("/problems/<int:problem_id>/confirm")
@limiter.limit("10 per hour", key_func=lambda: f"confirm:{(request.view_args or {}).get('token', '')}")
def confirm(token: str, problem_id: int) -> Answer:
    """It is so; asks for the last four digits of the contact's phone."""
    return _act(token, problem_id, _confirm, "谢谢您的确认。")


@bp.post("/problems/<int:problem_id>/reopen")
def reopen(token: str, problem_id: int) -> Answer:
    """It is not solved, or it is back."""
    return _act(token, problem_id, _reopen, "已重新打开，工会会尽快联系您。")


@bp.post("/problems/<int:problem_id>/benefit")
def benefit(token: str, problem_id: int) -> Answer:
    """What it was worth, in the enterprise's own words."""
    return _act(token, problem_id, _state_benefit, "已记下，谢谢您。")


@bp.post("/problems/<int:problem_id>/follow-up")
def follow_up(token: str, problem_id: int) -> Answer:
    """What became of it after some months."""
    return _act(token, problem_id, _answer_follow_up, "已记下，谢谢您。")


@bp.post("/problems/<int:problem_id>/solved-by-card/<int:card_id>")
def solved_by_card(token: str, problem_id: int, card_id: int) -> Answer:
    """A solved problem like it showed the way."""

    def solve(problem: Problem, by: Actor) -> None:
        problems.solve_by_card(problem, cards.shown_card(problem, card_id), by=by)

    return _act(token, problem_id, solve, "太好了，已记为解决。")


@bp.get("/files/<int:attachment_id>")
def file(token: str, attachment_id: int) -> Response:
    """A photo that the enterprise sent."""
    return photos.send(attachment_on(links.menu_behind(token), attachment_id))


def _act(token: str, problem_id: int, act: Callable[[Problem, Actor], object], thanks: str) -> Answer:
    """Find, act, commit, answer; a form that was taken before is not taken again, one that is wrong comes back."""
    found = links.menu_behind(token)
    if (before := once.taken_before()) is not None:
        return before
    problem = problem_on(found, problem_id)
    try:
        act(problem, _by(found))
    except (BadInput, PlainError) as error:
        db.session.rollback()
        wrong = f"{request.path.rsplit('/', 1)[-1]}-{problem_id}"
        return _page(token, links.menu_behind(token), wrong=wrong, message=sentence(error)), BadInput.status
    flash(_(thanks))
    return once.done(url_for(".menu", token=token, _anchor=f"problem-{problem.id}"))


def _by(found: Menu) -> Actor:
    return Actor(enterprise=found.enterprise, address=request.remote_addr)


def _last(problem: Problem) -> Case | None:
    rounds = cases_of(problem)
    return rounds[-1] if rounds else None


def _the_case(problem: Problem) -> Case:
    case = _last(problem)
    if case is None:
        raise WrongMove("这个难题还没有服务单。")
    return case


def _answer(problem: Problem, by: Actor) -> None:
    problems.answer(problem, fields.words(request.form.get("answer"), field="answer"), by=by)


def _withdraw(problem: Problem, by: Actor) -> None:
    problems.withdraw(problem, fields.words(request.form.get("text"), field="text", most=2_000), by=by)


def _add_photos(problem: Problem, by: Actor) -> None:
    files = [f for f in request.files.getlist("photos") if isinstance(f, FileStorage) and f.filename]
    if not files:
        raise BadInput("请选择照片。", field="photos")
    for kept in photos.kept_photos(files):
        attachments.attach_kept(problem, kept, by=by)


def _confirm(problem: Problem, by: Actor) -> None:
    digits = request.form.get("digits", "").strip()
    if problem.menu.phone is not None and digits != last_four(problem.menu.phone):
        raise BadInput("手机号后四位不对，请核对后再试。", field="digits")
    rating = request.form.get("rating", type=int)
    words = fields.words(request.form.get("words"), field="words", most=2_000)
    cases.confirm(_the_case(problem), by=by, rating=rating, words=words)


def _reopen(problem: Problem, by: Actor) -> None:
    reason = fields.words(request.form.get("reason"), field="reason", most=2_000)
    if not reason:
        raise BadInput("请写下哪里还没有解决。", field="reason")
    problems.reopen(problem, reason, by=by)


def _answer_follow_up(problem: Problem, by: Actor) -> None:
    due = follow_ups.due_of(problem)
    asked = next((f for f in due if str(f.id) == request.form.get("follow_up")), None)
    if asked is None:
        raise WrongMove("这次复访已经记过了。")
    amount, kind = request.form.get("amount", "").strip(), request.form.get("kind", "")
    told = follow_ups.Told(
        one_of(follow_ups.Result, request.form.get("result", ""), field="result"),
        fields.words(request.form.get("reason"), field="reason", most=2_000),
        yuan(amount) if amount else None,
        one_of(BenefitKind, kind, field="kind") if kind else None,
        one_of(Per, request.form.get("per", "year"), field="per"),
    )
    follow_ups.answer(asked, told, by=by)


def _state_benefit(problem: Problem, by: Actor) -> None:
    benefits.state_benefit(
        _the_case(problem),
        one_of(BenefitKind, request.form.get("kind", "saving"), field="kind"),
        yuan(request.form.get("amount", "")),
        one_of(Per, request.form.get("per", "once"), field="per"),
        by=by,
        baseline=fields.words(request.form.get("words"), field="words", most=2_000),
    )
