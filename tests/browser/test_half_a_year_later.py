"""From closing a case to the follow-up six months later, and the city's summary: a real browser and a moving clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from playwright.sync_api import expect
from sqlalchemy import select

from matcher import jobs
from matcher.db import db
from matcher.models import Case, CaseState, Enterprise, Expert, FollowUp, Problem
from matcher.services import links, problems
from tests.browser.visitor import Site, Visitor
from tests.factories import make_menu, staff, work_on

pytestmark = pytest.mark.browser

#: The browser's own clock cannot be moved, and it forgets cookies that are past: the story begins today.
CLOSED = datetime.now(UTC)
HALF = f"{CLOSED.year}H{1 if CLOSED.month <= 6 else 2}"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(CLOSED, tick=True) as traveller:
        yield traveller


def test_what_became_of_it_is_asked_for_and_the_city_sees_the_county(
    clock: time_machine.Traveller, site: Site, visitor
) -> None:
    expert_link, follow_link = fixed_case(site)
    expert: Visitor = visitor(390)
    expert.go(expert_link).go("/expert/cases/1")
    expert.send("/benefit", kind="saving", per="year", amount="60000", evidence_grade="stamped_statement")
    expert.send("/close", outcome="solved")
    enterprise: Visitor = visitor(390)
    enterprise.go(follow_link)
    enterprise.send("/problems/1/confirm", digits="1003", rating="5")
    desk: Visitor = visitor(1280)
    desk.log_in("dispatcher")
    desk.go("/reports/ledger/cases/1")
    desk.press("form[action$='/adopt'] button[type=submit]")

    for days in (100, 200):
        clock.move_to(CLOSED + timedelta(days=days))
        jobs.tick(site.app)
        desk.log_in("dispatcher")
        desk.go("/reports/follow-ups")
        desk.check_page()
        assert "示例种子有限公司" in desk.text()
        answer_follow_up(enterprise, follow_link)
    with site.app.app_context():
        answered = db.session.scalars(select(FollowUp).where(FollowUp.answered_on.is_not(None))).all()
        assert [(one.months, one.result) for one in answered] == [(3, "implemented"), (6, "implemented")]
        db.session.remove()

    county_hands_in(visitor(1280))
    city_takes(visitor(1280))
    for window in (expert, enterprise, desk):
        window.check_quiet()


def fixed_case(site: Site) -> tuple[str, str]:
    """A case whose fix is recorded; the expert's and the enterprise's personal links."""
    with site.app.app_context():
        by = staff()
        expert = db.session.scalars(select(Expert).filter_by(name="周州")).one()
        firm = db.session.scalars(select(Enterprise)).one()
        problem: Problem = make_menu("配电柜电缆头温度偏高。", enterprise=firm).problems[0]
        problems.accept(problem, by=by)
        case: Case = work_on(problem, CaseState.FIXED, by=by, expert=expert)
        assert case.id == 1
        expert_link, follow_link = links.mint_for_expert(expert), links.mint_for_menu(problem.menu)
        db.session.commit()
        db.session.remove()
    return f"/e/{expert_link}", f"/f/{follow_link}/"


def answer_follow_up(enterprise: Visitor, link: str) -> None:
    """It is in use, and what it is worth now."""
    enterprise.go(link)
    enterprise.check_page()
    enterprise.send("/problems/1/follow-up", result="implemented", reason="一直正常", amount="65000", kind="saving")


def county_hands_in(window: Visitor) -> None:
    """The writer drafts the half-year's report; a wrong number is refused, the right text goes through."""
    window.log_in("writer")
    window.go(f"/reports/?period={HALF}")
    window.press("form[action$='/versions'] button[type=submit]")
    window.check_page()
    text = window.page.locator("[name=paragraph]").input_value()
    assert "解决技术和管理难题1个" in text
    window.page.fill("[name=paragraph]", text.replace("难题1个", "难题60余个"))
    window.press("button[name=submit]")
    expect(window.page.locator(".error-summary")).to_be_visible()
    window.page.fill("[name=paragraph]", text)
    window.press("button[name=submit]")
    expect(window.page.locator("[name=paragraph]")).to_have_count(0)
    window.check_page()


def city_takes(window: Visitor) -> None:
    """The city's summary: who is missing, the county's numbers, taken with one press."""
    window.log_in("city")
    window.go(f"/reports/versions?period={HALF}")
    window.check_page()
    assert "还没有提交" in window.text()
    window.follow("main tbody a", "已提交")
    window.press("form[action$='/take'] button[type=submit]")
    assert "已接收" in window.text()
    window.go(f"/reports/?period={HALF}")
    window.check_page()
    row = window.page.locator("main tr", has_text="阜宁").first
    expect(row).to_contain_text("1")
