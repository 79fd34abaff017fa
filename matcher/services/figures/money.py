"""Benefits as they stood at the end of the period. Estimates and verified amounts are two figures for good."""

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from matcher.models import Benefit, Case, EntryKind
from matcher.services.figures.definition import figure
from matcher.services.figures.rows import case_rows
from matcher.services.figures.scope import Scope

#: The day on which an amount was replaced is kept with it: whether it counts depends on when the period ends.
PARTS, SUMS = ("per", "until"), ("amount",)


@figure(
    "预计效益",
    "元",
    distinct_by="服务单＋类别",
    counted_on="采用",
    leaves_out="不予认定、已核实",
    told_by=PARTS,
    sums=SUMS,
)
def estimated(scope: Scope) -> Select:
    """Adopted estimates that were not yet verified when the period ended."""
    return _answered(scope, EntryKind.ADOPTED)


@figure(
    "已核实效益", "元", distinct_by="服务单＋类别", counted_on="核实", leaves_out="不予认定", told_by=PARTS, sums=SUMS
)
def verified(scope: Scope) -> Select:
    """Verified amounts."""
    return _answered(scope, EntryKind.VERIFIED)


def _answered(scope: Scope, entry: EntryKind) -> Select:
    """Chains whose last answer up to the period's end is of that kind and was given in the period."""
    later = aliased(Benefit)
    is_later = and_(
        later.case_id == Benefit.case_id,
        later.kind == Benefit.kind,
        later.id > Benefit.id,
        later.entry != EntryKind.STATED,
    )
    until = select(func.min(later.entered_on)).where(is_later).scalar_subquery()
    rows = (
        case_rows(
            scope,
            what="benefit",
            what_id=Benefit.id,
            key=Benefit.id,
            day=Benefit.entered_on,
            amount=Benefit.amount,
            per=Benefit.per,
            until=until,
            tag=Benefit.kind,
        )
        .join(Benefit, Benefit.case_id == Case.id)
        .where(Benefit.entry == entry, scope.days(Benefit.entered_on))
    )
    if scope.with_replaced:
        return rows
    return rows.where(~exists().where(is_later, scope.by_then(later.entered_on)))
