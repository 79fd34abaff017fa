"""Help in place: every page asks for help that is there, nothing is written for nobody, and 帮助 gathers it all."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import ROOT
from matcher.services.figures import DEFINITIONS
from matcher.services.imports.fields import ImportKind
from matcher.web.helps import AUDIENCES, HELPS
from tests.factories import make_office


def asked() -> set[str]:
    """The keys that templates ask for."""
    found: set[str] = set()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for key, rest in re.findall(r'{{ help\("([^"]+)"( ~ kind)?\) }}', path.read_text(encoding="utf-8")):
            found |= {f"{key}{kind}" for kind in ImportKind} if rest else {key}
    return found


def test_every_page_asks_for_help_that_is_written_and_none_is_written_for_nobody() -> None:
    assert asked() == set(HELPS)
    assert len(HELPS) == sum(len(pages) for _code, _name, pages in AUDIENCES), "a key stands twice"


@pytest.mark.parametrize("one", HELPS.values(), ids=lambda one: one.key)
def test_help_is_short_and_in_whole_sentences(one) -> None:
    assert 1 <= len(one.lines) <= 5
    for line in one.lines:
        assert line.endswith("。")
        assert len(line) <= 90
        assert "%" not in line, "a percent sign is a slot to gettext"


@pytest.fixture
def page(app: Flask, client: FlaskClient) -> str:
    with app.app_context():
        make_office()
    return client.get("/help").text


def test_the_help_page_gathers_every_page_and_every_figure(page: str) -> None:
    for one in HELPS.values():
        assert one.title in page
        assert all(line in page for line in one.lines), one.key
    for code, told in DEFINITIONS.items():
        assert f'id="figure-{code}"' in page
        assert told.name in page


def test_help_is_folded_speaks_both_languages_and_is_not_printed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_office()
    chinese = client.get("/order").text
    assert re.search(r'<details class="help no-print"><summary>.*?这一页怎么用</summary>', chinese)
    assert "How this page works" in client.get("/order?lang=en").text
