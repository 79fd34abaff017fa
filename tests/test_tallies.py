"""Tallies say what the rows say, whatever was done and whoever did it; and nobody waits for them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.sql.visitors import iterate

from matcher.db import db, today
from matcher.jobs import refresh_tallies
from matcher.models import CaseState, Office, Problem, Tally, TallyMark
from matcher.plain.periods import Period, preset
from matcher.services.figures import DEFINITIONS, Reading, Scope, figures_of, read
from matcher.services.figures.tallies import Tallied, keeping, refresh, refresh_stale, stale_offices
from tests.factories import make_case, make_enterprise, make_expert, make_office, staff
from tests.muddle import MOVES, NEIGHBOUR, moment, muddle
from tests.test_figures_once import Doing, _do, _hold, doings, sessions
from tests.test_figures_once import Session as Held

CODES = ("requested", "accepted", "solved", "partly")
BELOW = ("sessions", "expert_times", "enterprises", "requested", "accepted", "solved")
PARTS = ("kind", "industry", "town", "month")

muddles = st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.integers(0, 1), st.integers(0, 70)), max_size=4)


def periods() -> Iterator[Period]:
    """Whole years and months, months that are cut on one side or both, a single day."""
    yield preset("year", today())
    yield preset("all", today())
    yield preset("month", today()).before()
    for first, last in ((70, 0), (45, 12), (20, 20)):
        yield Period(today() - timedelta(days=first), today() - timedelta(days=last))


def both_say_the_same(office: Office) -> None:
    for period in periods():
        scope = Scope(office, period)
        kept, plain = read(scope), Reading(scope)
        assert figures_of(kept) == figures_of(plain)
        assert kept.amounts == plain.amounts
        assert kept.crossed(CODES, PARTS) == plain.crossed(CODES, PARTS)
        assert kept.by_office(BELOW) == plain.by_office(BELOW)


def is_tallied(office: Office) -> bool:
    return isinstance(read(Scope(office, preset("year", today()))), Tallied)


@pytest.mark.usefixtures("ctx")
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(doings, sessions, muddles, muddles)
def test_whatever_is_done_tallies_say_what_the_rows_say(
    done: list[Doing], held: list[Held], before: list[tuple[str, int, int]], after: list[tuple[str, int, int]]
) -> None:
    county, neighbour, city = make_office(), make_office(NEIGHBOUR), make_office("320900")
    try:
        refresh_stale(after_each=db.session.commit)
        by = staff()
        make_case(CaseState.CLOSED, by=staff(office=neighbour), office=neighbour)
        people, firms = [make_expert(capacity=20, phone=None) for _ in range(2)], [make_enterprise() for _ in range(2)]
        for doing in done:
            _do(doing, people[doing.expert], firms[doing.firm], by)
        for session in held:
            _hold(session, people, firms, by)
        db.session.flush()
        for each in before:
            muddle(*each)
        refresh_stale(after_each=db.session.flush)
        assert is_tallied(city)
        both_say_the_same(city)
        for each in after:
            muddle(*each)
        both_say_the_same(city)
        refresh(county)
        both_say_the_same(city)
    finally:
        db.session.rollback()


@pytest.mark.usefixtures("ctx")
@pytest.mark.parametrize("verb", sorted(MOVES))
def test_each_change_past_the_services_is_seen(verb: str) -> None:
    """Every move of the muddle alone, over a county in which everything exists."""
    by, people, firms = staff(), [make_expert(capacity=20, phone=None) for _ in range(2)], [make_enterprise()] * 2
    for number in range(4):
        _do(Doing(number % 2, number % 2, 2, False, 5, True, False), people[number % 2], firms[0], by)
    for place in ("", "工人文化宫"):
        _hold(Held(frozenset({0, 1}), frozenset({0}), 9, place, ties=place == ""), people, firms, by)
    muddle("benefits", 1, 80)
    muddle("leads", 1, 80)
    muddle("tiers", 1, 80)
    db.session.flush()
    refresh_stale(after_each=db.session.flush)
    was = Reading(Scope(make_office("320900"), preset("year", today())))
    before = (figures_of(was), was.crossed(CODES, PARTS), was.by_office(BELOW))
    for half in (0, 1):
        muddle(verb, half, 33 + half)
        now = Reading(was.scope)
        changed = before != (figures_of(now), now.crossed(CODES, PARTS), now.by_office(BELOW))
        assert stale_offices() or not changed
        both_say_the_same(make_office("320900"))


@pytest.mark.usefixtures("ctx")
def test_every_table_that_a_figure_reads_is_watched() -> None:
    scope = Scope(make_office(), preset("year", today()))
    statements = [select(definition.rows(scope).subquery()) for definition in DEFINITIONS.values()]
    read_by_figures = {table.name for each in statements for table in iterate(each) if isinstance(table, Table)}
    read_by_figures -= {"offices"}
    assert {"problems", "visits", "benefits", "clocks", "enterprise_tiers"} <= read_by_figures
    if db.engine.dialect.name == "postgresql":
        query = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'mark_%'"
    else:
        query = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'mark_%'"
    watched: dict[str, set[str]] = {}
    for table, trigger in db.session.execute(text(query)):
        watched.setdefault(table, set()).add(trigger.removeprefix(f"mark_{table}_"))
    assert read_by_figures == set(watched)
    moves = {"insert", "update", "delete"}
    assert {table for table, seen in watched.items() if not seen >= moves} == {"menus", "enterprises"}


@pytest.mark.usefixtures("ctx")
def test_every_figure_with_one_row_per_thing_has_one_row_per_thing() -> None:
    make_case(CaseState.CLOSED)
    scope = Scope(make_office(), preset("year", today()))
    for definition in DEFINITIONS.values():
        rows = definition.rows(scope).subquery()
        query = select(func.count(), func.count(rows.c.key.distinct())).select_from(rows)
        number, different = db.session.execute(query).one()
        assert number == different or not definition.is_once, definition.code


@pytest.mark.usefixtures("ctx")
def test_parts_and_samples_are_counted_from_the_rows() -> None:
    make_case(CaseState.CLOSED)
    refresh_stale(after_each=db.session.commit)
    year = preset("year", today())
    assert is_tallied(make_office())
    for asked in ({"kind": "skills"}, {"industry": "34"}, {"town": "沟墩镇"}, {"with_samples": True}):
        assert not isinstance(read(Scope(make_office(), year, **asked)), Tallied)


@pytest.mark.usefixtures("ctx")
def test_only_what_changed_is_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of a day marks the month it was in and the month it is in; a change of the owner everything."""
    make_case(CaseState.CLOSED)
    muddle("problems' days", 0, 70)
    muddle("problems' days", 1, 70)
    refresh_stale(after_each=db.session.commit)
    county, gathered, gather = make_office(), [], keeping.gather
    monkeypatch.setattr(keeping, "gather", lambda scope: gathered.append(scope.period.code) or gather(scope))
    db.session.execute(update(Problem).values(submitted_at=moment(40)))
    months = set(db.session.scalars(select(TallyMark.month)))
    assert months == {f"{moment(days):%Y-%m}" for days in (70, 69, 40)}
    assert refresh(county) == len(months)
    assert gathered == sorted(months)
    both_say_the_same(county)
    muddle("towns", 0, 1)
    muddle("towns", 1, 1)
    assert db.session.scalars(select(TallyMark.month)).all() == [TallyMark.EVERY]


@pytest.mark.usefixtures("ctx")
def test_a_mark_goes_with_its_transaction() -> None:
    make_case(CaseState.CLOSED)
    refresh_stale(after_each=db.session.commit)
    db.session.execute(update(Problem).values(reporting_kind="skills"))
    assert stale_offices() == [make_office().id]
    db.session.rollback()
    assert stale_offices() == []
    refresh(make_office())
    db.session.rollback()
    assert stale_offices() == []


@pytest.mark.usefixtures("ctx")
def test_many_writes_leave_one_mark() -> None:
    make_case(CaseState.CLOSED)
    refresh_stale(after_each=db.session.commit)
    for kind in ("skills", "tackling", None):
        db.session.execute(update(Problem).values(reporting_kind=kind))
    months = db.session.scalars(select(TallyMark.month)).all()
    assert len(months) == len(set(months))


def test_the_job_tallies_what_is_stale_and_nothing_else(app: Flask) -> None:
    with app.app_context():
        offices = db.session.scalar(select(func.count()).select_from(Office))
        make_case(CaseState.CLOSED)
        db.session.commit()
    assert refresh_tallies(app) == offices
    assert refresh_tallies(app) == 0
    with app.app_context():
        assert db.session.scalars(select(Tally.office_id)).all() == [make_office().id]


def test_a_refresh_that_fails_leaves_the_office_stale(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object, **_values: object) -> None:
        raise RuntimeError("in the middle")

    with app.app_context():
        make_case(CaseState.CLOSED)
        refresh_stale(after_each=db.session.commit)
        db.session.execute(update(Problem).values(reporting_kind="skills"))
        db.session.commit()
        monkeypatch.setattr(keeping, "gather", fails)
        with pytest.raises(RuntimeError):
            refresh(make_office())
        db.session.rollback()
        assert stale_offices() == [make_office().id]


@pytest.mark.postgres
def test_what_is_committed_while_it_is_counted_is_not_lost(postgres: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer commits after the marks were read: its mark is another one and stays."""
    with postgres.app_context():
        county = _a_tallied_county()
        db.session.execute(update(Problem).values(reporting_kind="tackling"))
        db.session.commit()
        with Session(db.engine) as writer:
            gather = keeping.gather

            def and_meanwhile(scope: Scope) -> object:
                found = gather(scope)
                writer.execute(update(Problem).values(reporting_kind="skills"))
                writer.commit()
                return found

            monkeypatch.setattr(keeping, "gather", and_meanwhile)
            refresh(county)
            db.session.commit()
        assert stale_offices() == [county.id]
        both_say_the_same(county)


@pytest.mark.postgres
def test_what_is_not_yet_committed_makes_it_stale_later_and_nobody_waits(postgres: Flask) -> None:
    with postgres.app_context():
        county = _a_tallied_county()
        with Session(db.engine) as writer, Session(db.engine) as other:
            for session in (writer, other):
                session.execute(text("SET LOCAL lock_timeout = '2s'"))
            writer.execute(update(Problem).values(reporting_kind="skills"))
            other.execute(update(Office).where(Office.id == county.id).values(short_name=county.short_name))
            db.session.execute(text("SET LOCAL lock_timeout = '2s'"))
            refresh(county)
            db.session.commit()
            assert stale_offices() == []
            writer.commit()
        assert stale_offices() == [county.id]
        both_say_the_same(county)


@pytest.mark.postgres
def test_one_office_is_tallied_by_one_at_a_time(postgres: Flask) -> None:
    """Else the slower one could write what it counted before a change over what the other counted after it."""
    with postgres.app_context():
        county = _a_tallied_county()
        refresh(county)
        with Session(db.engine) as other:
            other.execute(text("SET LOCAL lock_timeout = '100ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                other.execute(text("UPDATE tallied SET made_at = made_at WHERE office_id = :id"), {"id": county.id})
        db.session.commit()


def _a_tallied_county() -> Office:
    make_case(CaseState.CLOSED)
    db.session.commit()
    refresh_stale(after_each=db.session.commit)
    return make_office()
