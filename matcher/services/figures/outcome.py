"""What outlives a case: 五小 leads on their way, typical cases, masters and apprentices paired."""

from typing import Any

from sqlalchemy import Select

from matcher.models import Activity, ActivityState, Case, Lead
from matcher.services.figures.definition import figure
from matcher.services.figures.dialects import day_of
from matcher.services.figures.rows import activity_rows, case_rows
from matcher.services.figures.scope import Scope


@figure("转五小线索", "条", distinct_by="服务单", counted_on="发现")
def leads_found(scope: Scope) -> Select:
    """Leads found."""
    return _leads(scope, Lead.found_at)


@figure("五小已填报", "条", distinct_by="服务单", counted_on="填报")
def leads_drafted(scope: Scope) -> Select:
    """Leads whose form was drafted."""
    return _leads(scope, Lead.drafted_at)


@figure("五小已上报", "条", distinct_by="服务单", counted_on="上报")
def leads_submitted(scope: Scope) -> Select:
    """Leads submitted to the contest."""
    return _leads(scope, Lead.submitted_at)


@figure("典型案例", "个", distinct_by="服务单", counted_on="发布")
def typical(scope: Scope) -> Select:
    """Cases released as typical."""
    rows = case_rows(scope, key=Case.id, day=day_of(Case.released_typical_at))
    return rows.where(scope.moments(Case.released_typical_at))


@figure("结对师徒", "对", distinct_by="活动", counted_on="举办日", sums=("persons",))
def pairs(scope: Scope) -> Select:
    """Activities at which masters and apprentices were paired; `persons` holds the pairs."""
    rows = activity_rows(scope, persons=Activity.pairs)
    return rows.where(Activity.state == ActivityState.HELD, scope.days(Activity.held_on), Activity.pairs > 0)


def _leads(scope: Scope, moment: Any) -> Select:
    rows = case_rows(scope, what="lead", what_id=Lead.id, key=Lead.id, day=day_of(moment))
    return rows.join(Lead, Lead.case_id == Case.id).where(scope.moments(moment))
