"""Workers trained: 人 and 人次 stay apart, and so do sessions without a list of names."""

from sqlalchemy import CompoundSelect, Select, String, case, cast, exists, literal, or_, union_all

from matcher.models import Activity, ActivityState, Case, CaseState, Visit
from matcher.services.figures.definition import figure
from matcher.services.figures.rows import activity_rows, case_rows
from matcher.services.figures.scope import Scope


@figure(
    "培训职工人数",
    "人",
    distinct_by="每场人数（无名单的场次可能重复）",
    counted_on="当日",
    leaves_out="已并入活动的上门",
    told_by=("tag",),
    sums=("persons", "attendances"),
)
def training(scope: Scope) -> CompoundSelect:
    """Sessions and cases in which workers were trained, with persons and attendances; the tag says whether
    a list of names stood behind the number. A visit that was part of a session is counted with the session."""
    return union_all(_in_cases(scope), _in_sessions(scope))


def _in_cases(scope: Scope) -> Select:
    in_a_session = exists().where(
        Visit.case_id == Case.id, Visit.held_on == Case.trained_on, Visit.activity_id.is_not(None)
    )
    return case_rows(
        scope,
        key=literal("case") + cast(Case.id, String),
        day=Case.trained_on,
        persons=Case.persons,
        attendances=Case.attendances,
        tag=case((Case.has_name_list, "named"), else_="unnamed"),
    ).where(
        scope.days(Case.trained_on),
        or_(Case.persons > 0, Case.attendances > 0),
        Case.state != CaseState.ABANDONED,
        ~in_a_session,
    )


def _in_sessions(scope: Scope) -> Select:
    return activity_rows(
        scope,
        key=literal("activity") + cast(Activity.id, String),
        persons=Activity.persons,
        attendances=Activity.attendances,
        tag=case((Activity.has_name_list, "named"), else_="unnamed"),
    ).where(
        Activity.state == ActivityState.HELD,
        scope.days(Activity.held_on),
        or_(Activity.persons > 0, Activity.attendances > 0),
    )
