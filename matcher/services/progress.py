"""Progress as a parcel's: what happened to a problem, told to the enterprise that posted it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matcher.db import LOCAL, db
from matcher.models import Case, CaseState, Problem, ProblemState, VisitState

P = ProblemState


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a sentence key, when, some words, and whether it is done or now."""

    label: str
    at: datetime | None = None
    text: str = ""
    tone: str = "done"


#: What the last line says where nothing more has happened yet.
NOW = {
    P.SUBMITTED: "等待工会受理",
    P.RETURNED: "等待您回答工会的问题",
    P.ACCEPTED: "工会正在选派专家",
    P.DISPATCHED: "正在联系专家",
}
ENDED = {
    P.REJECTED: "未能受理",
    P.WITHDRAWN: "您已撤回",
    P.LAPSED: "因未收到回复已搁置",
    P.UNSOLVED: "暂时未能解决",
    P.PARTLY: "部分解决",
    P.SOLVED: "已解决",
}


def progress(problem: Problem) -> list[Step]:
    """The steps of a problem, oldest first, ending with where it stands now."""
    steps = [Step("难题已提交", problem.submitted_at)]
    for question in problem.questions:
        steps.append(Step("工会提问", question.asked_at, question.text))
        if question.answered_at is not None:
            steps.append(Step("您已回答", question.answered_at, question.answer or ""))
    if problem.accepted_at is not None:
        steps.append(Step("工会已受理", problem.accepted_at))
    for handed in problem.handovers:
        steps.append(Step("已转请其他工会协助", handed.at, handed.to_office.name))
    rounds = cases_of(problem)
    for case in rounds:
        steps += _round(case)
    steps.sort(key=lambda step: step.at.timestamp() if step.at is not None else 0.0)
    return [*steps, *_present(problem, rounds[-1] if rounds else None)]


def cases_of(problem: Problem) -> list[Case]:
    """The rounds of work, oldest first."""
    return list(db.session.scalars(select(Case).filter_by(problem_id=problem.id).order_by(Case.round)))


def _round(case: Case) -> list[Step]:
    names = "、".join(expert.name for expert in case.experts)
    steps = [Step("专家已接单", case.opened_at, names)]
    for visit in case.visits:
        if visit.state is VisitState.HELD:
            steps.append(Step("专家已上门", visit.created_at, f"{visit.held_on:%Y-%m-%d} {visit.place}".strip()))
        elif visit.state is VisitState.PLANNED and visit.planned_for is not None:
            at = visit.planned_for.astimezone(LOCAL)
            steps.append(Step("约定上门", visit.created_at, f"{at:%Y-%m-%d %H:%M} {visit.place}".strip()))
    if case.diagnosed_at is not None:
        steps.append(Step("已找到原因", case.diagnosed_at, case.diagnoses[-1].cause if case.diagnoses else ""))
    if case.fixed_at is not None:
        steps.append(Step("已采取措施", case.fixed_at, case.fixes[-1].measures if case.fixes else ""))
    if case.closed_at is not None:
        steps.append(Step("专家已办结", case.closed_at, case.outcome_text))
    if case.confirmed_at is not None:
        steps.append(Step("您已确认", case.confirmed_at, case.rating_text))
    if case.abandoned_at is not None:
        steps.append(Step("这位专家不能继续", case.abandoned_at))
    if case.reopened_at is not None:
        steps.append(Step("重新打开", case.reopened_at, case.reason))
    return steps


def _present(problem: Problem, last: Case | None) -> list[Step]:
    if last is not None and last.state is CaseState.CLOSED and problem.state in (P.SOLVED, P.PARTLY, P.UNSOLVED):
        return [Step("请确认是否解决", tone="now")]
    if problem.state is P.DISPATCHED and last is not None and last.is_open:
        return [Step("专家正在处理", tone="now")]
    if problem.state in NOW:
        return [Step(NOW[problem.state], tone="now")]
    # What the expert wrote when closing stands in the step above already.
    told = last is not None and problem.reason_text == last.outcome_text
    return [Step(ENDED[problem.state], problem.ended_at, "" if told else problem.reason_text)]
