"""What real data needs on the first day: tokens, throttles, locks, sessions, a log that stays, escaped words."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from matcher.db import db, now, today
from matcher.models import Actor, CaseState, LogEntry, ProblemState, Role, User
from matcher.plain.periods import parse
from matcher.services import accounts, links
from matcher.services.accounts import LOCKED_FOR, MOST_FAILURES
from matcher.services.figures import Scope, measure
from matcher.services.figures.table import as_csv
from tests.conftest import _make_app, _put_away
from tests.factories import PASSWORD, make_case, make_enterprise, make_expert, make_office, make_problem, make_user
from tests.pages import form_to, log_in, send


@pytest.fixture
def strict(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The site as it runs for real: tokens demanded, limits counted."""
    real = _make_app(tmp_path, app.config["SQLALCHEMY_DATABASE_URI"], WTF_CSRF_ENABLED=True, RATELIMIT_ENABLED=True)
    yield real
    _put_away(real)


def post_rules(app: Flask) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    chosen = [re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule) for rule in rules]
    return sorted(re.sub(r"<(?:[^:<>]+:)?\w+>", "1", rule) for rule in chosen)


def counted(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(LogEntry)) or 0


def test_no_form_is_taken_without_its_token(strict: Flask) -> None:
    with strict.app_context():
        make_user(Role.DISPATCHER, Role.ADMIN, Role.WRITER, Role.VERIFIER, login="all")
        make_case(CaseState.OPENED)
        db.session.commit()
    client = strict.test_client()
    log_in(client, "all")
    before = counted(strict)
    rules = post_rules(strict)
    assert len(rules) > 60
    for rule in rules:
        assert client.post(rule, data={"form_key": "x", "reason": "x"}).status_code == 400, rule
    assert counted(strict) == before


def test_a_token_of_another_browser_is_no_token(strict: Flask) -> None:
    with strict.app_context():
        make_user(login="mine")
        db.session.commit()
    client = strict.test_client()
    foreign = form_to(strict.test_client().get("/login").text, "").values
    client.get("/login")
    assert client.post("/login", data={**foreign, "login": "mine", "password": PASSWORD}).status_code == 400


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_no_crafted_link_leads_elsewhere_after_the_log_in(app: Flask, client: FlaskClient, there: str) -> None:
    with app.app_context():
        make_user(login="mine")
        db.session.commit()
    answer = client.post("/login", data={"login": "mine", "password": PASSWORD, "next": there})
    assert answer.location == "/desk/"
    assert client.post("/large-type", data={"next": there}).location == "/"


@pytest.mark.parametrize(("address", "most"), [("/login", 20), ("/complaint", 10), ("/order", 40)])
def test_public_forms_are_throttled_in_words(strict: Flask, address: str, most: int) -> None:
    client = strict.test_client()
    data = form_to(client.get(address).text, "").values
    answers = [client.post(address, data=data).status_code for _ in range(most + 2)]
    assert answers == [422 if address != "/login" else 200] * most + [429] * 2
    assert "操作太频繁" in client.post(address, data=data).text


def test_the_digits_of_a_confirmation_cannot_be_guessed(strict: Flask) -> None:
    with strict.app_context():
        case = make_case(CaseState.CLOSED)
        problem_id, token = case.problem_id, links.mint_for_menu(case.problem.menu)
        db.session.commit()
    client = strict.test_client()
    end = f"/problems/{problem_id}/confirm"
    answers = [send(client, f"/f/{token}/", end, digits=f"{n:04d}").status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2


def test_five_wrong_passwords_lock_the_account_for_a_while(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="mine")
        db.session.commit()

    def tries(password: str) -> int:
        return client.post("/login", data={"login": "mine", "password": password}).status_code

    assert [tries("Wrong-1234") for _ in range(MOST_FAILURES)] == [422] * MOST_FAILURES
    assert tries(PASSWORD) == 422, "locked: the right password does not help"
    with app.app_context():
        verbs = db.session.scalars(select(LogEntry.verb).where(LogEntry.verb.like("login%"))).all()
        assert sorted(verbs) == ["login.failed"] * MOST_FAILURES + ["login.locked"]
    with time_machine.travel(now() + LOCKED_FOR + timedelta(seconds=5)):
        assert tries(PASSWORD) == 302


def test_a_stranger_learns_nothing_from_the_log_in(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="known")
        db.session.commit()
    said = [
        re.sub(r'value="[^"]*"', "", client.post("/login", data={"login": login, "password": "Wrong-1234"}).text)
        for login in ("known", "nobody")
    ]
    assert said[0] == said[1]


def test_a_session_ends_with_the_password_the_account_and_the_log_out(app: Flask) -> None:
    def opens(browser: FlaskClient) -> bool:
        return browser.get("/desk/").status_code == 200

    with app.app_context():
        make_user(login="mine")
        db.session.commit()
    first, second = app.test_client(), app.test_client()
    for browser in (first, second):
        log_in(browser, "mine")
    assert opens(first)
    assert opens(second)
    answer = send(first, "/password", "", current=PASSWORD, new="Sheyang-2027", again="Sheyang-2027")
    assert answer.status_code == 302
    assert opens(first)
    assert not opens(second), "changed elsewhere"
    with app.app_context():
        user = db.session.scalars(select(User).filter_by(login="mine")).one()
        accounts.set_active(user, False, by=Actor.system())
        db.session.commit()
    assert not opens(first), "closed"


def test_a_first_password_is_changed_before_anything_else(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="new", must_change=True)
        db.session.commit()
    client.post("/login", data={"login": "new", "password": PASSWORD})
    assert client.get("/desk/").location == "/password"
    assert send(client, "/password", "", current=PASSWORD, new=PASSWORD, again=PASSWORD).status_code == 422
    assert send(client, "/password", "", current=PASSWORD, new="simple", again="simple").status_code == 422
    assert send(client, "/password", "", current=PASSWORD, new="Sheyang-2027", again="Sheyang-2027").status_code == 302
    assert client.get("/desk/").status_code == 200


def test_passwords_are_kept_as_argon2_only(app: Flask) -> None:
    with app.app_context():
        make_user(login="mine")
        db.session.commit()
        kept = db.session.scalars(select(User.password_hash)).one()
    assert kept.startswith("$argon2id$")


@pytest.mark.parametrize("what", ["UPDATE log_entries SET verb = 'x'", "DELETE FROM log_entries"])
def test_the_database_refuses_to_change_the_log(app: Flask, what: str) -> None:
    with app.app_context():
        make_problem()
        db.session.commit()
        with pytest.raises(DBAPIError):
            db.session.execute(text(what))


def test_a_formula_typed_by_somebody_stays_text_in_a_spreadsheet(app: Flask) -> None:
    with app.app_context():
        office = make_office()
        office.name = "=HYPERLINK(1)"
        scope = Scope(office, parse("2026-01", today()))
        assert "'=HYPERLINK(1)" in as_csv(measure(scope), scope)


def test_what_people_write_is_escaped_on_every_page_that_shows_it(app: Flask, client: FlaskClient) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    with app.app_context():
        make_user(login="desk")
        problem = make_problem(ProblemState.ACCEPTED, enterprise=make_enterprise(f"示例厂{nasty}"))
        problem.title, problem.text = nasty, f"电缆头发热{nasty}"
        expert = make_expert(f"示例{nasty}", trade="电缆头", profile=f"电缆头发热{nasty}")
        token, problem_id = links.mint_for_menu(problem.menu), problem.id
        case = make_case(CaseState.CLOSED)
        case.diagnoses[0].cause = nasty
        db.session.commit()
        addresses = [f"/desk/problems/{number}" for number in (problem_id, case.problem_id)]
        addresses += [f"/f/{token}/", f"/desk/experts/{expert.id}", "/desk/", "/desk/experts"]
    log_in(client, "desk")
    for address in addresses:
        page = client.get(address).text
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address
