"""How long each step took, in working hours, paused time left out."""

from sqlalchemy import Select

from matcher.models import Clock, Problem
from matcher.services.figures.definition import Kept, figure
from matcher.services.figures.dialects import day_of
from matcher.services.figures.rows import problem_rows
from matcher.services.figures.scope import Scope


@figure(
    "响应时长",
    "次",
    distinct_by="环节",
    counted_on="环节完成",
    leaves_out="等待企业的时间、未完成的环节",
    kept=Kept.LENGTHS,
)
def response(scope: Scope) -> Select:
    """Steps that were done in the period; `amount` holds their working hours, the tag names the step."""
    return (
        problem_rows(scope, key=Clock.id, day=day_of(Clock.ended_at), amount=Clock.hours, tag=Clock.step)
        .join(Clock, Clock.problem_id == Problem.id)
        .where(scope.moments(Clock.ended_at), Clock.is_met.is_(True))
    )
