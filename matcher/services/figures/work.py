"""Where experts went: sessions, experts' days, enterprises served."""

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, String, and_, case, cast, func, literal, or_, union_all
from sqlalchemy.orm import aliased

from matcher.models import (
    Activity,
    ActivityEnterprise,
    ActivityExpert,
    ActivityState,
    Case,
    Enterprise,
    EnterpriseTier,
    Menu,
    Problem,
    Visit,
    VisitForm,
    Visitor,
    VisitState,
)
from matcher.services.figures.definition import Kept, figure
from matcher.services.figures.dialects import day_of
from matcher.services.figures.rows import activity_rows, case_rows
from matcher.services.figures.scope import Scope

#: Tiers that are 专精特新 in the sense of the figure (工信部企业〔2026〕2号; the lower tier is not).
SRDI = ("srdi", "little_giant")


@figure("活动场次", "场", distinct_by="活动", counted_on="举办日", leaves_out="计划中、已取消")
def sessions(scope: Scope) -> Select:
    """Activities held."""
    return activity_rows(scope, tag=Activity.kind).where(*_held(scope))


@figure("劳模工匠人次", "人次", distinct_by="专家＋日期＋地点", counted_on="当日", is_once=False, kept=Kept.KEYS)
def expert_times(scope: Scope) -> CompoundSelect:
    """An expert at a held visit or activity; a session that is also the visit counts once."""
    held = aliased(Activity)
    visits = (
        case_rows(
            scope,
            key=_key(Visitor.expert_id, Visit.held_on, _place_of_visit(held)),
            day=Visit.held_on,
            tag=cast(Visitor.expert_id, String),
        )
        .join(Menu, Problem.menu_id == Menu.id)
        .join(Visit, Visit.case_id == Case.id)
        .join(Visitor, Visitor.visit_id == Visit.id)
        .outerjoin(held, Visit.activity_id == held.id)
        .where(Visit.state == VisitState.HELD, scope.days(Visit.held_on))
    )
    sessions_held = (
        activity_rows(
            scope,
            key=_key(ActivityExpert.expert_id, Activity.held_on, _place_of_activity(Activity)),
            tag=cast(ActivityExpert.expert_id, String),
        )
        .join(ActivityExpert, ActivityExpert.activity_id == Activity.id)
        .where(*_held(scope), ActivityExpert.has_come)
    )
    return union_all(visits, sessions_held)


@figure("服务企业数", "家", distinct_by="企业", counted_on="上门、办结或活动当日", is_once=False, kept=Kept.KEYS)
def enterprises(scope: Scope) -> CompoundSelect:
    """Enterprises with a held visit, a closed case, or at a held activity."""
    firm = Menu.enterprise_id
    visited = (
        case_rows(scope, key=firm, day=Visit.held_on, tag=literal("visit"))
        .join(Menu, Problem.menu_id == Menu.id)
        .join(Visit, Visit.case_id == Case.id)
        .where(Visit.state == VisitState.HELD, scope.days(Visit.held_on))
    )
    closed = (
        case_rows(scope, key=firm, day=day_of(Case.closed_at), tag=literal("closed"))
        .join(Menu, Problem.menu_id == Menu.id)
        .where(scope.moments(Case.closed_at))
    )
    return union_all(visited, closed, _at_activities(scope))


@figure(
    "其中专精特新", "家", distinct_by="企业", counted_on="上门、办结或活动当日的梯度", is_once=False, kept=Kept.KEYS
)
def enterprises_srdi(scope: Scope) -> CompoundSelect:
    """Of the enterprises served, those that were 专精特新 on that day."""
    firm = Menu.enterprise_id
    visited = (
        case_rows(scope, key=firm, day=Visit.held_on, tag=literal("visit"))
        .join(Menu, Problem.menu_id == Menu.id)
        .join(Visit, Visit.case_id == Case.id)
        .join(EnterpriseTier, EnterpriseTier.enterprise_id == Menu.enterprise_id)
        .where(Visit.state == VisitState.HELD, scope.days(Visit.held_on), _srdi_on(Visit.held_on))
    )
    closed = (
        case_rows(scope, key=firm, day=day_of(Case.closed_at), tag=literal("closed"))
        .join(Menu, Problem.menu_id == Menu.id)
        .join(EnterpriseTier, EnterpriseTier.enterprise_id == Menu.enterprise_id)
        .where(scope.moments(Case.closed_at), _srdi_on(day_of(Case.closed_at)))
    )
    asked = (
        _at_activities(scope)
        .join(EnterpriseTier, EnterpriseTier.enterprise_id == ActivityEnterprise.enterprise_id)
        .where(_srdi_on(Activity.held_on))
    )
    return union_all(visited, closed, asked)


def _held(scope: Scope) -> list[ColumnElement[bool]]:
    return [Activity.state == ActivityState.HELD, scope.days(Activity.held_on)]


def _at_activities(scope: Scope) -> Select:
    return (
        activity_rows(
            scope,
            key=ActivityEnterprise.enterprise_id,
            industry=Enterprise.industry,
            town=Enterprise.town,
            tag=literal("activity"),
        )
        .join(ActivityEnterprise, ActivityEnterprise.activity_id == Activity.id)
        .join(Enterprise, ActivityEnterprise.enterprise_id == Enterprise.id)
        .where(*_held(scope), ActivityEnterprise.has_come)
    )


def _srdi_on(day: Any) -> ColumnElement[bool]:
    return and_(
        EnterpriseTier.tier.in_(SRDI),
        EnterpriseTier.valid_from <= day,
        or_(EnterpriseTier.valid_to.is_(None), EnterpriseTier.valid_to >= day),
    )


def _key(expert_id: Any, day: Any, place: Any) -> ColumnElement[str]:
    return cast(expert_id, String) + "@" + cast(day, String) + "@" + place


def _place_of_visit(held: Any) -> ColumnElement[str]:
    """Of a session if it was part of one; else the enterprise, unless they met somewhere else."""
    elsewhere = and_(Visit.form == VisitForm.INVITED, Visit.place != "")
    return case(
        (held.id.is_not(None), _place_of_activity(held)),
        (elsewhere, Visit.place),
        else_="e" + cast(Menu.enterprise_id, String),
    )


def _place_of_activity(activity: Any) -> ColumnElement[str]:
    return func.coalesce(func.nullif(activity.place, ""), "a" + cast(activity.id, String))
