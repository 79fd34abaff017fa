"""Every named action through its service, in every state, by everybody: it moves, or it is refused and nothing is left.

The table of what is allowed is the one written by hand from the specification (tests/test_lifecycles.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from matcher.db import Base, db, now, today
from matcher.errors import BadInput, NotAllowed, WrongMove
from matcher.models import (
    Actor,
    Case,
    CaseState,
    Clock,
    DeclineReason,
    Dispatch,
    DispatchState,
    LogEntry,
    Notice,
    Outcome,
    Party,
    Problem,
    ProblemState,
    Role,
    SolutionCard,
    TermsKind,
    VisitState,
)
from matcher.services import activities, cases, dispatch, ending, problems, reports
from tests.factories import (
    make_case,
    make_expert,
    make_office,
    make_problem,
    make_user,
    recorded_for,
    staff,
)
from tests.lives import activity_in, dispatch_in, held, problem_in, report_in, visit_in
from tests.test_lifecycles import EXPECTED, table

pytestmark = pytest.mark.usefixtures("ctx")
P, C, D, V = ProblemState, CaseState, DispatchState, VisitState
Act = Callable[[Any, Actor], Any]

COUNTY, CITY, NEIGHBOUR, TOWN = "320923", "320900", "320924", "320923109"

#: What follows by itself and has no service of its own: tests/test_story.py walks through these.
CONSEQUENCES = {
    "problem": {"free", "close_solved", "close_partly", "close_unsolved", "close_sent_up"},
    "dispatch": {"finish"},
}


def hand_to(code: str) -> Act:
    return lambda problem, by: problems.hand_over(problem, make_office(code), "请协助", by=by)


def the_card(_problem: Problem) -> SolutionCard:
    return db.session.scalars(select(SolutionCard)).one()


def alone(act: Callable[[Any], Any]) -> Act:
    """The clock's moves take no actor: nobody else can call them."""

    def by_the_clock(thing: Any, by: Actor) -> Any:
        if by.party is not Party.SYSTEM or by.behalf is not None:
            raise NotAllowed("the service takes no actor")
        return act(thing)

    return by_the_clock


def abandon(case: Case, by: Actor) -> None:
    return alone(lambda case: ending.abandon(case, reason="x"))(case, by)


SERVICES: dict[str, dict[str, Act]] = {
    "problem": {
        "accept": lambda p, by: problems.accept(p, by=by),
        "ask": lambda p, by: problems.ask(p, "什么型号？", by=by),
        "reject": lambda p, by: problems.reject(p, "out_of_scope", by=by),
        "withdraw": lambda p, by: problems.withdraw(p, "不用了", by=by),
        "answer": lambda p, by: problems.answer(p, "S7-1500", by=by),
        "lapse": alone(problems.lapse),
        "dispatch": lambda p, by: dispatch.offer(p, make_expert(), by=by),
        "solve_by_card": lambda p, by: problems.solve_by_card(p, the_card(p), by=by),
        "solve_by_phone": lambda p, by: problems.solve_by_phone(p, "复位即可", by=by),
        "give_up": lambda p, by: problems.give_up(p, "nobody", by=by),
        "reopen": lambda p, by: problems.reopen(p, "又坏了", by=by),
        "escalate": hand_to(CITY),
        "pass_down": hand_to(TOWN),
        "hand_over": hand_to(NEIGHBOUR),
    },
    "dispatch": {
        "accept": lambda d, by: dispatch.accept(d, by=by),
        "set_terms": lambda d, by: dispatch.set_terms(d, dispatch.Terms(TermsKind.REMOTE_FIRST), by=by),
        "decline": lambda d, by: dispatch.decline(d, DeclineReason.TOO_FAR, by=by),
        "expire": alone(dispatch.expire),
        "recall": lambda d, by: dispatch.recall(d, "设备停用", by=by),
        "agree": lambda d, by: dispatch.agree(d, by=by),
        "refuse": lambda d, by: dispatch.refuse(d, "需要现场", by=by),
        "release": lambda d, by: dispatch.release(d, "生病", by=by),
    },
    "case": {
        "diagnose": lambda c, by: cases.diagnose(c, "量值溯源", "接头氧化", by=by),
        "fix": lambda c, by: cases.record_fix(c, "重做电缆头", "温度正常", by=by),
        "close": lambda c, by: cases.close_case(c, Outcome.SOLVED, by=by),
        "close_unsolved": lambda c, by: cases.close_case(c, Outcome.UNSOLVED, by=by),
        "abandon": abandon,
        "confirm": lambda c, by: cases.confirm(c, by=by),
        "leave_unanswered": alone(cases.leave_unanswered),
        "reopen": lambda c, by: problems.reopen(c.problem, "又坏了", by=by),
    },
    "visit": {
        "hold": lambda v, by: cases.hold_visit(v, held(), by=by),
        "postpone": lambda v, by: cases.move_visit(v, now() + timedelta(days=3), "停电", by=by),
        "cancel": lambda v, by: cases.cancel_visit(v, "不需要", by=by),
        "miss": lambda v, by: cases.miss_visit(v, "enterprise", by=by),
    },
    "activity": {
        "hold": lambda a, by: activities.hold_activity(a, activities.Turnout(on=today()), by=by),
        "cancel": lambda a, by: activities.cancel_activity(a, "停电", by=by),
    },
    "report": {
        "submit": lambda r, by: reports.submit(r, by=by),
        "take": lambda r, by: reports.take(r, by=by),
        "return": lambda r, by: reports.send_back(r, "请核对", by=by),
    },
}


MAKERS: dict[str, Callable[[Any], Any]] = {
    "problem": problem_in,
    "dispatch": dispatch_in,
    "case": make_case,
    "visit": visit_in,
    "activity": activity_in,
    "report": report_in,
}


@dataclass(frozen=True)
class Person:
    """Somebody by name, made afresh for each thing."""

    name: str
    party: Party
    make: Callable[[Any], Actor]


def expert_of(thing: Any) -> Actor:
    if isinstance(thing, Dispatch):
        return Actor(expert=thing.expert)
    case = getattr(thing, "case", thing)
    if isinstance(case, Case) and case.experts:
        return Actor(expert=case.experts[0])
    return Actor(expert=make_expert())


def enterprise_of(thing: Any) -> Actor:
    for holder in (thing, getattr(thing, "problem", None), getattr(getattr(thing, "case", None), "problem", None)):
        if isinstance(holder, Problem):
            return Actor(enterprise=holder.enterprise)
    return Actor(enterprise=make_problem().enterprise)


EVERYBODY = (
    Person("enterprise", Party.ENTERPRISE, enterprise_of),
    Person("expert", Party.EXPERT, expert_of),
    Person("office", Party.OFFICE, lambda _thing: staff(Role.DISPATCHER, Role.WRITER)),
    Person(
        "upper office",
        Party.UPPER,
        lambda _thing: Actor(user=make_user(Role.WRITER, office=make_office(CITY)), is_upper=True),
    ),
    Person("the clock", Party.SYSTEM, lambda _thing: Actor.system()),
    Person("recorded for the enterprise", Party.ENTERPRISE, lambda _thing: recorded_for(Party.ENTERPRISE, staff())),
    Person("recorded for the expert", Party.EXPERT, lambda _thing: recorded_for(Party.EXPERT, staff())),
)


def every_state() -> Iterator[Any]:
    for noun in SERVICES:
        for state in EXPECTED[noun][0].states:
            yield pytest.param(noun, state, id=f"{noun}-{state.value}")


def shadow(thing: Base) -> tuple[Any, ...]:
    """What a refused move must leave as it was: the thing, and how much of everything there is."""
    columns = tuple(getattr(thing, column.key) for column in type(thing).__table__.columns)
    counts = [db.session.scalar(select(func.count()).select_from(noun)) for noun in (LogEntry, Notice, Clock, Case)]
    return (*columns, *counts)


@pytest.mark.parametrize(("noun", "state"), list(every_state()))
def test_a_move_goes_where_the_table_says_or_is_refused_and_leaves_nothing(noun: str, state: Any) -> None:
    thing, expected = MAKERS[noun](state), table(EXPECTED[noun][1])
    assert thing.state == state
    people = [(person, person.make(thing)) for person in EVERYBODY]
    db.session.commit()
    wrong = []
    for action, act in SERVICES[noun].items():
        for person, by in people:
            before, target = shadow(thing), expected.get((state.value, action, person.party))
            try:
                act(thing, by)
                db.session.flush()
                end: Any = thing.state
            except (WrongMove, NotAllowed) as error:
                end = type(error).__name__
            except BadInput as error:
                end = f"BadInput: {error}"
            db.session.rollback()
            if end != (target or end) or (target is None and end not in ("WrongMove", "NotAllowed")):
                wrong.append(f"{action} by {person.name}: {end}, expected {target or 'a refusal'}")
            if shadow(thing) != before:
                wrong.append(f"{action} by {person.name}: something was left behind")
    assert wrong == []


def test_no_action_of_the_tables_is_forgotten_here() -> None:
    for noun, (life, _text) in EXPECTED.items():
        if noun == "lead":
            continue
        actions = {move.action for move in life.moves}
        assert actions == set(SERVICES[noun]) | CONSEQUENCES.get(noun, set()), noun
