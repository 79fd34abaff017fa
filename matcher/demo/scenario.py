"""The demo county: its programme from the first day to today, played through the services on a moving clock."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby

from argon2 import PasswordHasher
from sqlalchemy import func, select

from matcher.db import at, db
from matcher.demo import doings, script
from matcher.demo.cast import World, gather
from matcher.demo.rounds import posting, solving
from matcher.demo.script import Part, parts
from matcher.demo.timeline import Days, Story, every_day, play
from matcher.demo.unfinished import unfinished
from matcher.errors import WrongMove
from matcher.models import Actor, User
from matcher.services import offices, ticking

#: The programme began so many days before the last day of the demo.
BEGAN = 330
#: So many solved cases are released as cards for others to read.
CARDS = 12
#: The expert whom the neighbouring county would like to borrow.
LENT = "pan-guoqing"


def fill(last: date, *, hasher: PasswordHasher) -> World:
    """Play the demo up to this day into a database that holds vocabularies and offices and nothing else.

    Raises WrongMove where there is something in it already. The caller commits.
    """
    if db.session.scalar(select(func.count(User.id))):
        raise WrongMove("数据库里已有账号和数据；演示只能装进空库。")
    days = Days(last)
    began = days.back(BEGAN, hour=8)
    with at(began):
        world = gather(days, hasher)
        _settle(world, began.date())
    play(_stories(world, began), until=days.start_of_last_day, after_each=db.session.flush)
    return world


def _settle(world: World, began: date) -> None:
    """What the county has settled for itself."""
    texts = script.texts()
    settings = {"started_on": began.isoformat(), "intro": texts.intro, "phone": texts.phone}
    offices.settle(world.county, settings, by=Actor.system())


def _stories(world: World, began: datetime) -> Iterator[tuple[datetime, Story]]:
    """Every story with its first moment. A menu is posted before its problems go on."""
    yield began, every_day(began, _tick)
    yield began, every_day(began, partial(doings.read_notices, world))
    solved, others = parts("solved"), parts("open")
    for told in (solved, others):
        for asked in _menus(told):
            yield _moment(world, asked[0]), posting(world, asked)
    for part in solved:
        yield _moment(world, part), solving(world, part)
    for part in others:
        yield _moment(world, part), unfinished(world, part)
    yield from _besides(world, solved)


def _besides(world: World, solved: list[Part]) -> Iterator[tuple[datetime, Story]]:
    for part in parts("activities"):
        planned = world.days.back(max(part.days_ago, 1) + doings.PLANNED_AHEAD, 10)
        yield max(planned, world.days.back(BEGAN, 10)), doings.session(world, part)
    for part in parts("call_notes"):
        yield world.days.back(part.days_ago, 16), doings.call(world, part)
    for part in parts("complaints"):
        yield world.days.back(part.days_ago, 14), doings.complaint(world, part)
    for part in solved[:: len(solved) // CARDS]:
        if part.outcome == "solved":
            yield world.days.back(max(part.days_ago - 45, 1), 15), doings.release_card(world, part)
    yield world.days.back(2, 15), doings.loan(world, LENT)


def _menus(told: list[Part]) -> Iterator[list[Part]]:
    """The problems of one menu together."""
    for _, asked in groupby(told, key=lambda part: part.menu):
        yield list(asked)


def _moment(world: World, part: Part) -> datetime:
    """When it was posted: an hour of the working day that its key decides."""
    minute = sum(part.menu.encode()) % 60
    moment = world.days.back(part.days_ago, 8, 30)
    return moment + timedelta(minutes=minute if part.days_ago > 3 else 0)


def _tick() -> None:
    """What the clock does by itself, once a day."""
    ticking.tick(after_each=db.session.flush)
