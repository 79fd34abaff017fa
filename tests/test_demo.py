"""The demo county: the newsletter's figures, every state, nothing ahead of today, and the same every time."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Date, func, select

import config
from matcher.app import create_app
from matcher.db import LOCAL, Base, UTCDateTime, db
from matcher.demo.logins import LOGINS
from matcher.demo.scenario import fill
from matcher.errors import WrongMove
from matcher.models import (
    Activity,
    ActivityState,
    Benefit,
    Case,
    CaseState,
    Clock,
    Dispatch,
    DispatchState,
    Enterprise,
    Expert,
    LogEntry,
    Menu,
    Notice,
    Office,
    Problem,
    ProblemState,
    User,
    Visit,
    VisitState,
)
from matcher.plain.periods import preset
from matcher.plain.wording import hedge, over, over_wan
from matcher.services import accounts, seed
from matcher.services.figures import Figures, Scope, measure

LAST = date(2026, 11, 24)
#: Days that lie ahead by their nature: when something is due or planned, or stops to hold.
AHEAD = {
    "due_at",
    "due_on",
    "expires_at",
    "planned_for",
    "planned_on",
    "terms_date",
    "until",
    "unavailable_until",
    "valid_to",
    "locked_until",
    "ends_at",
    "ends_on",
}


def _build(folder: str, last: date) -> Flask:
    app = create_app(
        config.TestConfig(
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/demo.db",
            INSTANCE=folder,
            UPLOADS=f"{folder}/uploads",
            INDEX_DIR=f"{folder}/index",
        )
    )
    with app.app_context():
        upgrade()
        seed.load_words()
        seed.load_offices()
        fill(last, hasher=app.extensions["hasher"])
        db.session.commit()
    return app


def _put_away(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo, built once for all claims about it; nobody writes into it."""
    app = _build(str(tmp_path_factory.mktemp("demo")), LAST)
    yield app
    _put_away(app)


@pytest.fixture
def demo(demo_app: Flask) -> Iterator[None]:
    with demo_app.app_context():
        yield
        db.session.rollback()


@pytest.fixture
def figures(demo: None) -> Figures:
    """The county's figures since the programme began."""
    county = db.session.scalars(select(Office).filter_by(code="320923")).one()
    return measure(Scope(county, preset("all", LAST, county.started_on)))


def test_the_report_prints_the_newsletters_figures(figures: Figures) -> None:
    assert hedge(figures.sessions) == "20余"
    assert hedge(figures.enterprises) == "20余"
    assert hedge(figures.solved) == "60余"
    assert over(figures.persons) == "超300"
    assert over_wan(figures.estimated_yearly) == "超500"


def test_the_month_and_the_quarter_are_never_empty(demo: None) -> None:
    county = db.session.scalars(select(Office).filter_by(code="320923")).one()
    for period in ("month", "quarter"):
        found = measure(Scope(county, preset(period, LAST, county.started_on)))
        assert found.requested
        assert found.solved


@pytest.mark.parametrize(
    ("noun", "states"),
    [
        (Problem, ProblemState),
        (Case, CaseState),
        (Dispatch, DispatchState),
        (Activity, ActivityState),
        (Visit, set(VisitState) - {VisitState.CANCELLED}),
    ],
)
def test_every_state_occurs(demo: None, noun: Any, states: Iterable[Any]) -> None:
    assert set(db.session.scalars(select(noun.state).distinct())) >= set(states)


def test_the_desk_has_work(demo: None) -> None:
    waiting = (ProblemState.SUBMITTED, ProblemState.RETURNED, ProblemState.ACCEPTED, ProblemState.DISPATCHED)
    in_hand = db.session.scalar(select(func.count(Problem.id)).where(Problem.state.in_(waiting)))
    late = db.session.scalar(
        select(func.count(Clock.id)).where(Clock.ended_at.is_(None), Clock.due_at < _end_of_demo())
    )
    unread = db.session.scalar(select(func.count(Notice.id)).where(Notice.read_at.is_(None)))
    assert in_hand is not None
    assert in_hand >= 40
    assert late
    assert unread


def test_nothing_is_dated_in_the_future(demo: None) -> None:
    late = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name in AHEAD or not isinstance(column.type, UTCDateTime | Date):
                continue
            last = db.session.scalar(select(func.max(column)))
            end = LAST if isinstance(last, date) and not isinstance(last, datetime) else _end_of_demo()
            if last is not None and last > end:
                late.append(f"{table.name}.{column.name} {last}")
    assert late == []


def test_the_published_cases_carry_no_invented_facts(demo: None) -> None:
    firms = ("阜宁县金一新能源科技有限公司", "阜宁协鑫光伏科技有限公司", "盐城神瑞胶带有限公司")
    published = db.session.scalars(select(Enterprise).where(Enterprise.name.in_(firms))).all()
    assert len(published) == 3
    assert all(firm.phone is None and firm.contact_name is None for firm in published)
    for case in _cases_of(published):
        assert case.rating is None
        assert case.confirmed_at is None
        assert not db.session.scalar(select(func.count(Benefit.id)).where(Benefit.case_id == case.id))


def test_the_four_published_experts_are_on_the_roster_of_thirty(demo: None) -> None:
    experts = db.session.scalars(select(Expert)).all()
    named = {expert.name for expert in experts if "示例" not in expert.name}
    assert len(experts) == 30
    assert named == {"周州", "孙信明", "王树年", "吴成胜"}
    assert all(expert.phone is None for expert in experts if expert.name in named)


def test_made_up_people_and_firms_say_so(demo: None) -> None:
    published = ("周州", "孙信明", "王树年", "吴成胜")
    for name in db.session.scalars(select(User.name)):
        assert "示例" in name
    for expert in db.session.scalars(select(Expert).where(Expert.name.not_in(published))):
        assert "示例" in expert.name


def test_one_menu_of_jinyi_holds_two_problems(demo: None) -> None:
    jinyi = db.session.scalars(select(Enterprise).where(Enterprise.name.contains("金一"))).one()
    problems = db.session.scalars(select(Problem).join(Problem.menu).where(Menu.enterprise_id == jinyi.id)).all()
    assert len(problems) == 2
    assert len({problem.menu_id for problem in problems}) == 1
    assert all(problem.state is ProblemState.SOLVED for problem in problems)


@pytest.mark.parametrize(("_role", "login", "password"), LOGINS)
def test_every_login_opens(demo_app: Flask, demo: None, _role: str, login: str, password: str) -> None:
    user = accounts.log_in(login, password, hasher=demo_app.extensions["hasher"])
    assert user is not None
    assert not user.must_change_password


def test_the_demo_goes_into_an_empty_database_only(demo_app: Flask, demo: None) -> None:
    with pytest.raises(WrongMove, match="空库"):
        fill(LAST, hasher=demo_app.extensions["hasher"])


def test_the_same_day_gives_the_same_demo(demo_app: Flask, tmp_path: Path) -> None:
    again = _build(str(tmp_path), LAST)
    assert _told(demo_app) == _told(again)
    _put_away(again)


@pytest.mark.parametrize("last", [date(2026, 3, 1), date(2026, 10, 8)])
def test_other_days_do_as_well(last: date, tmp_path: Path) -> None:
    """A Sunday that begins a month, and the day after a week of holidays."""
    app = _build(str(tmp_path), last)
    with app.app_context():
        county = db.session.scalars(select(Office).filter_by(code="320923")).one()
        found = measure(Scope(county, preset("all", last, county.started_on)))
        month = measure(Scope(county, preset("month", last, county.started_on)))
        states = set(db.session.scalars(select(Problem.state).distinct()))
    _put_away(app)
    assert hedge(found.solved) == "60余"
    assert over_wan(found.estimated_yearly) == "超500"
    assert month.solved
    assert states == set(ProblemState)


def _told(app: Flask) -> list[Any]:
    with app.app_context():
        log = select(LogEntry.at, LogEntry.verb, LogEntry.subject_kind, LogEntry.subject_id, LogEntry.subject_name)
        return [tuple(row) for row in db.session.execute(log.order_by(LogEntry.id))]


def _cases_of(firms: Iterable[Enterprise]) -> Iterable[Case]:
    query = select(Case).join(Case.problem).join(Problem.menu)
    return db.session.scalars(query.where(Menu.enterprise_id.in_([firm.id for firm in firms]))).all()


def _end_of_demo() -> datetime:
    return datetime.combine(LAST + timedelta(days=1), datetime.min.time(), LOCAL)
