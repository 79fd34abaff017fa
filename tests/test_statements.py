"""A page asks the database a bounded number of questions, however much stands on it: counted over the demo."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from matcher.db import db
from matcher.models import Activity, Benefit, Case, Dispatch, DispatchState, Menu, Problem, ProblemState, User
from matcher.services import links
from tests.conftest import copied_demo
from tests.pages import log_in

#: (who, page, most statements). Each address is looked at a second time: the first fills what is kept for the session.
BOUNDS = """
stranger    /                                          17
stranger    /order                                      8
stranger    /f/{token}/                                48
dispatcher  /desk/                                     11
dispatcher  /desk/?step=dispatch                       11
dispatcher  /desk/problems/{accepted}                  62
dispatcher  /desk/problems/{solved}                    63
dispatcher  /desk/record?problem={solved}              22
dispatcher  /desk/search?q=电机                          14
dispatcher  /desk/experts                              14
dispatcher  /desk/experts/{expert}                     21
dispatcher  /desk/enterprises                          11
dispatcher  /desk/enterprises/{enterprise}             14
dispatcher  /desk/enterprises/find?q=jy                 5
dispatcher  /desk/notices                              12
dispatcher  /desk/complaints                           10
dispatcher  /desk/cards                                14
dispatcher  /desk/groups                               10
dispatcher  /desk/loans                                14
dispatcher  /desk/leads                                11
dispatcher  /desk/file                                  9
expert      /expert/                                   14
expert      /expert/offers/{offer}                     17
expert      /expert/cases/{case}                       24
expert      /expert/cases/{case}/sheet                 24
expert      /expert/me                                 15
writer      /reports/                                  21
writer      /reports/?period=all                       21
city        /reports/?period=all                       21
leader      /reports/overview                          19
writer      /reports/lines/solved?period=all           14
writer      /reports/lines/enterprises?period=all      16
writer      /reports/versions                          11
dispatcher  /reports/activities                        18
dispatcher  /reports/activities/{activity}             20
dispatcher  /reports/follow-ups                        17
verifier    /reports/ledger                            14
verifier    /reports/ledger/cases/{benefit}            24
admin       /admin/                                     9
admin       /admin/accounts                            11
admin       /admin/log                                 12
admin       /admin/words                               10
"""


@pytest.fixture(scope="module")
def demo_site(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo; nobody writes into it but log-ins."""
    with copied_demo(demo_folder, tmp_path_factory.mktemp("statements") / "demo") as app:
        yield app


@pytest.fixture(scope="module")
def names(demo_site: Flask) -> dict[str, str]:
    """What the addresses of the table call by name: the busiest things of the demo."""
    with demo_site.app_context():
        expert = db.session.scalars(select(User.expert_id).filter_by(login="expert")).one()
        menu = db.session.scalars(
            select(Menu).join(Problem).group_by(Menu.id).order_by(func.count().desc(), Menu.id).limit(1)
        ).one()
        done = select(Dispatch).where(Dispatch.expert_id == expert, Dispatch.case_id.is_not(None)).order_by(Dispatch.id)
        waiting = select(Dispatch).where(Dispatch.expert_id == expert, Dispatch.state == DispatchState.OFFERED)
        sent = db.session.scalars(done).first()
        asked = db.session.scalars(waiting).first() or sent
        accepted = select(Problem).where(Problem.state == ProblemState.ACCEPTED).order_by(Problem.id)
        benefit = db.session.scalars(select(Benefit.case_id).order_by(Benefit.id)).first()
        assert sent is not None
        assert asked is not None
        found = {
            "accepted": db.session.scalars(accepted).first().id,  # type: ignore[union-attr]
            "solved": db.session.get_one(Case, sent.case_id).problem_id,
            "case": sent.case_id,
            "offer": asked.id,
            "token": links.mint_for_menu(menu),
            "expert": expert,
            "enterprise": menu.enterprise_id,
            "activity": db.session.scalars(select(Activity.id).order_by(Activity.id)).first(),
            "benefit": benefit,
        }
        db.session.commit()
    return {name: str(value) for name, value in found.items()}


@pytest.fixture(scope="module")
def browsers(demo_site: Flask) -> dict[str, FlaskClient]:
    """One browser for each who looks."""
    found = {"stranger": demo_site.test_client()}
    for login in ("dispatcher", "leader", "writer", "verifier", "admin", "expert", "city"):
        found[login] = demo_site.test_client()
        log_in(found[login], login)
    return found


def rows() -> list[tuple[str, str, int]]:
    return [(who, page, int(most)) for who, page, most in (line.split() for line in BOUNDS.strip().splitlines())]


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(("who", "page", "most"), rows(), ids=lambda value: str(value))
def test_a_page_asks_the_database_no_more_than_this(
    demo_site: Flask, browsers: dict[str, FlaskClient], names: dict[str, str], who: str, page: str, most: int
) -> None:
    address = re.sub(r"\{(\w+)\}", lambda found: names[found[1]], page)
    assert browsers[who].get(address).status_code == 200, address
    with counted(demo_site) as sent:
        assert browsers[who].get(address).status_code == 200
    assert len(sent) <= most, f"{len(sent)} statements:\n" + "\n".join(repeated(sent))


def repeated(sent: list[str]) -> list[str]:
    """The statements that were sent again and again, the most frequent first."""
    often = {statement: sent.count(statement) for statement in sent}
    return [f"{n} x {' '.join(s.split())[:300]}" for s, n in sorted(often.items(), key=lambda x: -x[1])][:8]
