"""Random walks through the ledger: nothing is overwritten, what was printed stays, estimated is never verified."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from matcher.db import at, db, today
from matcher.errors import MatcherError
from matcher.models import Actor, Benefit, BenefitKind, Case, CaseState, EntryKind, EvidenceGrade, Per, Role
from matcher.plain.periods import Period
from matcher.services import benefits, ledger
from matcher.services.figures import Scope, sum_by
from tests.factories import make_case, make_office, staff

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
COLUMNS = [column.key for column in Benefit.__table__.columns]

ACTIONS = st.sampled_from(["state", "correct", "adopt", "verify", "reject", "adopt_old"])
STEPS = st.lists(
    st.tuples(
        ACTIONS,
        st.integers(0, 1),
        st.sampled_from(list(BenefitKind)[:2]),
        st.sampled_from(Per),
        st.sampled_from(EvidenceGrade),
        st.integers(0, 10**7),
        st.integers(0, 40),
    ),
    max_size=14,
)
WALK = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class World:
    """Two cases and those who write about them."""

    def __init__(self) -> None:
        self.office, self.verifier = staff(), staff(Role.VERIFIER)
        self.cases = [make_case(CaseState.CLOSED, by=self.office) for _ in range(2)]
        db.session.commit()

    def walk(self, steps: list[tuple]) -> Iterator[datetime]:
        """Take the steps that are possible; time goes on between them."""
        moment = START
        for action, which, kind, per, grade, amount, days in steps:
            moment += timedelta(days=days)
            with at(moment):
                try:
                    self._step(action, self.cases[which], kind, per, grade, Decimal(amount) / 100)
                except MatcherError:
                    continue
                yield moment

    def _step(self, action: str, case: Case, kind, per, grade, amount: Decimal) -> None:
        expert = Actor(expert=case.experts[0])
        chain = next((c for c in benefits.chains_of(case) if c.lines[0].kind is kind), None)
        if action == "state" or chain is None:
            benefits.state_benefit(case, kind, amount, per, by=expert, evidence_grade=grade)
        elif action == "correct":
            old = chain.statements[-1]
            benefits.state_benefit(case, kind, amount, per, by=expert, evidence_grade=grade, corrects=old)
        elif action.startswith("adopt"):
            said = [b for b in chain.lines if b.entry is EntryKind.STATED]
            benefits.adopt(said[0] if action == "adopt_old" else chain.statements[-1], by=self.office)
        elif action == "verify":
            benefits.verify(chain.answer or chain.lines[-1], amount, by=self.verifier, evidence_grade=grade)
        else:
            benefits.reject(chain.answer or chain.lines[-1], "没有依据", by=self.verifier)


@pytest.fixture
def world(ctx: None) -> World:
    with at(START):
        return World()


def snapshot() -> list[tuple]:
    db.session.expire_all()
    return [tuple(getattr(b, c) for c in COLUMNS) for b in db.session.scalars(select(Benefit).order_by(Benefit.id))]


@given(STEPS)
@WALK
def test_lines_are_only_added(world: World, steps: list[tuple]) -> None:
    before: list[tuple] = []
    for _moment in world.walk(steps):
        now = snapshot()
        assert now[: len(before)] == before
        assert len(now) == len(before) + 1
        before = now
    db.session.rollback()


@given(STEPS)
@WALK
def test_past_days_keep_what_they_printed(world: World, steps: list[tuple]) -> None:
    printed: dict[tuple, tuple] = {}
    for moment in world.walk(steps):
        with at(moment):
            yesterday = today() - timedelta(days=1)
        for chain in _all_chains():
            key = (chain.lines[0].case_id, chain.lines[0].kind)
            for day in [d for k, d in printed if k == key and d <= yesterday]:
                assert _worth(chain.on(day)) == printed[key, day]
            printed[key, today_at(moment)] = _worth(chain)
    db.session.rollback()


@given(STEPS)
@WALK
def test_figures_of_a_past_period_never_change(world: World, steps: list[tuple]) -> None:
    printed: dict = {}
    for moment in world.walk(steps):
        yesterday = today_at(moment) - timedelta(days=1)
        if yesterday > START.date():
            printed.setdefault(yesterday, _figures(yesterday))
        assert {day: _figures(day) for day in printed} == printed
    db.session.rollback()


@given(STEPS)
@WALK
def test_corrections_lead_back_to_one_first_line_of_their_own_chain(world: World, steps: list[tuple]) -> None:
    for _ in world.walk(steps):
        pass
    lines = {b.id: b for b in db.session.scalars(select(Benefit))}
    corrected: dict[int, int] = defaultdict(int)
    for line in lines.values():
        seen, back = {line.id}, line
        while back.corrects_id is not None:
            corrected[back.corrects_id] += back is line
            earlier = lines[back.corrects_id]
            assert earlier.id < back.id
            assert (earlier.case_id, earlier.kind) == (line.case_id, line.kind)
            assert earlier.id not in seen
            seen.add(earlier.id)
            back = earlier
        if line.about_id is not None:
            assert lines[line.about_id].entry is EntryKind.STATED
    assert all(times == 1 for number, times in corrected.items() if lines[number].entry is EntryKind.STATED)
    db.session.rollback()


@given(STEPS)
@WALK
def test_estimated_and_verified_never_meet_and_every_grade_adds_up(world: World, steps: list[tuple]) -> None:
    """The list, the chains and the figures tell the same sums, by standing, by grade and by once or yearly."""
    for _ in world.walk(steps):
        pass
    by_grade: dict[tuple, Decimal] = defaultdict(Decimal)
    for chain in _all_chains():
        assert chain.estimate is None or chain.verified is None
        answer = chain.estimate or chain.verified
        if answer is not None:
            by_grade[answer.entry, answer.per, answer.evidence_grade] += answer.amount
    listed: dict[tuple, Decimal] = defaultdict(Decimal)
    for standing, entry in (
        (ledger.Standing.ESTIMATED, EntryKind.ADOPTED),
        (ledger.Standing.VERIFIED, EntryKind.VERIFIED),
    ):
        for grade in EvidenceGrade:
            wanted = db.session.execute(ledger.keys(select(Case), ledger.Filters(standing=standing, grade=grade)))
            for row in ledger.rows([(key[0], key[1]) for key in wanted]):
                assert row.standing is standing
                listed[entry, row.shown.per, grade] += row.shown.amount
    assert listed == by_grade
    figures = _figures(START.date() + timedelta(days=700))
    for entry in (EntryKind.ADOPTED, EntryKind.VERIFIED):
        for per in Per:
            whole = sum((v for (e, p, _), v in by_grade.items() if (e, p) == (entry, per)), Decimal(0))
            assert figures[entry, per] == whole
    db.session.rollback()


@pytest.mark.parametrize(
    "statement", [update(Benefit).values(amount=1), delete(Benefit), update(Benefit).values(remark="x")]
)
def test_the_database_refuses_to_change_or_delete_a_line(world: World, statement) -> None:
    case = world.cases[0]
    benefits.state_benefit(case, BenefitKind.SAVING, Decimal(7), Per.ONCE, by=Actor(expert=case.experts[0]))
    db.session.commit()
    before = snapshot()
    with pytest.raises(DBAPIError):
        db.session.execute(statement)
    db.session.rollback()
    assert snapshot() == before


def test_the_guards_stand_on_this_database(app: Flask, ctx: None) -> None:
    """SQLite and PostgreSQL each keep the ledger by triggers of their own."""
    if db.engine.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'benefits'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'benefits'::regclass AND NOT tgisinternal"
    assert {"keep_benefits_update", "keep_benefits_delete"} <= set(db.session.scalars(text(query)))


def _all_chains() -> list[benefits.Chain]:
    return benefits.chains(db.session.scalars(select(Benefit)))


def _worth(chain: benefits.Chain) -> tuple:
    return tuple(
        (line.id, line.amount, line.per) if line is not None else None for line in (chain.estimate, chain.verified)
    )


def _figures(end: date) -> dict[tuple[EntryKind, Per], Decimal]:
    scope = Scope(make_office(), Period(START.date(), end))
    found = {}
    for code, entry in (("estimated", EntryKind.ADOPTED), ("verified", EntryKind.VERIFIED)):
        sums = sum_by(code, scope, ("amount",), "per")
        found |= {(entry, per): Decimal(str(sums.get(per.value, (0,))[0])).quantize(Decimal("0.01")) for per in Per}
    return found


def today_at(moment: datetime) -> date:
    with at(moment):
        return today()
