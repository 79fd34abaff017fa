"""The moves of a problem that the office makes, one row each: its form, what it does, what is said after."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select

from matcher.access.doors import account_for, card_for, visible_cards, visible_problems
from matcher.db import db
from matcher.errors import BadInput, NotFound
from matcher.models import Actor, Office, Party, Problem, ProblemState, Role, SolutionCard, User, UserRole
from matcher.services import problems, proposals
from matcher.web.desk import forms
from matcher.web.desk.labels import CHECKS

Act = Callable[[Problem, Any, Actor], None]
Fill = Callable[[Any, Problem, User], None]

MOST_CARDS = 50


@dataclass(frozen=True, slots=True)
class Step:
    """A move. `action` is the row of the life cycle that must be open; None: possible in every state."""

    form: type[FlaskForm]
    act: Act
    said: Any
    action: str | None = None
    fill: Fill | None = None


def open_steps(problem: Problem) -> list[str]:
    """The names of the steps that the problem's state allows."""
    actions = problem.LIFE.actions(problem.state, Party.OFFICE)
    return [name for name, step in STEPS.items() if step.action is None or step.action in actions]


def form_of(name: str, problem: Problem, user: User, **options: Any) -> FlaskForm:
    """The form of a step, its choices filled; `name` is its prefix, for many stand on one page.

    `options` go to the form: formdata=None makes a fresh one, whatever the request is about.
    """
    step = STEPS.get(name)
    if step is None:
        raise NotFound("没有这个操作。")
    form = step.form(prefix=f"{name}-", **options)
    if step.fill is not None:
        step.fill(form, problem, user)
    return form


def classify_form(problem: Problem) -> forms.ClassifyForm:
    """The classification as it stands, fresh from the problem and not from the request."""
    known = {name: getattr(problem, name) for name in problems.CLASSIFIED if name != "checks"}
    ticked = {name: bool(problem.checks.get(name)) for name in CHECKS}
    return forms.ClassifyForm(formdata=None, prefix="classify-", data={**known, **ticked})


def _classify(problem: Problem, form: forms.ClassifyForm, by: Actor) -> None:
    values = {name: getattr(form, name).data for name in problems.CLASSIFIED if name != "checks"}
    ticked = {name: True for name in CHECKS if getattr(form, name).data}
    problems.classify(problem, {**values, "checks": ticked}, by=by)
    if form.accept.data:
        problems.accept(problem, by=by)
    if problem.state is ProblemState.ACCEPTED:
        proposals.propose_experts(problem)


def _ask(problem: Problem, form: forms.AskForm, by: Actor) -> None:
    problems.ask(problem, form.question.data, by=by)


def _reject(problem: Problem, form: forms.RejectForm, by: Actor) -> None:
    problems.reject(problem, form.reason.data, form.text.data, by=by)


def _give_up(problem: Problem, form: forms.GiveUpForm, by: Actor) -> None:
    problems.give_up(problem, form.reason.data, form.text.data, by=by)


def _solve_by_phone(problem: Problem, form: forms.SolvedByPhoneForm, by: Actor) -> None:
    problems.solve_by_phone(problem, form.text.data, by=by)


def _solve_by_card(problem: Problem, form: forms.SolvedByCardForm, by: Actor) -> None:
    assert by.user is not None
    problems.solve_by_card(problem, card_for(by.user, form.card_id.data), by=by)


def _reopen(problem: Problem, form: forms.ReasonForm, by: Actor) -> None:
    problems.reopen(problem, form.reason.data, by=by)
    proposals.propose_experts(problem)


def _hand_over(problem: Problem, form: forms.HandOverForm, by: Actor) -> None:
    office = db.session.get(Office, form.office_id.data)
    assert office is not None  # The form offers offices that exist.
    problems.hand_over(problem, office, form.reason.data, by=by)


def _assign(problem: Problem, form: forms.AssignForm, by: Actor) -> None:
    assert by.user is not None
    problems.assign(problem, account_for(by.user, form.user_id.data), by=by)


def _note_call(problem: Problem, form: forms.CallNoteForm, by: Actor) -> None:
    problems.note_call(problem, form.text.data, by=by)


def _mark_duplicate(problem: Problem, form: forms.DuplicateForm, by: Actor) -> None:
    assert by.user is not None
    original = db.session.scalar(visible_problems(by.user).where(Problem.number == form.number.data))
    if original is None:
        raise BadInput("没有找到这个编号的难题。", field="number")
    problems.mark_duplicate(problem, original, by=by)


def _propose(problem: Problem, _form: FlaskForm, _by: Actor) -> None:
    proposals.propose_experts(problem)


def _fill_offices(form: forms.HandOverForm, problem: Problem, _user: User) -> None:
    here = problem.office
    parent = [here.parent] if here.parent is not None else []
    sisters = [office for office in parent[0].children if office.id != here.id] if parent else []
    ranks = ((_l("上级"), parent), (_l("兄弟工会"), sisters), (_l("下级"), here.children))
    form.office_id.choices = [(office.id, f"{rank} · {office.name}") for rank, offices in ranks for office in offices]


def _fill_colleagues(form: forms.AssignForm, problem: Problem, _user: User) -> None:
    query = (
        select(User.id, User.name)
        .join(UserRole)
        .where(User.office_id == problem.office_id, User.is_active, UserRole.role == Role.DISPATCHER)
        .order_by(User.name)
    )
    form.user_id.choices = [(user_id, name) for user_id, name in db.session.execute(query)]


def _fill_cards(form: forms.SolvedByCardForm, problem: Problem, user: User) -> None:
    query = visible_cards(user).where(SolutionCard.withdrawn_at.is_(None))
    alike_first = (SolutionCard.problem_kind != problem.problem_kind, SolutionCard.id.desc())
    cards = db.session.scalars(query.order_by(*alike_first).limit(MOST_CARDS))
    form.card_id.choices = [(card.id, card.title) for card in cards]


def said(name: str, form: FlaskForm) -> str:
    """What the page says after a step was taken."""
    if isinstance(form, forms.ClassifyForm) and form.accept.data:
        return _("已受理，下一步是点将。")
    return str(STEPS[name].said)


#: The order is that of the page. Withdrawals and answers are the enterprise's: 代录 has a page of its own.
STEPS: dict[str, Step] = {
    "classify": Step(forms.ClassifyForm, _classify, _l("分类已保存。")),
    "ask": Step(forms.AskForm, _ask, _l("已退回企业补充，时限暂停。"), "ask"),
    "reject": Step(forms.RejectForm, _reject, _l("已记为不予受理。"), "reject"),
    "duplicate": Step(forms.DuplicateForm, _mark_duplicate, _l("已并入原来的难题。"), "reject"),
    "propose": Step(forms.PressForm, _propose, _l("已重新推荐。"), "dispatch"),
    "solve_by_phone": Step(forms.SolvedByPhoneForm, _solve_by_phone, _l("已记为电话解决。"), "solve_by_phone"),
    "solve_by_card": Step(
        forms.SolvedByCardForm, _solve_by_card, _l("已记为用解题卡解决。"), "solve_by_card", _fill_cards
    ),
    "give_up": Step(forms.GiveUpForm, _give_up, _l("已如实记为暂时无法解决。"), "give_up"),
    "reopen": Step(forms.ReasonForm, _reopen, _l("已重新打开，等待点将。"), "reopen"),
    "hand_over": Step(forms.HandOverForm, _hand_over, _l("已转出。"), "hand_over", _fill_offices),
    "assign": Step(forms.AssignForm, _assign, _l("已转给同事。"), fill=_fill_colleagues),
    "note": Step(forms.CallNoteForm, _note_call, _l("通话已记下。")),
}
