"""Wherever somebody is, the navigation says under which entry."""

from flask import Flask
from flask.testing import FlaskClient

from matcher.db import db
from matcher.models import Role
from matcher.web.page import MENU, UNDER
from tests.factories import make_problem, make_user
from tests.pages import log_in


def test_pages_stand_under_entries_that_there_are(app: Flask) -> None:
    entries = {name for name, _label, _roles in MENU} | {"expert.home"}
    assert set(UNDER.values()) <= entries
    assert set(UNDER) <= set(app.view_functions)


def test_a_page_without_an_entry_of_its_own_marks_the_one_above(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(Role.DISPATCHER, login="disp")
        address = f"/desk/problems/{make_problem().id}"
        db.session.commit()
    log_in(client, "disp")
    assert '<a href="/desk/" aria-current="true">' in client.get(address).text
    assert '<a href="/desk/" aria-current="page">' in client.get("/desk/").text
    assert '<a href="/reports/" aria-current="true">' in client.get("/reports/overview").text
