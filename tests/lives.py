"""Things with a life cycle, brought into a state by the moves that lead there."""

from datetime import timedelta

from matcher.db import now, today
from matcher.models import (
    Activity,
    ActivityState,
    Actor,
    CaseState,
    DeclineReason,
    Dispatch,
    DispatchState,
    Outcome,
    Problem,
    ProblemState,
    Report,
    ReportState,
    Role,
    TermsKind,
    Visit,
    VisitForm,
    VisitState,
)
from matcher.plain.periods import parse
from matcher.services import activities, cards, cases, dispatch, reports
from tests.factories import (
    make_case,
    make_expert,
    make_office,
    make_problem,
    staff,
    work_on,
)

P, C, D, V = ProblemState, CaseState, DispatchState, VisitState

CITY = "320900"


def held() -> cases.Held:
    """A visit of today."""
    return cases.Held(on=today())


def dispatch_in(state: DispatchState) -> Dispatch:
    by = staff()
    problem = make_problem(P.ACCEPTED, by=by)
    if state in (D.ACCEPTED, D.RELEASED, D.DONE):
        case = work_on(problem, C.FIXED if state is D.DONE else C.OPENED, by=by)
        sent = case.dispatches[0]
        if state is D.RELEASED:
            dispatch.release(sent, "生病", by=Actor(expert=sent.expert))
        if state is D.DONE:
            cases.close_case(case, Outcome.SOLVED, by=by)
        return sent
    sent = dispatch.offer(problem, make_expert(), by=by)
    them = Actor(expert=sent.expert)
    if state is D.TERMS:
        dispatch.set_terms(sent, dispatch.Terms(TermsKind.REMOTE_FIRST), by=them)
    if state is D.DECLINED:
        dispatch.decline(sent, DeclineReason.TOO_FAR, by=them)
    if state is D.EXPIRED:
        dispatch.expire(sent)
    if state is D.RECALLED:
        dispatch.recall(sent, "设备停用", by=by)
    return sent


def visit_in(state: VisitState) -> Visit:
    by = staff()
    visit = cases.plan_visit(make_case(C.OPENED, by=by), now() + timedelta(days=1), VisitForm.ONSITE, by=by)
    them = Actor(expert=visit.case.experts[0])
    if state is V.HELD:
        cases.hold_visit(visit, held(), by=them)
    if state is V.MOVED:
        cases.move_visit(visit, now() + timedelta(days=2), "停电", by=them)
    if state is V.CANCELLED:
        cases.cancel_visit(visit, "不需要", by=them)
    if state is V.NO_SHOW:
        cases.miss_visit(visit, "enterprise", by=them)
    return visit


def activity_in(state: ActivityState) -> Activity:
    by = staff()
    planned = activities.plan_activity(make_office(), "training", "电缆头培训", today(), by=by)
    if state is ActivityState.HELD:
        activities.hold_activity(planned, activities.Turnout(on=today()), by=by)
    if state is ActivityState.CANCELLED:
        activities.cancel_activity(planned, "停电", by=by)
    return planned


def report_in(state: ReportState) -> Report:
    writer, city = staff(Role.WRITER), staff(Role.WRITER, office=make_office(CITY))
    drafted = reports.draft(make_office(), parse("2026-01", today()), by=writer)
    if state is not ReportState.DRAFT:
        reports.submit(drafted, by=writer)
    if state is ReportState.TAKEN:
        reports.take(drafted, by=city)
    if state is ReportState.RETURNED:
        reports.send_back(drafted, "请核对", by=city)
    return drafted


def problem_in(state: ProblemState) -> Problem:
    shown = make_case(C.CONFIRMED)
    cards.release(shown, {**cards.draft(shown), "title": "示例", "measures": "示例"}, by=staff())
    return make_problem(state)
