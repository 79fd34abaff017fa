"""Every page for every role: who comes in, who is sent to log in, what is not found, over the demo county.

A page that is missing in the table fails; so does one that changes something by being looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from matcher.db import Base, db
from matcher.models import (
    Case,
    Enterprise,
    Expert,
    LogEntry,
    Menu,
)
from tests.conftest import copied_demo
from tests.pages import forms_of
from tests.texts import catalog
from tests.visitors import VISITORS, Site, outcome

#: 2 the page · L led to the log-in · > led elsewhere · X not allowed · - not found
PAGES = """
admin.accounts         LXXXX2XXXX
admin.competence       LXXXX2XXXX
admin.golden           LXXXX2XXXX
admin.home             LXXXX2XXXX
admin.lexicon          LXXXX2XXXX
admin.log              LXXXX22XXX
admin.new_competence   LXXXX2XXXX
admin.replays          LXXXX22XXX
admin.try_matcher      LXXXX2XXXX
admin.weights          LXXXX2XXXX
admin.words            LXXXX2XXXX
assets.htmx            2222222222
auth.login             2222222222
auth.open_expert_link  ----------
auth.password          L222222222
bootstrap.static       2222222222
desk.add_expert        L2XXX2XX22
desk.alike             L22222XX2-
desk.card_draft        L2XXXXXX2-
desk.cards             L22222XX22
desk.complaints        L22XXXXX22
desk.enterprise        L22222XX2-
desk.enterprises       L22222XX22
desk.expert            L22222XX2-
desk.expert_link       L2XXX2XX2-
desk.experts           L22222XX22
desk.file              L22222XX2-
desk.file_menu         L2XXXXXX22
desk.find_enterprises  L22222XX22
desk.find_lead         L2XXXXXX2-
desk.group             L22222XX2-
desk.groups            L22222XX22
desk.import_progress   L2XXX2XX2-
desk.lead              L22222XX2-
desk.lead_file         L22222XX2-
desk.leads             L22222XX22
desk.loans_page        L22222XX22
desk.look_at_import    L2XXX2XX2-
desk.menu_link         L2XXXXXX2-
desk.notices           L22222XX22
desk.poster            L22222XX22
desk.problem           L22222XX2-
desk.qr                L22222XX22
desk.qr_download       L22222XX22
desk.queue             L22222XX22
desk.record            L22222XX22
desk.search            L22222XX22
desk.sheet             L22222XX2-
desk.upload            L2XXX2XX22
expert.case            LLLLLLL2LL
expert.file            LLLLLLL2LL
expert.home            LLLLLLL2LL
expert.me              LLLLLLL2LL
expert.offer           LLLLLLL2LL
expert.offer_file      LLLLLLL2LL
expert.sheet           LLLLLLL2LL
follow.file            2222222222
follow.menu            2222222222
public.about           2222222222
public.complaint       2222222222
public.help            2222222222
public.home            2222222222
public.order           2222222222
public.paper           L>>>>>>>>-
public.posted          >>>>>>>>>>
public.privacy         2222222222
reports.activities     L2222XXX22
reports.activity       L2222XXX2-
reports.brief_file     L222XXXX22
reports.brief_template L2222XXX22
reports.case_of        L>>>>XXX>-
reports.download       L2222XXX22
reports.figures        L2222XXX22
reports.follow_up_list L2222XXX22
reports.frozen_lines   L2222X2X2-
reports.ledger         L2222XXX22
reports.ledger_case    L2222XXX2-
reports.ledger_file    L222XXXX22
reports.lines          L2222XXX22
reports.overview       L2222XXX22
reports.plan_activity  L2XXXXXX22
reports.template_file  L2222XXX22
reports.version        L2222X2X2-
reports.version_file   L2222X2X2-
reports.versions       L2222X2X22
static                 2222222222
"""


def table() -> dict[str, str]:
    return dict(line.split() for line in filter(str.strip, PAGES.splitlines()))


@dataclass(frozen=True)
class Look:
    """What one visitor got for one page."""

    page: str
    address: str
    visitor: str
    outcome: str
    answer: TestResponse

    @property
    def text(self) -> str:
        """The page as it was read; nothing for pictures and files."""
        return self.answer.text if self.answer.mimetype == "text/html" else ""


@pytest.fixture(scope="module")
def site(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo and everybody before it."""
    folder = tmp_path_factory.mktemp("walk") / "demo"
    with copied_demo(demo_folder, folder) as app:
        yield Site(app)


@pytest.fixture(scope="module")
def looks(site: Site) -> list[Look]:
    """Everybody looks at everything, once."""
    before = everything(site.app)
    found = []
    for page, address in site.pages():
        for visitor in VISITORS:
            answer = site.look(visitor, address)
            found.append(Look(page, address, visitor, outcome(answer), answer))
    after = everything(site.app)
    site.changed = [name for name, rows in after.items() if rows != before[name]]
    return found


def everything(app: Flask) -> dict[str, int]:
    """Every row of every table, in short; without the counters of the throttle."""
    with app.app_context():
        tables = [
            select(table) for table in Base.metadata.sorted_tables if table.name not in ("attempts", "log_entries")
        ]
        # A download is logged, and that is all.
        tables.append(select(LogEntry.__table__).where(LogEntry.verb.not_like("export.%")))
        return {str(table): hash(str(db.session.execute(table).all())) for table in tables}


def test_every_page_opens_for_those_it_is_for_and_for_nobody_else(looks: list[Look]) -> None:
    expected, wrong = table(), []
    for name, some in groupby(looks, key=lambda look: (look.page, look.address)):
        got = "".join(look.outcome for look in some)
        if got != expected.get(name[0], "not in the table"):
            wrong.append(f"{name[0]:22} {got}   ({name[1]}; expected {expected.get(name[0], 'a row in this table')})")
    assert wrong == [], "\n" + "\n".join(wrong)


def test_looking_changes_nothing(site: Site, looks: list[Look]) -> None:
    assert len(looks) > 500
    assert site.changed == []


def test_the_table_names_no_page_that_is_gone(looks: list[Look]) -> None:
    assert set(table()) == {look.page for look in looks}


def test_no_link_leads_to_a_page_that_its_reader_may_not_open(site: Site, looks: list[Look]) -> None:
    refused = {(look.page, look.visitor) for look in looks if look.outcome == "X"}
    signposts = site.app.url_map.bind("localhost")
    wrong = set()
    for look in looks:
        for address in re.findall(r'<a [^>]*href="(/[^"?#]*)', look.text if look.outcome == "2" else ""):
            page = signposts.match(address)[0]
            if (page, look.visitor) in refused:
                wrong.add(f"{look.visitor} at {look.page}: {address}")
    assert not wrong, "\n" + "\n".join(sorted(wrong))


def test_every_page_of_staff_with_a_form_or_a_list_has_its_help(looks: list[Look]) -> None:
    wrong = set()
    for look in looks:
        main = look.text.partition("<main")[2].partition("</main>")[0]
        is_staff = look.page.startswith(("desk.", "reports.", "admin.")) and look.outcome == "2"
        is_work = "<form" in main or 'class="list"' in main or 'class="empty"' in main
        if is_staff and is_work and '<details class="help' not in main:
            wrong.add(look.page)
    assert not wrong, sorted(wrong)


def test_no_number_of_the_demo_stands_in_full_on_a_page(site: Site, looks: list[Look]) -> None:
    with site.app.app_context():
        case = db.session.get_one(Case, site.things["case_id"])
        told = {case.problem.menu.phone, case.problem.enterprise.phone}
        numbers = {
            phone
            for noun in (Expert, Enterprise, Menu)
            for phone in db.session.scalars(select(noun.phone).where(noun.phone.is_not(None)))
        }
    assert len(numbers) > 50
    wrong = [
        f"{look.visitor} at {look.page}: {found}"
        for look in looks
        for found in re.findall(r"(?<!\d)1\d{10}(?!\d)", look.text)
        if found in numbers and not (look.page.startswith("expert.") and found in told)
    ]
    assert wrong == []
    own = [look for look in looks if (look.page, look.visitor) == ("expert.case", "expert")]
    assert any(phone in own[0].text for phone in told), "who accepted sees whom to call"


def test_every_answer_carries_the_strict_policy_and_every_page_keeps_it(looks: list[Look]) -> None:
    for look in looks:
        policy = look.answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "http" not in policy
        assert look.answer.headers["X-Content-Type-Options"] == "nosniff"
        for banned in (" style=", "<style", "onclick=", "onchange=", "onsubmit=", "javascript:", "<script>"):
            assert banned not in look.text, (look.page, banned)
        outside = re.findall(r'(?:src|href|action)="(https?://[^"]+)', look.text)
        assert [address for address in outside if not address.startswith("http://localhost/")] == [], look.page


def test_every_form_that_changes_something_carries_its_token(looks: list[Look]) -> None:
    for look in looks:
        for form in forms_of(look.text):
            assert form.method == "get" or form.values.get("csrf_token"), (look.page, form.action)


def test_readers_of_english_find_no_chinese_text_of_ours(site: Site) -> None:
    # What has no translation yet is told by tests.texts; here: what has one, and is shown in Chinese all the same.
    sources = {str(m.id) for m in catalog() if m.string and len(m.id) > 1 and "%" not in m.id}
    assert len(sources) > 1_000
    wrong = set()
    for visitor in ("dispatcher", "admin", "expert", "stranger"):
        site.look(visitor, "/?lang=en")
        for page, address in site.pages():
            answer = site.look(visitor, address)
            if answer.mimetype == "text/html" and outcome(answer) == "2":
                pieces = {piece.strip() for piece in re.split(r"<[^>]+>", answer.text)}
                wrong |= {f"{page}: {piece}" for piece in pieces & sources}
        site.look(visitor, "/?lang=zh")
    assert not wrong, "\n" + "\n".join(sorted(wrong))
