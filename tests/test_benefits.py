"""The ledger: nothing overwritten, one adopted statement counts, and nobody verifies their own figures."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from matcher.db import db
from matcher.errors import BadInput, NotAllowed, WrongMove
from matcher.models import Actor, Benefit, BenefitKind, Case, CaseState, EntryKind, EvidenceGrade, Per, Role
from matcher.services import benefits
from tests.factories import make_case, make_office, staff

SAVING = BenefitKind.SAVING


@pytest.fixture
def case(ctx: None) -> Case:
    return make_case(CaseState.CLOSED)


def the_expert(case: Case) -> Actor:
    return Actor(expert=case.experts[0])


def said(case: Case, amount: int = 500_000, *, by: Actor | None = None) -> Benefit:
    return benefits.state_benefit(
        case,
        SAVING,
        Decimal(amount),
        Per.YEAR,
        by=by or the_expert(case),
        evidence_grade=EvidenceGrade.METER,
    )


def test_a_statement_counts_only_once_the_office_adopts_it(case: Case) -> None:
    statement = said(case)
    assert benefits.chain_of(statement).estimate is None
    benefits.adopt(statement, by=staff())
    assert benefits.chain_of(statement).estimate.amount == 500_000


def test_the_office_can_adopt_another_statement_instead(case: Case) -> None:
    first, second = said(case), said(case, 300_000, by=Actor(enterprise=case.problem.enterprise))
    office = staff()
    benefits.adopt(first, by=office)
    benefits.adopt(second, by=office)
    assert benefits.chain_of(first).estimate.about_id == second.id


def test_a_statement_is_not_adopted_twice(case: Case) -> None:
    statement, office = said(case), staff()
    benefits.adopt(statement, by=office)
    with pytest.raises(WrongMove):
        benefits.adopt(statement, by=office)


def test_a_correction_names_its_line_and_takes_its_place(case: Case) -> None:
    statement = said(case)
    corrected = benefits.state_benefit(case, SAVING, Decimal(50_000), Per.YEAR, by=the_expert(case), corrects=statement)
    assert corrected.corrects_id == statement.id
    assert benefits.chain_of(statement).statements == [corrected]
    with pytest.raises(WrongMove):
        benefits.adopt(statement, by=staff())


def test_nobody_corrects_what_another_party_said(case: Case) -> None:
    statement = said(case)
    with pytest.raises(NotAllowed):
        benefits.state_benefit(case, SAVING, Decimal(1), Per.YEAR, by=staff(), corrects=statement)


def test_a_verification_replaces_the_estimate(case: Case) -> None:
    statement = said(case)
    benefits.adopt(statement, by=staff())
    benefits.verify(statement, Decimal("420000.50"), by=staff(Role.VERIFIER), remark="对照电表")
    chain = benefits.chain_of(statement)
    assert chain.estimate is None
    assert chain.verified.amount == Decimal("420000.50")


def test_a_statement_nobody_adopted_is_not_verified(case: Case) -> None:
    with pytest.raises(WrongMove):
        benefits.verify(said(case), Decimal(1), by=staff(Role.VERIFIER))


def test_who_recorded_or_adopted_does_not_verify(case: Case) -> None:
    both = staff(Role.DISPATCHER, Role.VERIFIER)
    statement = said(case, by=both)
    other = staff()
    benefits.adopt(statement, by=other)
    for barred in (both, other):
        with pytest.raises(NotAllowed):
            benefits.verify(statement, Decimal(1), by=barred)
    benefits.verify(statement, Decimal(1), by=staff(Role.VERIFIER, office=make_office("320900")))


def test_a_rejected_benefit_no_longer_counts_until_another_is_adopted(case: Case) -> None:
    statement = said(case)
    benefits.adopt(statement, by=staff())
    benefits.reject(statement, "没有依据", by=staff(Role.VERIFIER))
    chain = benefits.chain_of(statement)
    assert (chain.estimate, chain.verified) == (None, None)
    again = said(case, 10_000)
    benefits.adopt(again, by=staff())
    assert benefits.chain_of(again).estimate.amount == 10_000


def test_what_is_verified_is_not_estimated_again(case: Case) -> None:
    statement = said(case)
    benefits.adopt(statement, by=staff())
    benefits.verify(statement, Decimal(1), by=staff(Role.VERIFIER))
    with pytest.raises(WrongMove):
        benefits.adopt(said(case, 2), by=staff())


def test_a_second_verification_corrects_the_first(case: Case) -> None:
    statement, verifier = said(case), staff(Role.VERIFIER)
    benefits.adopt(statement, by=staff())
    first = benefits.verify(statement, Decimal(100), by=verifier)
    second = benefits.verify(statement, Decimal(90), by=verifier)
    assert second.corrects_id == first.id
    assert benefits.chain_of(statement).verified == second


def test_an_amount_is_a_plausible_number_of_yuan(case: Case) -> None:
    for amount in (Decimal(-1), Decimal("NaN"), Decimal(10) ** 12):
        with pytest.raises(BadInput):
            benefits.state_benefit(case, SAVING, amount, Per.ONCE, by=the_expert(case))


def test_the_database_itself_keeps_every_line(case: Case) -> None:
    said(case)
    db.session.commit()
    for attempt in (update(Benefit).values(amount=1), delete(Benefit)):
        with pytest.raises(IntegrityError):
            db.session.execute(attempt)
        db.session.rollback()


@given(st.lists(st.sampled_from(["state", "adopt", "verify", "reject"]), max_size=12))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_however_a_chain_goes_it_only_grows_and_has_one_answer(case: Case, moves: list[str]) -> None:
    """Estimate and verified amount are never both there, and no line ever changes."""
    db.session.commit()
    expert, office, verifier = the_expert(case), staff(), staff(Role.VERIFIER)
    latest, seen = said(case), []
    for number, action in enumerate(moves, start=1):
        try:
            if action == "state":
                latest = said(case, number, by=expert)
            elif action == "adopt":
                benefits.adopt(latest, by=office)
            elif action == "verify":
                benefits.verify(latest, Decimal(number), by=verifier)
            else:
                benefits.reject(latest, "不实", by=verifier)
        except WrongMove:
            pass
        chain = benefits.chain_of(latest)
        facts = [(b.id, b.entry, b.amount, b.about_id, b.corrects_id) for b in chain.lines]
        assert facts[: len(seen)] == seen
        assert chain.estimate is None or chain.verified is None
        assert all(b.about_id for b in chain.lines if b.entry is not EntryKind.STATED)
        seen = facts
    db.session.rollback()
