"""The whole story in a real browser: a menu with two problems is posted, an expert is sent, the county reports."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from matcher.db import db, today
from matcher.models import Problem, ProblemState
from tests.browser.visitor import Site, Visitor

pytestmark = pytest.mark.browser

WORDS = "除盐水流量异常，流量计读数忽高忽低，自己的技术员修了几次都没修好。另外配电柜内电缆头温度偏高，怕出事。"


@pytest.mark.parametrize(
    ("width", "language", "scripts"),
    [(390, "zh", True), (1280, "zh", True), (390, "en", True), (390, "zh", False)],
    ids=["phone", "desktop", "english", "without-scripts"],
)
def test_a_menu_with_two_problems_is_posted_solved_confirmed_and_reported(
    site: Site, visitor, width: int, language: str, scripts: bool
) -> None:
    stranger: Visitor = visitor(width, scripts=scripts)
    stranger.speak(language)
    link = post_menu(stranger)
    desk: Visitor = visitor(max(width, 390), scripts=scripts)
    desk.speak(language)
    desk.log_in("dispatcher")
    desk.check_page()
    expert: Visitor = visitor(390, scripts=scripts)
    expert.speak(language)
    for number, problem_id in enumerate(problem_ids(site)):
        send_expert(desk, problem_id)
        if number == 0:
            expert.go(expert_link(desk))
        solve(expert, site, problem_id)
        confirm(stranger, link, problem_id)
    adopt_benefits(desk, site)
    report(desk)
    for window in (stranger, desk, expert):
        window.check_quiet()


def post_menu(stranger: Visitor) -> str:
    """A stranger with a phone; an empty form first, which keeps what was typed."""
    stranger.go("/order")
    stranger.check_page()
    stranger.fill(text=WORDS)
    stranger.press("main form button[type=submit]")
    expect(stranger.page.locator("[name=text]")).to_have_value(WORDS)
    expect(stranger.page.locator(".error-summary")).to_be_visible()
    stranger.check_page()
    stranger.fill(phone="１３８１２３４５６７８", firm="阜宁县金一新能源科技有限公司")
    stranger.press("main form button[type=submit]")
    items = stranger.page.locator("textarea[name^='item-']:not([name='item-new'])")
    expect(items).to_have_count(2)
    assert items.nth(0).input_value() in WORDS
    assert "电缆头" in items.nth(1).input_value()
    stranger.check_page()
    stranger.press("button[name=send]")
    stranger.check_page()
    assert re.search(r"320923-\d{4}-\d{4}", stranger.text())
    link = stranger.page.locator("#copy-text").input_value()
    stranger.go(link)
    stranger.check_page()
    return link


def problem_ids(site: Site) -> list[int]:
    with site.app.app_context():
        return list(db.session.scalars(select(Problem.id).order_by(Problem.id)))


def send_expert(desk: Visitor, problem_id: int) -> None:
    """Accept, look at the reasons, send the first who is proposed."""
    desk.go(f"/desk/problems/{problem_id}")
    desk.check_page()
    desk.page.locator("[name='classify-is_insured']").check()
    desk.press("[name='classify-accept']")
    first = desk.page.locator(".proposal").first
    expect(first).to_contain_text("周州")
    expect(desk.page.locator(".proposal mark, .words mark")).not_to_have_count(0)
    desk.check_page()
    desk.press(".proposal form button[type=submit]")
    desk.check_page()


def expert_link(desk: Visitor) -> str:
    """The personal link that the desk hands on."""
    desk.go("/desk/experts?q=zz")
    desk.follow("main table a", "周州")
    desk.check_page()
    desk.follow("a[href$='/link']")
    desk.press("form[action$='/link'] button")
    desk.check_page()
    found = re.search(r"http\S+/e/\S+", desk.page.locator("textarea.copy").first.input_value())
    assert found is not None
    return found[0]


def solve(expert: Visitor, site: Site, problem_id: int) -> None:
    """Yes, contact, visit, diagnosis, fix, training, benefit, close; the phone number shows after the yes."""
    expert.go("/expert/")
    expert.check_page()
    expert.follow("a[href*='/expert/offers/']")
    assert "13812345678" not in expert.text()
    expert.check_page()
    expert.send("/accept")
    assert "13812345678" in expert.text()
    expert.check_page()
    expert.send("/contact")
    expert.send("/visit", on=today().isoformat(), hours="2.5", note="现场查看")
    expert.send("/diagnosis", methods="参数设置检查、数据收集分析、量值溯源", cause="")
    expect(expert.page.locator("[name=methods]")).to_have_value("参数设置检查、数据收集分析、量值溯源")
    expert.send("/diagnosis", methods="参数设置检查、数据收集分析、量值溯源", cause="接线端子松动")
    expert.send("/fix", measures="重新压接", verification="温度恢复正常")
    expert.send("/training", persons="5", attendances="6")
    expert.send("/benefit", kind="saving", per="once", amount="12000", baseline="与停机相比")
    expert.check_page()
    expert.send("/close", outcome="solved", text="恢复正常")
    with site.app.app_context():
        assert db.session.get_one(Problem, problem_id).state is ProblemState.SOLVED


def confirm(stranger: Visitor, link: str, problem_id: int) -> None:
    """By the follow link, with the last four digits; a wrong digit loses nothing."""
    stranger.go(link)
    stranger.check_page()
    end = f"/problems/{problem_id}/confirm"
    stranger.send(end, digits="0000", rating="5", words="非常感谢周师傅")
    expect(stranger.form(end).locator("[name=words]")).to_have_value("非常感谢周师傅")
    stranger.send(end, digits="5678", rating="5", words="非常感谢周师傅")
    expect(stranger.form(end)).to_have_count(0)
    stranger.check_page()


def adopt_benefits(desk: Visitor, site: Site) -> None:
    """The office takes the expert's statement as the estimate."""
    desk.go("/reports/ledger")
    desk.check_page()
    for case_id in (1, 2):
        desk.go(f"/reports/ledger/cases/{case_id}")
        desk.check_page()
        desk.press("form[action$='/adopt'] button[type=submit]")


def report(desk: Visitor) -> None:
    """The county's figures, and the list behind one of them."""
    desk.go("/reports/?period=month")
    desk.check_page()
    brief = desk.page.locator("#brief-text").inner_text()
    assert "走进企业1家" in brief
    assert "解决技术和管理难题2个" in brief
    assert "一次性2.4万元" in brief
    desk.follow("#brief-text a[href*='/lines/solved']")
    expect(desk.page.locator("main tbody tr")).to_have_count(2)
    desk.check_page()
    for path in (
        "/reports/versions",
        "/reports/overview",
        "/reports/activities",
        "/desk/notices",
        "/desk/search?q=5678",
    ):
        desk.go(path)
        desk.check_page()
