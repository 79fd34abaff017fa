"""活动: sessions the union plans, holds or cancels, and who came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from matcher.db import db, today
from matcher.errors import BadInput, WrongMove
from matcher.models import (
    Activity,
    ActivityEnterprise,
    ActivityExpert,
    ActivityState,
    Actor,
    Enterprise,
    Expert,
    Office,
    Visit,
    VisitState,
)
from matcher.services import notices
from matcher.services.history import record, step

T = TypeVar("T", Expert, Enterprise)

#: A session with more people than this is a slip of the keyboard.
MOST_PERSONS = 100_000


@dataclass(frozen=True, slots=True)
class Turnout:
    """Who came. `attendances` (人次) is never below `persons`; without a name list persons may repeat.

    None for experts or enterprises means that everybody who was invited came.
    """

    on: date
    experts: Sequence[Expert] | None = None
    enterprises: Sequence[Enterprise] | None = None
    persons: int = 0
    attendances: int = 0
    has_name_list: bool = False
    pairs: int = 0
    summary: str = ""
    place: str = ""


def plan_activity(
    office: Office,
    kind: str,
    title: str,
    planned_on: date,
    *,
    by: Actor,
    place: str = "",
    experts: Iterable[Expert] = (),
    enterprises: Iterable[Enterprise] = (),
    is_sample: bool = False,
) -> Activity:
    """Put a session on the calendar and invite who should come."""
    if not title.strip():
        raise BadInput("请填写活动名称。", field="title")
    activity = Activity(
        office=office,
        state=ActivityState.PLANNED,
        kind=kind,
        title=title.strip(),
        planned_on=planned_on,
        place=place.strip(),
        is_sample=is_sample,
    )
    db.session.add(activity)
    record(by, "activity.plan", activity, kind=kind, on=planned_on)
    invite(activity, experts=experts, enterprises=enterprises, by=by)
    return activity


def invite(
    activity: Activity,
    *,
    by: Actor,
    experts: Iterable[Expert] = (),
    enterprises: Iterable[Enterprise] = (),
) -> None:
    """Ask experts and enterprises to come; who is asked already is not asked twice. Experts are told."""
    if activity.state is not ActivityState.PLANNED:
        raise WrongMove("活动已经结束，不能再邀请。")
    for expert in _new(experts, {row.expert_id for row in activity.experts}):
        activity.experts.append(ActivityExpert(expert_id=expert.id))
        notices.tell_expert(expert, "invited", "活动邀请", _invitation(activity))
        record(by, "activity.invite", activity, expert=expert.name)
    for enterprise in _new(enterprises, {row.enterprise_id for row in activity.enterprises}):
        activity.enterprises.append(ActivityEnterprise(enterprise_id=enterprise.id))
        record(by, "activity.invite", activity, enterprise=enterprise.name)
    db.session.flush()


def hold_activity(activity: Activity, turnout: Turnout, *, by: Actor) -> None:
    """It took place: the day, who came, how many were trained. From now on it feeds the figures."""
    _check(turnout)
    sets = {"held_on": turnout.on, "place": turnout.place.strip() or activity.place}
    step(activity, "hold", by=by, sets=sets, on=turnout.on)
    _write_turnout(activity, turnout)


def correct_turnout(activity: Activity, turnout: Turnout, *, by: Actor) -> None:
    """Put right who came to a session that was held; the log keeps what was written before."""
    if activity.state is not ActivityState.HELD:
        raise WrongMove("活动还没有举办。")
    _check(turnout)
    before = {"on": str(activity.held_on), "persons": activity.persons, "attendances": activity.attendances}
    activity.held_on = turnout.on
    activity.place = turnout.place.strip() or activity.place
    _write_turnout(activity, turnout)
    record(by, "activity.correct", activity, before=before, persons=turnout.persons, on=turnout.on)


def cancel_activity(activity: Activity, reason: str, *, by: Actor) -> None:
    """It will not take place; invited experts are told."""
    if not reason.strip():
        raise BadInput("请写明取消的原因。", field="reason")
    step(activity, "cancel", by=by, sets={"reason": reason.strip()})
    for row in activity.experts:
        notices.tell_expert(row.expert, "activity_off", "活动取消", f"“{activity.title}”取消：{reason.strip()}")


def tie_visit(activity: Activity, visit: Visit, *, by: Actor) -> None:
    """A visit was part of the session; the experts' day then counts once."""
    if activity.state is not ActivityState.HELD or visit.state is not VisitState.HELD:
        raise WrongMove("只有已举办的活动和已进行的上门可以关联。")
    if activity.held_on != visit.held_on:
        raise BadInput("活动和上门不是同一天。", field="visit")
    visit.activity_id = activity.id
    record(by, "activity.tie_visit", activity, visit=visit.id)


def _write_turnout(activity: Activity, turnout: Turnout) -> None:
    _mark_experts(activity, turnout.experts)
    _mark_enterprises(activity, turnout.enterprises)
    activity.persons, activity.attendances = turnout.persons, turnout.attendances
    activity.has_name_list, activity.pairs = turnout.has_name_list, turnout.pairs
    activity.summary = turnout.summary.strip()
    db.session.flush()


def _mark_experts(activity: Activity, came: Sequence[Expert] | None) -> None:
    if came is not None:
        for expert in _new(came, {row.expert_id for row in activity.experts}):
            activity.experts.append(ActivityExpert(expert_id=expert.id))
    ids = {expert.id for expert in came} if came is not None else None
    for row in activity.experts:
        row.has_come = ids is None or row.expert_id in ids


def _mark_enterprises(activity: Activity, came: Sequence[Enterprise] | None) -> None:
    if came is not None:
        for enterprise in _new(came, {row.enterprise_id for row in activity.enterprises}):
            activity.enterprises.append(ActivityEnterprise(enterprise_id=enterprise.id))
    ids = {enterprise.id for enterprise in came} if came is not None else None
    for row in activity.enterprises:
        row.has_come = ids is None or row.enterprise_id in ids


def _new(things: Iterable[T], known: set[int]) -> list[T]:
    return [thing for thing in dict.fromkeys(things) if thing.id not in known]


def _check(turnout: Turnout) -> None:
    if turnout.on > today():
        raise BadInput("举办日期不能晚于今天。", field="on")
    if min(turnout.persons, turnout.attendances, turnout.pairs) < 0 or turnout.persons > MOST_PERSONS:
        raise BadInput("人数不对，请检查。", field="persons")
    if turnout.attendances < turnout.persons:
        raise BadInput("人次不能少于人数。", field="attendances")


def _invitation(activity: Activity) -> str:
    place = f"，地点：{activity.place}" if activity.place else ""
    when = f"{activity.planned_on:%Y年%m月%d日}"
    return f"{activity.office.name}邀请您参加“{activity.title}”，时间：{when}{place}。"
