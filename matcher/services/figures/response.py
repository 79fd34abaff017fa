"""How long each step took: the median of its working hours, paused time left out."""

from decimal import Decimal

from sqlalchemy import Select, String, cast, func, select

from matcher.db import db
from matcher.models import Clock, ClockStep, Problem
from matcher.services.figures.days import day_of
from matcher.services.figures.definition import figure
from matcher.services.figures.rows import problem_rows
from matcher.services.figures.scope import Scope


@figure("响应时长", "次", distinct_by="环节", counted_on="环节完成", leaves_out="等待企业的时间、未完成的环节")
def response(scope: Scope) -> Select:
    """Steps that were done in the period; `amount` holds their working hours, the tag names the step."""
    return (
        problem_rows(scope, key=cast(Clock.id, String), day=day_of(Clock.ended_at), amount=Clock.hours, tag=Clock.step)
        .join(Clock, Clock.problem_id == Problem.id)
        .where(scope.moments(Clock.ended_at), Clock.is_met.is_(True))
    )


def medians(scope: Scope) -> dict[ClockStep, Decimal]:
    """Median working hours per step: of the middle rows of each step (SQLite knows no percentiles)."""
    rows = response(scope).subquery()
    place = func.row_number().over(partition_by=rows.c.tag, order_by=(rows.c.amount, rows.c.key))
    count = func.count().over(partition_by=rows.c.tag)
    ranked = (
        select(rows.c.tag, rows.c.amount, place.label("place"), count.label("n")).where(*scope.filters(rows)).subquery()
    )
    middle = ranked.c.place.between((ranked.c.n + 1) / 2.0 - 0.5, (ranked.c.n + 1) / 2.0 + 0.5)
    query = select(ranked.c.tag, func.avg(ranked.c.amount)).where(middle).group_by(ranked.c.tag)
    found = {ClockStep(tag): Decimal(str(hours)) for tag, hours in db.session.execute(query)}
    return {step: found[step].quantize(Decimal("0.1")) for step in ClockStep if step in found}
