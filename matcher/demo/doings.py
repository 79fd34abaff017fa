"""What the office does besides the problems: sessions, call notes, complaints, cards, a loan."""

from datetime import date, timedelta

from matcher.db import now
from matcher.demo.cast import NEIGHBOUR, World
from matcher.demo.script import Part
from matcher.demo.timeline import Story
from matcher.models import Actor
from matcher.services import activities, cards, complaints, loans, notices, problems

#: A session is put on the calendar so many days ahead.
PLANNED_AHEAD = 10


def session(world: World, part: Part) -> Story:
    """A session of the content: planned, then held or cancelled on its day; one that lies ahead stays planned."""
    day = world.days.back(part.days_ago) if part.days_ago > 0 else world.days.ahead(-part.days_ago)
    activity = activities.plan_activity(
        world.county,
        part.kind,
        part.title,
        day.date(),
        by=world.office(),
        place=part.place or "",
        experts=[world.experts[key] for key in part.experts],
        enterprises=[world.enterprises[key] for key in part.enterprises],
    )
    yield max(day.replace(hour=17), now())
    if part.state == "cancelled":
        activities.cancel_activity(activity, part.reason, by=world.office())
    if part.state == "held":
        activities.hold_activity(activity, _turnout(part, day.date()), by=world.office())


def call(world: World, part: Part) -> Story:
    """What was said on the telephone about a problem."""
    problems.note_call(world.problems[part.problem], part.text, by=world.office())
    yield from ()


def complaint(world: World, part: Part) -> Story:
    """投诉建议 from a page, and what the office answered."""
    said = complaints.complain(
        world.county,
        part.text,
        by=Actor.system(),
        kind=part.kind,
        page=part.page,
        phone=part.phone,
        contact_name=part.contact or "",
    )
    if part.answer:
        yield max(world.days.back(part.answered_days_ago, 11), now() + timedelta(minutes=5))
        complaints.answer(said, part.answer, by=world.office())


def release_card(world: World, part: Part) -> Story:
    """The solved case is released for others to read, without names."""
    solved = problems.last_case(world.problems[part.key])
    if solved is not None and solved.outcome is not None:
        cards.release(solved, cards.draft(solved), by=world.office())
    yield from ()


def loan(world: World, key: str) -> Story:
    """The neighbouring county asks for one of our experts."""
    expert, office = world.experts[key], world.offices[NEIGHBOUR]
    loans.ask(expert, office, "射阳有一家纺织厂变频器频繁报警，想借一天。", by=world.office("neighbour"))
    yield from ()


def read_notices(world: World) -> None:
    """What is older than two days has been read, or handed on by telephone."""
    old = now() - timedelta(days=2)
    for user in world.staff.values():
        for notice in (*notices.unread(user), *notices.to_hand_on(user.office)):
            if notice.made_at < old:
                notices.mark_read(notice, by=Actor(user=user))


def _turnout(part: Part, on: date) -> activities.Turnout:
    return activities.Turnout(
        on=on,
        persons=part.persons,
        attendances=max(part.attendances, part.persons),
        has_name_list=part.has_name_list,
        pairs=part.pairs,
        summary=part.summary or "",
    )
