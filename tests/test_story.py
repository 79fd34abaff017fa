"""Dead ends: a walk through the life cycles finds a way on from every turn the story can take."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from matcher.db import db, now, today
from matcher.errors import BadInput, Conflicting, WrongMove
from matcher.models import (
    Actor,
    CaseState,
    Clock,
    ClockStep,
    ConfirmedVia,
    DeclineReason,
    DispatchRole,
    DispatchState,
    EffectKind,
    LogEntry,
    Outcome,
    Party,
    ProblemState,
    SolvedBy,
    TermsKind,
)
from matcher.services import cases, conflicts, dispatch, effects, experts, problems, ticking, workload
from tests.factories import (
    make_case,
    make_enterprise,
    make_expert,
    make_menu,
    make_office,
    make_problem,
    recorded_for,
    staff,
    the_enterprise,
    work_on,
)

pytestmark = pytest.mark.usefixtures("ctx")
P, C, D = ProblemState, CaseState, DispatchState


def test_two_problems_of_one_menu_go_their_own_ways() -> None:
    first, second = make_menu("除盐水流量异常。", "配电柜内电缆头温度偏高。").problems
    by = staff()
    problems.accept(first, by=by)
    problems.reject(second, "out_of_scope", by=by)
    assert (first.state, second.state) == (P.ACCEPTED, P.REJECTED)


def test_a_case_is_solved_confirmed_and_its_steps_are_timed() -> None:
    by = staff()
    problem = make_problem(P.ACCEPTED, by=by)
    case = work_on(problem, C.FIXED, by=by)
    cases.close_case(case, Outcome.SOLVED, by=Actor(expert=case.experts[0]))
    assert (problem.state, problem.solved_by, case.state) == (P.SOLVED, SolvedBy.CASE, C.CLOSED)
    cases.confirm(case, by=the_enterprise(problem), rating=5, words="谢谢")
    assert (case.state, case.confirmed_via) == (C.CONFIRMED, ConfirmedVia.OWN_LINK)
    met = db.session.scalars(select(Clock.step).where(Clock.problem_id == problem.id, Clock.is_met)).all()
    assert set(met) == set(ClockStep) - {ClockStep.QUESTION}


def test_a_confirmation_by_telephone_is_kept_apart() -> None:
    case, by = make_case(C.CLOSED), staff()
    cases.confirm(case, by=recorded_for(Party.ENTERPRISE, by))
    assert case.confirmed_via is ConfirmedVia.RECORDED
    line = db.session.scalars(select(LogEntry).where(LogEntry.verb == "case.confirm")).one()
    assert (line.party, line.behalf_party) == (Party.OFFICE, Party.ENTERPRISE)


def test_staff_do_not_confirm_in_their_own_name() -> None:
    with pytest.raises(WrongMove):
        cases.confirm(make_case(C.CLOSED), by=staff())


def test_a_problem_has_one_live_lead() -> None:
    problem, by = make_problem(P.ACCEPTED), staff()
    dispatch.offer(problem, make_expert(), by=by)
    with pytest.raises(WrongMove):
        dispatch.offer(problem, make_expert(), by=by)


def test_the_database_refuses_a_second_live_lead_whatever_the_code_thinks() -> None:
    problem, by = make_problem(P.ACCEPTED), staff()
    dispatch.offer(problem, make_expert(), by=by)
    other = make_expert()
    problem.state = P.ACCEPTED  # what a colleague's stale page believes
    with pytest.raises(Conflicting):
        dispatch.offer(problem, other, by=by)


def test_nobody_goes_to_a_dangerous_site_without_insurance() -> None:
    problem, by = make_problem(P.ACCEPTED), staff()
    problems.classify(problem, {"site_risks": ["high_voltage"]}, by=by)
    with pytest.raises(WrongMove, match="保险"):
        dispatch.offer(problem, make_expert(), by=by)
    problems.classify(problem, {"is_insured": True}, by=by)
    assert dispatch.offer(problem, make_expert(), by=by).state is D.OFFERED


def test_a_full_expert_is_not_sent() -> None:
    expert, by = make_expert(capacity=1), staff()
    dispatch.offer(make_problem(P.ACCEPTED), expert, by=by)
    with pytest.raises(WrongMove, match="满负荷"):
        dispatch.offer(make_problem(P.ACCEPTED), expert, by=by)


def test_a_competitor_is_not_sent_and_ones_own_employer_is() -> None:
    firm, by = make_enterprise("示例化工厂"), staff()
    rival, own = make_expert(), make_expert(employer="示例化工厂")
    conflicts.state_conflict(rival, firm, conflicts.ConflictKind.COMPETITOR, by=by)
    problem = make_problem(P.ACCEPTED, enterprise=firm)
    with pytest.raises(WrongMove, match="冲突"):
        dispatch.offer(problem, rival, by=by)
    assert conflicts.is_own_employer(own, firm)
    assert dispatch.offer(problem, own, by=by).state is D.OFFERED


def test_an_interest_found_after_the_offer_stops_the_yes() -> None:
    expert, by = make_expert(), staff()
    problem = make_problem(P.ACCEPTED)
    offered = dispatch.offer(problem, expert, by=by)
    conflicts.state_conflict(expert, problem.enterprise, conflicts.ConflictKind.FAMILY, by=by)
    with pytest.raises(WrongMove):
        dispatch.accept(offered, by=Actor(expert=expert))


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        (DeclineReason.NOT_MY_TRADE, EffectKind.SKILL_WEAKER),
        (DeclineReason.TOO_FAR, EffectKind.NEARER),
        (DeclineReason.NO_TIME, EffectKind.UNAVAILABLE),
        (DeclineReason.CONFLICT, EffectKind.CONFLICT),
        (DeclineReason.MODEL_UNKNOWN, EffectKind.FINER_SKILL),
    ],
)
def test_each_decline_changes_exactly_one_thing_and_frees_the_problem(reason, kind) -> None:
    problem, expert = make_problem(P.ACCEPTED), make_expert()
    offered = dispatch.offer(problem, expert, by=staff())
    dispatch.decline(offered, reason, by=Actor(expert=expert), until=today() + timedelta(days=9))
    assert [e.kind for e in effects.in_force([expert.id])[expert.id]] == [kind]
    assert (expert.unavailable_until is not None) == (kind is EffectKind.UNAVAILABLE)
    forbidden = conflicts.forbidden(expert, problem.enterprise) is not None
    assert forbidden == (kind is EffectKind.CONFLICT)
    assert problem.state is P.ACCEPTED


def test_the_effect_of_a_decline_is_halved_in_six_months() -> None:
    problem, expert = make_problem(P.ACCEPTED), make_expert()
    offered = dispatch.offer(problem, expert, by=staff())
    dispatch.decline(offered, DeclineReason.TOO_FAR, by=Actor(expert=expert))
    effect = effects.in_force([expert.id])[expert.id][0]
    later = effect.created_at + timedelta(days=182.5)
    assert effects.strength(effect, at=later) == pytest.approx(0.5)


def test_no_time_needs_a_date() -> None:
    offered = dispatch.offer(make_problem(P.ACCEPTED), make_expert(), by=staff())
    with pytest.raises(BadInput):
        dispatch.decline(offered, DeclineReason.NO_TIME, by=Actor(expert=offered.expert))


def test_terms_agreed_open_the_case_and_terms_refused_free_the_problem() -> None:
    by = staff()
    for agreed in (True, False):
        problem = make_problem(P.ACCEPTED)
        offered = dispatch.offer(problem, make_expert(), by=by)
        dispatch.set_terms(offered, dispatch.Terms(TermsKind.REMOTE_FIRST, "先看视频"), by=Actor(expert=offered.expert))
        if agreed:
            assert dispatch.agree(offered, by=by).state is C.OPENED
        else:
            dispatch.refuse(offered, "需要现场", by=by)
        assert problem.state is (P.DISPATCHED if agreed else P.ACCEPTED)


def test_a_lead_who_falls_ill_leaves_the_record_to_the_next_round() -> None:
    by = staff()
    problem = make_problem(P.ACCEPTED, by=by)
    first = work_on(problem, C.DIAGNOSED, by=by)
    dispatch.release(first.dispatches[0], "生病", by=Actor(expert=first.experts[0]))
    assert (first.state, problem.state) == (C.ABANDONED, P.ACCEPTED)
    assert first.diagnoses[0].cause == "接头氧化"
    second = work_on(problem, C.OPENED, by=by)
    assert second.round == 2


def test_nobody_suitable_is_an_answer() -> None:
    problem = make_problem(P.ACCEPTED)
    problems.give_up(problem, "nobody", by=staff())
    assert problem.state is P.UNSOLVED
    problems.reopen(problem, "找到了人", by=staff())
    assert problem.state is P.ACCEPTED


def test_solved_by_telephone_without_a_visit() -> None:
    problem = make_problem(P.ACCEPTED)
    problems.solve_by_phone(problem, "复位变频器即可", by=staff())
    assert (problem.state, problem.solved_by) == (P.SOLVED, SolvedBy.PHONE)


def test_reopened_after_confirmation_a_new_round_begins() -> None:
    case = make_case(C.CONFIRMED)
    problems.reopen(case.problem, "又烫了", by=the_enterprise(case.problem))
    assert (case.state, case.problem.state, case.problem.ended_at) == (C.REOPENED, P.ACCEPTED, None)
    assert work_on(case.problem, C.OPENED, by=staff()).round == 2


def test_sent_up_leaves_the_problem_accepted_at_the_city() -> None:
    case = make_case(C.OPENED)
    cases.close_case(case, Outcome.SENT_UP, by=Actor(expert=case.experts[0]), text="需要省里专家")
    assert case.problem.state is P.ACCEPTED
    assert case.problem.office is make_office("320900")
    assert case.problem.owner_office is make_office("320923")
    city = staff(office=make_office("320900"))
    assert dispatch.offer(case.problem, make_expert(office=make_office("320900")), by=city).state is D.OFFERED


@pytest.mark.parametrize("state", [P.SUBMITTED, P.RETURNED, P.ACCEPTED, P.DISPATCHED])
def test_withdrawn_at_each_open_state_nobody_stays_on_the_way(state) -> None:
    problem = make_problem(state)
    problems.withdraw(problem, "自己修好了", by=the_enterprise(problem))
    assert problem.state is P.WITHDRAWN
    assert problems.live_lead(problem) is None
    assert problems.open_case(problem) is None
    running = db.session.scalars(select(Clock).where(Clock.problem_id == problem.id, Clock.ended_at.is_(None))).all()
    assert running == []


def test_withdrawn_while_somebody_works_the_case_is_abandoned() -> None:
    case = make_case(C.DIAGNOSED)
    problems.withdraw(case.problem, by=the_enterprise(case.problem))
    assert (case.state, case.dispatches[0].state) == (C.ABANDONED, D.RECALLED)


@pytest.mark.parametrize("outcome", [Outcome.UNSOLVED, Outcome.SENT_UP])
@pytest.mark.parametrize("state", [C.OPENED, C.DIAGNOSED, C.FIXED])
def test_closing_without_success_is_possible_from_every_open_state(state, outcome) -> None:
    case = make_case(state)
    cases.close_case(case, outcome, by=Actor(expert=case.experts[0]))
    assert case.state is C.CLOSED


@pytest.mark.parametrize("state", [C.OPENED, C.DIAGNOSED])
def test_solved_needs_a_diagnosis_and_a_fix(state) -> None:
    case = make_case(state)
    with pytest.raises(WrongMove):
        cases.close_case(case, Outcome.SOLVED, by=Actor(expert=case.experts[0]))


def test_a_member_joins_the_leads_case() -> None:
    by = staff()
    problem = make_problem(P.ACCEPTED, by=by)
    case = work_on(problem, C.OPENED, by=by)
    helper = make_expert()
    joined = dispatch.offer(problem, helper, by=by, role=DispatchRole.MEMBER)
    assert dispatch.accept(joined, by=Actor(expert=helper)) is case
    assert case.experts == [case.lead.expert, helper]


def test_the_clock_expires_offers_lapses_questions_and_ends_waiting() -> None:
    offered = dispatch.offer(make_problem(P.ACCEPTED), make_expert(), by=staff())
    asked, case = make_problem(P.RETURNED), make_case(C.CLOSED)
    db.session.commit()
    with time_machine.travel(now() + timedelta(days=30)):
        done = ticking.tick(after_each=db.session.commit)
    assert (done["expired"], done["lapsed"], done["unanswered"]) == (1, 1, 1)
    assert (offered.state, asked.state, case.state) == (D.EXPIRED, P.LAPSED, C.UNANSWERED)
    assert offered.problem.state is P.ACCEPTED


def test_waiting_for_the_enterprise_stops_the_clock() -> None:
    by = staff()
    with time_machine.travel("2026-06-01T09:00+08:00", tick=False) as clock:
        problem = make_problem(P.ACCEPTED, by=by)
        problems.ask(problem, "什么型号？", by=by)
        clock.shift(timedelta(days=7))
        problems.answer(problem, "S7-1500", by=the_enterprise(problem))
        running = db.session.scalars(
            select(Clock).where(Clock.problem_id == problem.id, Clock.step == ClockStep.DISPATCH)
        ).one()
        assert running.due_at > now()


def test_open_work_counts_over_all_offices() -> None:
    expert = make_expert(office=make_office("320900"))
    dispatch.offer(make_problem(P.ACCEPTED), expert, by=staff())
    next_door = make_office("320924")
    dispatch.offer(make_problem(P.ACCEPTED, office=next_door), expert, by=staff(office=next_door))
    assert workload.open_work([expert.id]) == {expert.id: 2}


def test_who_leaves_the_roster_is_forgotten_but_the_work_stays() -> None:
    case = make_case(C.CONFIRMED)
    expert = case.experts[0]
    experts.leave(expert, by=Actor(expert=expert))
    assert (expert.phone, expert.phone_index, case.experts) == (None, None, [expert])
