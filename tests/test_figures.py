"""Every figure counts what product.md section 6 says, each thing once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from matcher.db import now, today
from matcher.models import (
    Actor,
    BenefitKind,
    CaseState,
    EvidenceGrade,
    Office,
    Outcome,
    Party,
    Per,
    ProblemState,
    Role,
    VisitForm,
)
from matcher.plain.periods import Period, between
from matcher.services import activities, benefits, cases, enterprises, figures, problems
from matcher.services.activities import Turnout
from matcher.services.figures import Figures, Scope
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

TODAY = today()
THIS_WEEK = between(TODAY - timedelta(days=6), TODAY)
LAST_WEEK = between(TODAY - timedelta(days=13), TODAY - timedelta(days=7))
SAVING = BenefitKind.SAVING

pytestmark = pytest.mark.usefixtures("ctx")


def measured(office: Office | None = None, period: Period = THIS_WEEK, **options: object) -> Figures:
    return figures.measure(Scope(office or make_office(), period, **options))


def an_activity(**turnout: object):
    by = staff()
    activity = activities.plan_activity(
        make_office(), "training", "电缆头制作培训", TODAY, by=by, place=turnout.get("place", "")
    )
    activities.hold_activity(activity, Turnout(on=TODAY, **turnout), by=by)
    return activity


def test_an_empty_office_has_nothing_but_noughts() -> None:
    empty = measured()
    assert (empty.sessions, empty.solved, empty.persons, empty.estimated_once) == (0, 0, 0, 0)
    assert empty.completion_rate is None
    assert empty.response == {}


def test_only_held_activities_are_sessions() -> None:
    by = staff()
    activities.plan_activity(make_office(), "clinic", "坐诊", TODAY, by=by)
    off = activities.plan_activity(make_office(), "clinic", "坐诊二", TODAY, by=by)
    activities.cancel_activity(off, "下雨", by=by)
    an_activity()
    assert measured().sessions == 1


def test_one_trip_for_two_problems_is_one_expert_time() -> None:
    by, expert = staff(), make_expert(capacity=5)
    for problem in make_menu("流量异常。", "电缆头过热。").problems:
        problems.accept(problem, by=by)
        work_on(problem, CaseState.FIXED, by=by, expert=expert)
    found = measured()
    assert (found.expert_times, found.enterprises, found.accepted) == (1, 1, 2)


def test_a_session_that_is_also_the_visit_counts_once() -> None:
    case = make_case(CaseState.FIXED)
    activity = an_activity(experts=case.experts, persons=10, attendances=12)
    cases.record_training(case, 10, 12, by=Actor(expert=case.experts[0]))
    before = measured()
    activities.tie_visit(activity, case.visits[0], by=staff())
    after = measured()
    assert (before.expert_times, after.expert_times) == (2, 1)
    assert (before.persons, after.persons) == (20, 10)


def test_a_visit_that_nobody_held_is_no_expert_time() -> None:
    case = make_case(CaseState.OPENED)
    cases.plan_visit(case, now(), VisitForm.ONSITE, by=staff())
    assert measured().expert_times == 0


def test_an_enterprise_is_served_once_however_often_one_goes_there() -> None:
    firm = make_enterprise()
    for _ in range(2):
        make_case(CaseState.CLOSED, enterprise=firm)
    an_activity(enterprises=[firm])
    assert measured().enterprises == 1


def test_the_tier_is_that_of_the_day() -> None:
    firm, later = make_enterprise(), make_enterprise()
    enterprises.set_tier(firm, "srdi", since=TODAY - timedelta(days=100), by=staff())
    enterprises.set_tier(later, "little_giant", since=TODAY + timedelta(days=1), by=staff())
    make_case(CaseState.CLOSED, enterprise=firm)
    make_case(CaseState.CLOSED, enterprise=later)
    found = measured()
    assert (found.enterprises, found.enterprises_srdi) == (2, 1)


def test_what_is_withdrawn_before_acceptance_was_not_asked() -> None:
    make_problem(ProblemState.WITHDRAWN)
    make_problem(ProblemState.SUBMITTED)
    taken = make_problem(ProblemState.ACCEPTED)
    problems.withdraw(taken, by=the_enterprise(taken))
    found = measured()
    assert (found.requested, found.accepted, found.rate_base) == (2, 1, 0)


def test_a_double_is_not_counted_beside_its_original() -> None:
    original, double = make_problem(), make_problem()
    problems.mark_duplicate(double, original, by=staff())
    assert measured().requested == 1


def test_solved_is_told_apart_by_how() -> None:
    by = staff()
    make_case(CaseState.CLOSED)
    called = make_problem(ProblemState.ACCEPTED)
    problems.solve_by_phone(called, "拧紧接头。", by=by)
    make_problem(ProblemState.PARTLY)
    make_problem(ProblemState.UNSOLVED)
    found = measured()
    assert (found.solved, found.solved_by_phone, found.partly) == (2, 1, 1)
    assert (found.rate_ended, found.rate_base) == (4, 4)


def test_a_reopened_problem_is_not_solved_and_solved_again_it_counts_once() -> None:
    by = staff()
    case = make_case(CaseState.REOPENED)
    assert measured().solved == 0
    again = work_on(case.problem, CaseState.FIXED, by=by, expert=case.experts[0])
    cases.close_case(again, Outcome.SOLVED, by=by)
    found = measured()
    assert (found.solved, found.accepted, found.enterprises) == (1, 1, 1)


def test_confirmed_keeps_own_link_and_recorded_apart() -> None:
    by = staff()
    own, told = make_case(CaseState.CLOSED), make_case(CaseState.CLOSED)
    make_case(CaseState.UNANSWERED)
    cases.confirm(own, by=the_enterprise(own.problem))
    cases.confirm(told, by=recorded_for(Party.ENTERPRISE, by))
    found = measured()
    assert (found.solved, found.confirmed_own_link, found.confirmed_recorded) == (3, 1, 1)


def test_persons_and_attendances_stay_apart_and_say_who_had_no_list() -> None:
    an_activity(persons=30, attendances=45, has_name_list=True)
    an_activity(persons=20, attendances=20)
    found = measured()
    assert (found.persons, found.persons_unnamed, found.attendances) == (50, 20, 65)


def test_estimates_and_verified_amounts_are_never_one_sum() -> None:
    for amount, per in ((100, Per.ONCE), (200, Per.YEAR), (400, Per.YEAR)):
        case = make_case(CaseState.CLOSED)
        statement = benefits.state_benefit(
            case,
            SAVING,
            Decimal(amount),
            per,
            by=Actor(expert=case.experts[0]),
            evidence_grade=EvidenceGrade.METER,
        )
        benefits.adopt(statement, by=staff())
    benefits.verify(statement, Decimal(350), by=staff(Role.VERIFIER))
    found = measured()
    assert (found.estimated_once, found.estimated_yearly) == (100, 200)
    assert (found.verified_once, found.verified_yearly) == (0, 350)


def test_a_statement_nobody_adopted_is_no_figure() -> None:
    case = make_case(CaseState.CLOSED)
    benefits.state_benefit(case, SAVING, Decimal(9), Per.ONCE, by=Actor(expert=case.experts[0]))
    assert measured().estimated_once == 0


def test_samples_are_left_out_unless_asked_for() -> None:
    make_case(CaseState.CLOSED, enterprise=make_enterprise(is_sample=True))
    assert measured().solved == 0
    assert measured(with_samples=True).solved == 1


def test_another_period_knows_nothing_of_it() -> None:
    make_case(CaseState.CLOSED)
    an_activity(persons=3, attendances=3)
    assert measured(period=LAST_WEEK) == Figures.from_json(measured(period=LAST_WEEK).as_json())
    quiet = measured(period=LAST_WEEK)
    assert (quiet.sessions, quiet.requested, quiet.solved, quiet.enterprises, quiet.persons) == (0, 0, 0, 0, 0)


def test_a_city_is_the_sum_of_its_counties() -> None:
    make_case(CaseState.CLOSED)
    neighbour = make_office("320924")
    make_case(CaseState.CLOSED, by=staff(office=neighbour), office=neighbour)
    city = Scope(make_office("320900"), THIS_WEEK)
    assert figures.count("solved", city) == 2
    assert figures.count_by("solved", city, "office") == {"320923": 1, "320924": 1}
    assert measured(neighbour).solved == 1


def test_the_county_sees_nothing_of_its_neighbour() -> None:
    make_case(CaseState.CLOSED)
    assert measured(make_office("320924")).solved == 0


def test_parts_by_kind_industry_town_and_month() -> None:
    make_menu("轴承异响。", enterprise=make_enterprise(industry="34", town="阜城街道"))
    make_menu("流量异常。", enterprise=make_enterprise(industry="25", town="沟墩镇"))
    scope = Scope(make_office(), between(date(TODAY.year - 1, 1, 1), TODAY))
    assert figures.count_by("requested", scope, "industry") == {"34": 1, "25": 1}
    assert figures.count_by("requested", scope, "town") == {"阜城街道": 1, "沟墩镇": 1}
    assert figures.count_by("requested", scope, "month") == {f"{TODAY:%Y-%m}": 2}
    only = Scope(make_office(), THIS_WEEK, industry="34")
    assert figures.count("requested", only) == 1


def test_the_median_of_each_step_is_told_in_working_hours() -> None:
    make_case(CaseState.CLOSED)
    assert set(measured().response) >= {"accept", "dispatch", "answer"}


def test_figures_survive_freezing() -> None:
    make_case(CaseState.CLOSED)
    found = measured()
    assert Figures.from_json(found.as_json()) == found


def test_every_round_belongs_to_one_problem_only() -> None:
    """However often a problem is reopened, it is asked once, accepted once and solved once at the most."""
    by, expert = staff(), make_expert()
    problem = make_problem(ProblemState.ACCEPTED, by=by)
    for _ in range(3):
        case = work_on(problem, CaseState.FIXED, by=by, expert=expert)
        cases.close_case(case, Outcome.SOLVED, by=by)
        found = measured()
        assert (found.requested, found.accepted, found.solved, found.expert_times) == (1, 1, 1, 1)
        problems.reopen(problem, "又坏了", by=the_enterprise(problem))
    assert measured().solved == 0
