"""The work on a case: visits, diagnosis, fix, training, closing, and the enterprise's word on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from matcher.db import db, now, today
from matcher.errors import BadInput, WrongMove
from matcher.models import (
    Actor,
    Case,
    CaseState,
    ClockStep,
    ConfirmedVia,
    Diagnosis,
    Expert,
    Fix,
    Outcome,
    Problem,
    SolvedBy,
    Visit,
    VisitForm,
    Visitor,
    VisitState,
)
from matcher.services import clocks, ending, evidence, follow_ups, notices, problems
from matcher.services.history import record, step


@dataclass(frozen=True, slots=True)
class Held:
    """What is told of a visit that took place. `experts` None means everybody of the case."""

    on: date
    form: VisitForm = VisitForm.ONSITE
    hours: Decimal | None = None
    place: str = ""
    note: str = ""
    experts: Sequence[Expert] | None = None


def note_contact(case: Case, *, by: Actor) -> None:
    """The expert has spoken with the enterprise for the first time."""
    _must_be_open(case)
    if case.contacted_at is None:
        case.contacted_at = now()
        record(by, "case.contact", case)
    clocks.stop(case.problem, ClockStep.CONTACT)


def plan_visit(case: Case, at: datetime, form: VisitForm, *, by: Actor, place: str = "") -> Visit:
    """Agree on a day; the enterprise is told."""
    _must_be_open(case)
    visit = Visit(case=case, state=VisitState.PLANNED, form=form, planned_for=at, place=place)
    db.session.add(visit)
    record(by, "visit.plan", visit, at=at.isoformat(), form=form)
    note_contact(case, by=by)
    notices.tell_enterprise(
        case.problem.menu,
        "visit",
        "上门时间",
        f"“{case.problem.title}”约定 {at:%m月%d日}。",
        problem=case.problem,
    )
    return visit


def hold_visit(visit: Visit, held: Held, *, by: Actor) -> None:
    """A planned visit took place."""
    _check_held(held)
    step(visit, "hold", by=by, sets=_held_columns(held), on=held.on)
    _after_held(visit, held, by=by)


def record_visit(case: Case, held: Held, *, by: Actor) -> Visit:
    """A visit that was not planned here took place."""
    _must_be_open(case)
    _check_held(held)
    visit = Visit(case=case, state=VisitState.HELD, **_held_columns(held))
    db.session.add(visit)
    record(by, "visit.hold", visit, on=held.on)
    _after_held(visit, held, by=by)
    return visit


def move_visit(visit: Visit, at: datetime, reason: str, *, by: Actor) -> Visit:
    """Another day: the old visit is MOVED, a new one is planned."""
    step(visit, "postpone", by=by, sets={"reason": reason})
    return plan_visit(visit.case, at, visit.form, by=by, place=visit.place)


def cancel_visit(visit: Visit, reason: str, *, by: Actor) -> None:
    """It will not take place."""
    step(visit, "cancel", by=by, sets={"reason": reason})


def miss_visit(visit: Visit, who: str, *, by: Actor, reason: str = "") -> None:
    """Somebody was not there; `who` says who (expert, enterprise)."""
    step(visit, "miss", by=by, sets={"absent": who, "reason": reason})


def diagnose(case: Case, methods: str, cause: str, *, by: Actor) -> Diagnosis:
    """Write down by which methods which cause was found. A later diagnosis adds to the earlier ones."""
    _need(methods, "methods", "请写下用什么方法查的。")
    _need(cause, "cause", "请写下查出的原因。")
    step(case, "diagnose", by=by, sets={"diagnosed_at": case.diagnosed_at or now()})
    diagnosis = Diagnosis(case=case, methods=methods.strip(), cause=cause.strip(), expert_id=_expert_id(by))
    db.session.add(diagnosis)
    note_contact(case, by=by)
    return diagnosis


def record_fix(case: Case, measures: str, verification: str, *, by: Actor) -> Fix:
    """Write down what was done and how it was shown to work."""
    _need(measures, "measures", "请写下采取了什么措施。")
    _need(verification, "verification", "请写下怎样验证有效。")
    step(case, "fix", by=by, sets={"fixed_at": case.fixed_at or now()})
    fix = Fix(case=case, measures=measures.strip(), verification=verification.strip(), expert_id=_expert_id(by))
    db.session.add(fix)
    return fix


def record_training(
    case: Case,
    persons: int,
    attendances: int,
    *,
    by: Actor,
    on: date | None = None,
    has_name_list: bool = False,
) -> None:
    """Workers trained on the way: persons, and attendances (人次), which are never fewer."""
    if persons < 0 or attendances < persons:
        raise BadInput("人次不能少于人数。", field="attendances")
    if case.state in (CaseState.ABANDONED, CaseState.REOPENED):
        raise WrongMove("这个服务单已经结束。")
    case.persons, case.attendances, case.has_name_list = persons, attendances, has_name_list
    case.trained_on = on or today()
    record(by, "case.training", case, persons=persons, attendances=attendances)


def close_case(case: Case, outcome: Outcome, *, by: Actor, text: str = "") -> None:
    """End the round with an outcome. Sent up: the problem goes to the office above, accepted there."""
    problem = case.problem
    action = "close" if outcome in (Outcome.SOLVED, Outcome.PARTLY) else "close_unsolved"
    step(
        case,
        action,
        by=by,
        sets={"closed_at": now(), "outcome": outcome, "outcome_text": text},
        outcome=outcome,
    )
    ending.cancel_visits(case, reason="服务单已办结。")
    ending.finish_dispatches(case)
    _close_problem(problem, outcome, text, by=by)
    clocks.stop(problem, ClockStep.CLOSE)
    clocks.stop_all(problem)
    if outcome is Outcome.SENT_UP:
        _send_up(problem, text)
        return
    follow_ups.plan(case)
    clocks.start(problem, ClockStep.CONFIRM)
    notices.tell_enterprise(
        problem.menu,
        "closed",
        "请确认结果",
        f"专家已办结“{problem.title}”，请确认是否解决。",
        problem=problem,
    )


def confirm(case: Case, *, by: Actor, rating: int | None = None, words: str = "") -> None:
    """The enterprise says that it is so. The expert never says it for the enterprise."""
    via = ConfirmedVia.RECORDED if by.behalf is not None else ConfirmedVia.OWN_LINK
    if rating is not None and not 1 <= rating <= 5:
        raise BadInput("评分从 1 到 5。", field="rating")
    sets = {"confirmed_at": now(), "confirmed_via": via, "rating": rating, "rating_text": words.strip()}
    step(case, "confirm", by=by, sets=sets, via=via)
    evidence.learn(case)
    clocks.stop(case.problem, ClockStep.CONFIRM)
    notices.tell_office(
        case.problem.office,
        "confirmed",
        f"企业已确认 {case.number}",
        words.strip()[:200],
        problem=case.problem,
    )


def leave_unanswered(case: Case) -> None:
    """The enterprise did not answer in time (the clock's move); it still can."""
    step(case, "leave_unanswered", by=Actor.system())
    clocks.stop(case.problem, ClockStep.CONFIRM, met=False)


def _close_problem(problem: Problem, outcome: Outcome, text: str, *, by: Actor) -> None:
    sets: dict[str, object] = {"reason_text": text}
    if outcome is not Outcome.SENT_UP:
        sets["ended_at"] = now()
    if outcome is Outcome.SOLVED:
        sets["solved_by"] = SolvedBy.CASE
    step(problem, f"close_{outcome.value}", by=by, sets=sets)


def _send_up(problem: Problem, text: str) -> None:
    if (upper := problem.office.parent) is None:
        raise WrongMove("没有上级工会可以上转。")
    problems.hand_over(problem, upper, text or "专家建议上转。", by=Actor.system())
    clocks.start(problem, ClockStep.DISPATCH)


def _after_held(visit: Visit, held: Held, *, by: Actor) -> None:
    came = held.experts if held.experts is not None else visit.case.experts
    visit.visitors = [Visitor(expert_id=expert.id) for expert in came]
    note_contact(visit.case, by=by)
    clocks.stop(visit.case.problem, ClockStep.VISIT)


def _held_columns(held: Held) -> dict[str, object]:
    return {
        "held_on": held.on,
        "form": held.form,
        "hours": held.hours,
        "place": held.place,
        "note": held.note,
    }


def _check_held(held: Held) -> None:
    if held.on > today():
        raise BadInput("上门日期不能晚于今天。", field="on")
    if held.experts is not None and not held.experts:
        raise BadInput("请勾选到场的专家。", field="experts")


def _must_be_open(case: Case) -> None:
    if not case.is_open:
        raise WrongMove("这个服务单已经结束。")


def _need(text: str, field: str, message: str) -> None:
    if not text.strip():
        raise BadInput(message, field=field)


def _expert_id(by: Actor) -> int | None:
    return by.expert.id if by.expert is not None else None
