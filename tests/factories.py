"""Dull, valid things to test with. Say only what matters: make_problem(state=...), make_expert(trade="焊工")."""

from itertools import count
from typing import Any

from flask import current_app
from sqlalchemy import select

from matcher.db import db, today
from matcher.models import (
    Actor,
    Case,
    CaseState,
    Enterprise,
    Expert,
    Menu,
    MenuChannel,
    Office,
    Outcome,
    Party,
    Problem,
    ProblemState,
    Role,
    User,
)
from matcher.models.actors import Behalf, Channel
from matcher.services import accounts, cases, dispatch, enterprises, experts, menus, problems

PASSWORD = "Funing-2026"
_numbers = count(1)


def make_office(code: str = "320923") -> Office:
    """One of the seeded offices: 320923 Funing (county), 320900 Yancheng (city), 320924 the neighbour."""
    return db.session.scalars(select(Office).filter_by(code=code)).one()


def make_user(*roles: Role, office: Office | None = None, must_change: bool = False, **values: Any) -> User:
    """An account with the roles (a dispatcher where none is named) and the password PASSWORD."""
    number = next(_numbers)
    return accounts.add_account(
        office or make_office(),
        name=values.pop("name", f"工作人员{number}"),
        login=values.pop("login", f"user{number}"),
        password=PASSWORD,
        roles=roles or (Role.DISPATCHER,),
        hasher=current_app.extensions["hasher"],
        by=Actor.system(),
        must_change=must_change,
        **values,
    )


def staff(*roles: Role, office: Office | None = None) -> Actor:
    """A member of staff as an actor."""
    return Actor(user=make_user(*roles, office=office))


def make_enterprise(name: str | None = None, *, office: Office | None = None, **values: Any) -> Enterprise:
    """A known enterprise with a phone."""
    values.setdefault("phone", "13800138000")
    return enterprises.register(
        office or make_office(), name or f"示例机械厂{next(_numbers)}", by=Actor.system(), **values
    )


def make_expert(name: str | None = None, *, office: Office | None = None, **values: Any) -> Expert:
    """An active expert with a phone and a trade."""
    values.setdefault("phone", "13900139000")
    values.setdefault("trade", "维修电工")
    return experts.add_expert(office or make_office(), name or f"示例专家{next(_numbers)}", by=Actor.system(), **values)


def make_menu(*texts: str, enterprise: Enterprise | None = None, office: Office | None = None, **values: Any) -> Menu:
    """A posted menu with one problem per text."""
    firm = enterprise or make_enterprise(office=office)
    words = texts or ("配电柜电缆头温度偏高。",)
    items = [menus.Item(text=text) for text in words]
    return menus.post_menu(
        office or firm.office,
        firm,
        items,
        text="\n".join(words),
        channel=values.pop("channel", MenuChannel.PHONE),
        by=values.pop("by", Actor(enterprise=firm)),
        **values,
    )


def the_enterprise(problem: Problem) -> Actor:
    """The enterprise of a problem, on its own link."""
    return Actor(enterprise=problem.enterprise)


def recorded_for(party: Party, by: Actor) -> Actor:
    """Staff writing down what somebody said on the telephone today (代录)."""
    return Actor(user=by.user, behalf=Behalf(party, Channel.TELEPHONE, today()))


def make_problem(state: ProblemState = ProblemState.SUBMITTED, *, by: Actor | None = None, **values: Any) -> Problem:
    """A problem brought into the state by the moves that lead there."""
    office = values.get("office")
    by = by or staff(office=office)
    problem = make_menu(**values).problems[0]
    bring(problem, state, by=by)
    db.session.flush()
    return problem


def bring(problem: Problem, state: ProblemState, *, by: Actor) -> None:
    """Take the moves from SUBMITTED to the state."""
    S = ProblemState
    if state is S.SUBMITTED:
        return None
    if state is S.REJECTED:
        return problems.reject(problem, "out_of_scope", by=by)
    if state in (S.RETURNED, S.LAPSED):
        problems.ask(problem, "是什么型号？", by=by)
        return problems.lapse(problem) if state is S.LAPSED else None
    if state is S.WITHDRAWN:
        return problems.withdraw(problem, by=the_enterprise(problem))
    problems.accept(problem, by=by)
    if state is S.DISPATCHED:
        dispatch.offer(problem, make_expert(office=problem.office), by=by)
    if state in (S.SOLVED, S.PARTLY, S.UNSOLVED):
        outcome = {S.SOLVED: Outcome.SOLVED, S.PARTLY: Outcome.PARTLY, S.UNSOLVED: Outcome.UNSOLVED}[state]
        cases.close_case(work_on(problem, CaseState.FIXED, by=by), outcome, by=by)
    return None


def work_on(problem: Problem, state: CaseState, *, by: Actor, expert: Expert | None = None) -> Case:
    """Send an expert who says yes, and work up to OPENED, DIAGNOSED or FIXED."""
    expert = expert or make_expert(office=problem.office)
    offered = dispatch.offer(problem, expert, by=by)
    them = Actor(expert=expert)
    case = dispatch.accept(offered, by=them)
    if state in (CaseState.DIAGNOSED, CaseState.FIXED):
        cases.record_visit(case, cases.Held(on=today()), by=them)
        cases.diagnose(case, "参数设置检查", "接头氧化", by=them)
    if state is CaseState.FIXED:
        cases.record_fix(case, "重做电缆头", "温度恢复正常", by=them)
    db.session.flush()
    return case


def make_case(state: CaseState = CaseState.OPENED, *, by: Actor | None = None, **values: Any) -> Case:
    """A case brought into the state by the moves that lead there."""
    by = by or staff()
    problem = make_problem(ProblemState.ACCEPTED, by=by, **values)
    C = CaseState
    if state in (C.OPENED, C.DIAGNOSED, C.FIXED):
        return work_on(problem, state, by=by)
    if state is C.ABANDONED:
        case = work_on(problem, C.OPENED, by=by)
        dispatch.recall(case.dispatches[0], "设备已停用", by=by)
        return case
    case = work_on(problem, C.FIXED, by=by)
    cases.close_case(case, Outcome.SOLVED, by=by)
    if state is C.CONFIRMED:
        cases.confirm(case, by=the_enterprise(problem), rating=5)
    if state is C.UNANSWERED:
        cases.leave_unanswered(case)
    if state is C.REOPENED:
        problems.reopen(problem, "又坏了", by=the_enterprise(problem))
    db.session.flush()
    return case
