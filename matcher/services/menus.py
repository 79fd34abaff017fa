"""Posting a menu: one text, split into problems that keep the enterprise's exact words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from matcher.db import db, now
from matcher.errors import BadInput
from matcher.models import Actor, ClockStep, Enterprise, Menu, MenuChannel, Office, Problem, ProblemState
from matcher.plain.phones import normalise
from matcher.services import clocks, notices
from matcher.services.history import record
from matcher.services.numbers import next_number

#: More than any real menu; a longer one is a spreadsheet and has its own page.
MOST_PROBLEMS = 20
#: Longest text of one problem; the whole menu may be as long as its problems together.
LONGEST = 10_000
TITLE = 30
#: How people go on to the next of several problems: an enumeration or a connective.
_TIE = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．](?!\d)\s*|第[一二三四五六七八九十][，,、]|"
    r"(?:另外|此外|还有(?:就是)?|再就是|再有|其次|同时|以及|然后)(?:，|,|、|：)?)+"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One problem as it is posted. `title` may be empty: the first words then serve."""

    text: str
    title: str = ""
    urgency: str = "normal"
    site_risks: Sequence[str] = ()
    reporting_kind: str | None = None
    problem_kind: str | None = None
    industry: str | None = None
    classified: dict[str, object] = field(default_factory=dict)


def post_menu(
    office: Office,
    enterprise: Enterprise,
    items: Sequence[Item],
    *,
    text: str,
    channel: MenuChannel,
    by: Actor,
    phone: str | None = None,
    contact_name: str = "",
    firm_as_written: str = "",
    town: str = "",
    external_id: str | None = None,
    posted_at: datetime | None = None,
) -> Menu:
    """Post what an enterprise asks: a numbered menu with its problems, each waiting to be accepted.

    `text` is what was said as a whole; raises BadInput where there is nothing in it or too much.
    `posted_at` is the day a ledger names; the clocks count from now all the same.
    """
    _check(items)
    menu = Menu(
        number=next_number(office, "menu"),
        office=office,
        enterprise=enterprise,
        channel=channel,
        text=text,
        firm_as_written=firm_as_written or enterprise.name,
        contact_name=contact_name or None,
        town=town or enterprise.town,
        external_id=external_id,
        is_sample=enterprise.is_sample,
        filed_by_id=by.user.id if by.user else None,
        posted_at=posted_at or now(),
    )
    menu.set_phone(normalise(phone) if phone else enterprise.phone)
    db.session.add(menu)
    for position, item in enumerate(items, start=1):
        add_problem(menu, item, position=position, by=by)
    record(by, "menu.post", menu, channel=channel, problems=len(items))
    if by.user is None:
        notices.tell_office(office, "menu", f"收到新菜单 {menu.number}", f"{menu.firm_as_written}：{text[:120]}")
    return menu


def add_problem(menu: Menu, item: Item, *, position: int, by: Actor) -> Problem:
    """Put one more problem on a menu and start the clock of its acceptance."""
    problem = Problem(
        number=f"{menu.number}-{position}",
        menu=menu,
        position=position,
        office=menu.office,
        owner_office=menu.office,
        state=ProblemState.SUBMITTED,
        title=item.title.strip() or short_title(item.text),
        text=item.text,
        urgency=item.urgency,
        site_risks=list(item.site_risks),
        reporting_kind=item.reporting_kind,
        problem_kind=item.problem_kind,
        industry=item.industry or menu.enterprise.industry,
        classified=dict(item.classified),
        is_sample=menu.is_sample,
        submitted_at=menu.posted_at,
    )
    db.session.add(problem)
    record(by, "problem.submit", problem)
    clocks.start(problem, ClockStep.ACCEPT)
    return problem


def short_title(text: str) -> str:
    """The first clause of a text, as a title for lists; without what tied it to the clause before."""
    line = text.strip().splitlines()[0] if text.strip() else ""
    line = _TIE.sub("", line) or line
    for mark in "。；;！!？?":
        line = line.split(mark)[0]
    return line if len(line) <= TITLE else line[: TITLE - 1] + "…"


def _check(items: Sequence[Item]) -> None:
    if not items or not all(item.text.strip() for item in items):
        raise BadInput("请写下遇到的难题。", field="text")
    if len(items) > MOST_PROBLEMS:
        raise BadInput("一次最多提 %(most)d 个难题，请分几次填写。", field="text", most=MOST_PROBLEMS)
    if any(len(item.text) > LONGEST for item in items):
        raise BadInput("一个难题最多写 %(most)d 个字。", field="text", most=LONGEST)
