"""Phones and contacts are ciphertext, shown masked, revealed with a purpose; links are hashes that expire."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Text, cast, func, select, text

from matcher.db import Base, db, now
from matcher.models import Actor, LogEntry, Menu, PersonalLink, ProblemState
from matcher.models.sealing import SealedText
from matcher.plain.tokens import hash_token
from matcher.services import links
from tests.factories import make_enterprise, make_problem, make_user
from tests.pages import log_in, send

PHONE = "13911112222"


def counted(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(LogEntry)) or 0


def sealed_columns() -> list[Any]:
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    return [column for column in columns if type(column.type) is SealedText]


def test_every_phone_and_contact_is_ciphertext_in_the_database(demo: Flask) -> None:
    assert {f"{column.table.name}.{column.name}" for column in sealed_columns()} >= {
        "enterprises.phone",
        "enterprises.contact_name",
        "menus.phone",
        "menus.contact_name",
        "experts.phone",
        "notices.address",
        "complaints.phone",
    }
    plain: set[str] = set()
    with demo.app_context():
        for column in sealed_columns():
            opened = db.session.scalars(select(column).where(column.is_not(None)).order_by(column.table.c.id)).all()
            raw = db.session.scalars(select(cast(column, Text)).where(column.is_not(None))).all()
            assert not set(opened) & set(raw), column
            plain |= {value for value in opened if value.isdigit()}
        rows = "\n".join(str(row) for table in Base.metadata.sorted_tables for row in raw_rows(table.name))
    assert len(plain) > 50
    assert [number for number in plain if number in rows] == []


def raw_rows(table: str) -> Any:
    return db.session.execute(text(f"SELECT * FROM {table}"))


def test_a_number_is_shown_in_full_with_a_purpose_and_a_line_in_the_log(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="desk")
        menu = make_problem(enterprise=make_enterprise(phone=PHONE)).menu
        menu.set_phone(PHONE)
        number, problem_id = menu.id, menu.problems[0].id
        db.session.commit()
    log_in(client, "desk")
    page = client.get(f"/desk/problems/{problem_id}").text
    assert PHONE not in page
    assert "139****2222" in page
    assert client.post(f"/desk/reveal/menu/{number}").status_code == 422
    assert client.get(f"/desk/reveal/menu/{number}").status_code == 405
    shown = send(client, f"/desk/problems/{problem_id}", f"/reveal/menu/{number}")
    assert PHONE in shown.text
    with app.app_context():
        line = db.session.scalars(select(LogEntry).where(LogEntry.verb == "menu.reveal")).one()
        assert (line.user.login, line.subject_id, bool(line.facts["purpose"])) == ("desk", number, True)


def test_what_is_searched_by_phone_is_found_by_its_blind_index(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(login="desk")
        make_problem(enterprise=make_enterprise("示例磨具厂", phone=PHONE))
        db.session.commit()
    log_in(client, "desk")
    found = client.get(f"/desk/search?q={PHONE}").text
    assert "示例磨具厂" in found
    assert "示例磨具厂" not in client.get("/desk/search?q=13911112223").text


@pytest.fixture
def link(app: Flask) -> str:
    """The token of an enterprise's follow link."""
    with app.app_context():
        token = links.mint_for_menu(make_problem(ProblemState.SUBMITTED).menu)
        db.session.commit()
    return token


def test_a_link_is_kept_as_a_hash_only(app: Flask, link: str) -> None:
    with app.app_context():
        kept = db.session.scalars(select(PersonalLink.token_hash)).one()
        assert kept == hash_token(link) != link
        rows = "".join(str(row) for table in Base.metadata.sorted_tables for row in raw_rows(table.name))
    assert link not in rows
    assert len(link) >= 32


def test_an_expired_a_revoked_and_a_wrong_link_look_the_same(app: Flask, client: FlaskClient, link: str) -> None:
    address = f"/f/{link}/"
    assert client.get(address).status_code == 200
    with time_machine.travel(now() + timedelta(days=links.DAYS + 1)):
        expired = client.get(address)
    with app.app_context():
        links.revoke_links(db.session.scalars(select(Menu)).one(), by=Actor.system())
        db.session.commit()
    revoked, wrong = client.get(address), client.get("/f/this-is-no-link/")
    assert [answer.status_code for answer in (expired, revoked, wrong)] == [404] * 3
    texts = {re.sub(r'value="[^"]*"|page=[^"]*|lang=[^"]*', "", answer.text) for answer in (expired, revoked, wrong)}
    assert len({said.split("<main")[1].split("</main>")[0] for said in texts}) == 1


def test_a_preview_of_a_link_changes_nothing(app: Flask, client: FlaskClient, link: str) -> None:
    before = counted(app)
    with app.app_context():
        problem_id = db.session.scalars(select(Menu)).one().problems[0].id
    client.get(f"/f/{link}/")
    for act in ("answer", "withdraw", "photo", "confirm", "reopen", "benefit", "follow-up"):
        assert client.get(f"/f/{link}/problems/{problem_id}/{act}").status_code == 405
    assert counted(app) == before


def test_a_link_opens_only_its_own_menu(app: Flask, client: FlaskClient, link: str) -> None:
    with app.app_context():
        other = make_problem(ProblemState.SUBMITTED)
        other_id = other.id
        db.session.commit()
    assert client.post(f"/f/{link}/problems/{other_id}/withdraw", data={"text": "x"}).status_code == 404
