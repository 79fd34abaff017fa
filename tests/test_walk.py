"""The main story over HTTP, from the menu to the county's figures."""

from flask import Flask

from tests.walk import live_the_story


def test_a_menu_with_two_problems_is_solved_confirmed_and_counted(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    figures = live_the_story(app)
    assert (figures["solved"], figures["confirmed_own_link"], figures["enterprises"]) == (2, 2, 1)
    assert (figures["persons"], figures["attendances"]) == (10, 12)
