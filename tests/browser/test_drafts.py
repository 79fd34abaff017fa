"""Drafts on the phone, in a real browser: typed without a signal, sent later, merged field by field, errors shown."""

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from matcher.db import db
from matcher.models import Actor, Case, CaseState, Expert, Outcome
from matcher.services import cases, experts, links
from tests.factories import make_case, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The application on a port of its own; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def work(app: Flask) -> tuple[int, str]:
    """A case that is at work, and the personal link of its expert."""
    with app.app_context():
        case = make_case(CaseState.OPENED)
        token = links.mint_for_expert(case.experts[0])
        db.session.commit()
        return case.id, token


@pytest.fixture
def phone(browser: Browser, site: str, work: tuple[int, str]) -> Iterator[Page]:
    """The expert's phone, on the page of the case."""
    context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"/e/{work[1]}")
    page.goto(f"/expert/cases/{work[0]}")
    yield page
    context.close()


def write_diagnosis(page: Page, *, methods: str = "量了接头电阻", cause: str = "接头氧化") -> None:
    page.locator("#diagnosis > summary").click()
    page.fill("#diagnosis [name=methods]", methods)
    page.fill("#diagnosis [name=cause]", cause)


def press(page: Page) -> None:
    page.locator("#diagnosis button[type=submit]").click()


def causes(app: Flask, case_id: int) -> list[str]:
    with app.app_context():
        return [d.cause for d in db.session.get(Case, case_id).diagnoses]


def test_what_is_written_without_a_signal_is_sent_when_it_is_back(
    app: Flask, phone: Page, work: tuple[int, str]
) -> None:
    write_diagnosis(phone)
    phone.context.set_offline(True)
    press(phone)
    expect(phone.locator("#outbox li")).to_contain_text("诊断")
    assert causes(app, work[0]) == []
    phone.context.set_offline(False)
    expect(phone.locator("main .note.good")).to_contain_text("已提交：诊断")
    expect(phone.locator("#outbox")).to_have_count(0)
    assert causes(app, work[0]) == ["接头氧化"]
    expect(phone.locator("#diagnosis [name=cause]")).to_have_value("")


def test_a_draft_is_there_again_after_the_page_was_closed(phone: Page, work: tuple[int, str]) -> None:
    write_diagnosis(phone)
    phone.goto("/expert/")
    phone.goto(f"/expert/cases/{work[0]}")
    expect(phone.locator("#diagnosis [name=cause]")).to_have_value("接头氧化")
    expect(phone.locator("#diagnosis .draft-note")).to_be_visible()
    press(phone)
    expect(phone.locator("main .note.good")).to_contain_text("诊断已记录")
    expect(phone.locator("#diagnosis [name=cause]")).to_have_value("")


def test_what_the_server_refuses_stays_on_the_phone_and_says_why(
    app: Flask, phone: Page, work: tuple[int, str]
) -> None:
    write_diagnosis(phone, cause="")
    phone.context.set_offline(True)
    press(phone)
    expect(phone.locator("#outbox li")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.locator("#outbox li")).to_contain_text("请写下查出的原因")
    assert causes(app, work[0]) == []


def test_what_is_no_longer_possible_is_told_and_not_lost(app: Flask, phone: Page, work: tuple[int, str]) -> None:
    write_diagnosis(phone)
    phone.context.set_offline(True)
    press(phone)
    expect(phone.locator("#outbox li")).to_be_visible()
    with app.app_context():
        case = db.session.get(Case, work[0])
        cases.close_case(case, Outcome.UNSOLVED, by=Actor(user=make_user()))
        db.session.commit()
    phone.context.set_offline(False)
    expect(phone.locator("#outbox li")).to_contain_text("这一步现在不能提交了")
    assert causes(app, work[0]) == []


def correct(app: Flask, **values: str) -> None:
    """Somebody corrects the record while the phone has no signal."""
    with app.app_context():
        expert = db.session.scalars(select(Expert)).one()
        experts.correct(expert, values, by=Actor(user=make_user()))
        db.session.commit()


def test_two_who_change_different_fields_both_keep_theirs(app: Flask, phone: Page) -> None:
    phone.goto("/expert/me")
    phone.fill("#m-title", "班长")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="保存", exact=True).click()
    expect(phone.locator("#outbox li")).to_be_visible()
    correct(app, employer="示例新单位")
    phone.context.set_offline(False)
    expect(phone.locator("main .note.good")).to_be_visible()
    with app.app_context():
        expert = db.session.scalars(select(Expert)).one()
        assert (expert.title, expert.employer) == ("班长", "示例新单位")


def test_two_who_change_the_same_field_are_shown_both(app: Flask, phone: Page) -> None:
    phone.goto("/expert/me")
    phone.fill("#m-title", "班长")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="保存", exact=True).click()
    expect(phone.locator("#outbox li")).to_be_visible()
    correct(app, title="车间主任")
    phone.context.set_offline(False)
    expect(phone.locator("#outbox li")).to_contain_text("班长")
    with app.app_context():
        assert db.session.scalars(select(Expert)).one().title == "车间主任"
    phone.goto("/expert/me")
    expect(phone.locator("#m-title")).to_have_value("车间主任")
    expect(phone.locator(".draft-note")).to_contain_text("班长")


def test_without_scripts_the_form_is_a_form(browser: Browser, site: str, app: Flask, work: tuple[int, str]) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/e/{work[1]}")
    page.goto(f"/expert/cases/{work[0]}")
    write_diagnosis(page)
    press(page)
    expect(page.locator("main .note.good")).to_contain_text("诊断已记录")
    assert causes(app, work[0]) == ["接头氧化"]
    context.close()


def test_passwords_and_proofs_are_never_kept(app: Flask, phone: Page) -> None:
    with app.app_context():
        make_user(login="disp")
        closed = make_case(CaseState.CLOSED)
        token = links.mint_for_menu(closed.problem.menu)
        db.session.commit()
    kept = "JSON.stringify({...localStorage})"
    phone.goto("/login")
    phone.fill("[name=login]", "disp")
    phone.fill("[name=password]", "Secret-2026")
    assert phone.evaluate(kept) == "{}"
    phone.goto(f"/f/{token}/")
    phone.fill("[name=words] >> nth=0", "很满意")
    phone.fill("[name=digits]", "8000")
    assert "很满意" in phone.evaluate(kept)
    assert "8000" not in phone.evaluate(kept)
    phone.reload()
    expect(phone.locator("[name=digits]")).to_have_value("")
