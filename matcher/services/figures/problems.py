"""What was asked, taken on and solved."""

from sqlalchemy import ColumnElement, Select, and_, not_

from matcher.models import Case, CaseState, Outcome, Problem, ProblemState
from matcher.models.menus import ENDED
from matcher.services.figures.definition import figure
from matcher.services.figures.dialects import day_of
from matcher.services.figures.rows import problem_rows
from matcher.services.figures.scope import Scope

#: By what reports tell the problems apart.
PARTS = ("kind", "industry", "town")


@figure("征集需求数", "条", distinct_by="难题", counted_on="提交", leaves_out="受理前撤回、重复提交", told_by=PARTS)
def requested(scope: Scope) -> Select:
    """Problems submitted."""
    withdrawn_before = and_(Problem.state == ProblemState.WITHDRAWN, Problem.accepted_at.is_(None))
    rows = problem_rows(scope, day=day_of(Problem.submitted_at), tag=Problem.state)
    return rows.where(scope.moments(Problem.submitted_at), not_(withdrawn_before))


@figure("受理数", "条", distinct_by="难题", counted_on="首次受理", leaves_out="重复提交", told_by=PARTS)
def accepted(scope: Scope) -> Select:
    """Problems accepted for the first time."""
    rows = problem_rows(scope, day=day_of(Problem.accepted_at), tag=Problem.state)
    return rows.where(scope.moments(Problem.accepted_at))


@figure(
    "解决问题数",
    "个",
    distinct_by="难题",
    counted_on="最后一次办结",
    leaves_out="部分解决（另列）、重新打开",
    told_by=(*PARTS, "tag"),
)
def solved(scope: Scope) -> Select:
    """Problems whose last round closed as solved, or that a card or a call solved (the tag says which)."""
    return problem_rows(scope, day=day_of(Problem.ended_at), tag=Problem.solved_by).where(
        *_ended_as(scope, ProblemState.SOLVED)
    )


@figure("部分解决", "个", distinct_by="难题", counted_on="最后一次办结", leaves_out="重新打开", told_by=PARTS)
def partly(scope: Scope) -> Select:
    """Problems whose last round closed as partly solved; shown apart."""
    return problem_rows(scope, day=day_of(Problem.ended_at)).where(*_ended_as(scope, ProblemState.PARTLY))


@figure(
    "其中企业已确认",
    "个",
    distinct_by="难题",
    counted_on="最后一次办结",
    leaves_out="企业未答复",
    is_once=False,
    told_by=("tag",),
)
def confirmed(scope: Scope) -> Select:
    """Of the solved, those the enterprise confirmed; the tag keeps its own link and 代录 apart."""
    return (
        problem_rows(scope, day=day_of(Problem.ended_at), tag=Case.confirmed_via)
        .join(Case, Case.problem_id == Problem.id)
        .where(
            *_ended_as(scope, ProblemState.SOLVED),
            Case.state == CaseState.CONFIRMED,
            Case.outcome == Outcome.SOLVED,
        )
    )


@figure("期内受理（办结率分母）", "条", distinct_by="难题", counted_on="首次受理", leaves_out="撤回")
def rate_base(scope: Scope) -> Select:
    """Problems accepted in the period: the lower number of the completion rate."""
    return accepted(scope).where(Problem.state != ProblemState.WITHDRAWN)


@figure("其中至今已办结", "条", distinct_by="难题", counted_on="首次受理", leaves_out="撤回")
def rate_ended(scope: Scope) -> Select:
    """Of these, the ones that are ended today: the upper number of the completion rate."""
    return rate_base(scope).where(Problem.state.in_(ENDED))


def _ended_as(scope: Scope, state: ProblemState) -> tuple[ColumnElement[bool], ...]:
    return Problem.state == state, scope.moments(Problem.ended_at)
