"""What is verified first: size, weakness of evidence, novelty, a lot that moves by the month, and two flags."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from matcher.db import today
from matcher.models import Actor, BenefitKind, Case, CaseState, Enterprise, EvidenceGrade, Per, Role
from matcher.services import benefits, verifying
from matcher.services.verifying import WEAKNESS, is_drawn, to_verify, weight
from tests.factories import make_case, make_enterprise, staff

SAVING = BenefitKind.SAVING


@pytest.fixture
def office(ctx: None) -> Actor:
    return staff()


def estimate(office: Actor, amount: int, *, firm: Enterprise | None = None, **told):
    """An adopted saving in a case of its own."""
    case = make_case(CaseState.CLOSED, by=office, enterprise=firm or make_enterprise())
    grade = told.get("grade", EvidenceGrade.METER)
    said = benefits.state_benefit(
        case, SAVING, Decimal(amount), Per.YEAR, by=Actor(expert=case.experts[0]), evidence_grade=grade
    )
    benefits.adopt(said, by=office)
    return said


def order(on: date | None = None) -> list[int]:
    return [w.case_id for w in to_verify(select(Case), on=on or today()) if not w.is_drawn]


amounts = st.decimals(min_value=1, max_value=10**9, places=2)
grades = st.sampled_from(EvidenceGrade)


@given(amounts, amounts, grades, st.integers(0, 9))
def test_a_larger_sum_never_weighs_less(one: Decimal, other: Decimal, grade: EvidenceGrade, known: int) -> None:
    less, more = sorted((one, other))
    assert weight(less, grade, known) <= weight(more, grade, known) <= 1


@given(amounts, grades, grades, st.integers(0, 9))
def test_weaker_evidence_weighs_more(amount: Decimal, one: EvidenceGrade, other: EvidenceGrade, known: int) -> None:
    strong, weak = sorted((one, other), key=WEAKNESS.__getitem__)
    assert weight(amount, strong, known) <= weight(amount, weak, known)


@given(amounts, grades, st.integers(0, 9))
def test_who_was_verified_before_weighs_less(amount: Decimal, grade: EvidenceGrade, known: int) -> None:
    assert weight(amount, grade, known + 1) < weight(amount, grade, known)


def test_every_kind_of_evidence_has_its_weakness() -> None:
    assert set(WEAKNESS) == set(EvidenceGrade)


def test_the_lot_is_the_same_for_everybody_and_another_one_next_month() -> None:
    march, april = date(2026, 3, 1), date(2026, 4, 1)
    drawn = {month: {n for n in range(2000) if is_drawn(n, SAVING, month)} for month in (march, april)}
    assert drawn[march] == {n for n in range(2000) if is_drawn(n, SAVING, date(2026, 3, 31))}
    assert drawn[march] != drawn[april]
    assert 120 < len(drawn[march]) < 280, "one in ten"


def test_the_queue_holds_estimates_only_and_the_weightiest_first(office: Actor) -> None:
    small = estimate(office, 1_000)
    weak = estimate(office, 500_000, grade=EvidenceGrade.TELEPHONE)
    firm = estimate(office, 500_000, grade=EvidenceGrade.INVOICE)
    done = estimate(office, 900_000)
    benefits.verify(done, Decimal(900_000), by=staff(Role.VERIFIER))
    found = [w.case_id for w in to_verify(select(Case), on=today())]
    assert sorted(found) == sorted([small.case_id, weak.case_id, firm.case_id])
    undrawn = [c for c in (weak.case_id, firm.case_id, small.case_id) if not is_drawn(c, SAVING, today())]
    assert order() == undrawn


def test_what_is_drawn_stands_in_front(office: Actor) -> None:
    cases = [estimate(office, 1_000 * n).case_id for n in range(1, 6)]
    month = next(
        date(year, m, 1)
        for year in range(2026, 2126)
        for m in range(1, 13)
        if is_drawn(cases[0], SAVING, date(year, m, 1))
        and not any(is_drawn(c, SAVING, date(year, m, 1)) for c in cases[1:])
    )
    assert to_verify(select(Case), on=month)[0].case_id == cases[0]


def test_several_benefits_of_one_enterprise_are_flagged(office: Actor) -> None:
    firm = make_enterprise()
    first, second = estimate(office, 10, firm=firm), estimate(office, 20, firm=firm)
    alone = estimate(office, 30)
    overlap = {w.case_id: w.overlap for w in to_verify(select(Case), on=today())}
    assert overlap == {
        first.case_id: (second.case_id,),
        second.case_id: (first.case_id,),
        alone.case_id: (),
    }


def test_a_sum_out_of_proportion_to_the_enterprise_is_flagged(office: Actor) -> None:
    micro, large = make_enterprise(size="micro"), make_enterprise(size="large")
    big_for_micro = estimate(office, 300_001, firm=micro)
    estimate(office, 300_001, firm=large)
    flagged = {w.case_id for w in to_verify(select(Case), on=today()) if w.is_outlier}
    assert flagged == {big_for_micro.case_id}


def test_ten_times_the_usual_of_its_size_is_flagged_once_enough_is_known(office: Actor) -> None:
    usual = [estimate(office, 10_000, firm=make_enterprise(size="large")) for _ in range(4)]
    odd = estimate(office, 100_001, firm=make_enterprise(size="large"))
    flagged = {w.case_id for w in to_verify(select(Case), on=today()) if w.is_outlier}
    assert flagged == {odd.case_id}
    assert len(usual) + 1 == verifying.ENOUGH
