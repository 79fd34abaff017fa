"""Every line of the log is said in words: no verb is written that the page cannot name."""

import ast
import re

from flask import Flask
from flask.testing import FlaskClient

from config import ROOT
from matcher.db import db
from matcher.models import CaseState, Role
from matcher.models.cards import LeadState
from matcher.web.logged import FACTS
from matcher.web.verbs import NOUNS, VERBS
from tests.factories import make_case, make_user
from tests.pages import log_in
from tests.test_lifecycles import EXPECTED


def written() -> set[str]:
    """The verbs that services and pages record, as they stand in the code."""
    found = set()
    for path in (ROOT / "matcher").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(getattr(node, "func", None), "id", "")
            if called == "record" and isinstance(node, ast.Call) and isinstance(node.args[1], ast.Constant):
                found.add(str(node.args[1].value))
    return found


def told() -> set[str]:
    """The names of the facts that are recorded with a verb."""
    found = set()
    for path in (ROOT / "matcher").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("record", "step"):
                found |= {str(keyword.arg) for keyword in node.keywords if keyword.arg}
    return found - {"by", "office", "ok", "sets"}


def test_every_fact_that_is_told_has_a_word() -> None:
    assert len(told()) > 20
    assert told() - set(FACTS) == set()


def test_every_verb_that_is_written_has_a_word() -> None:
    assert len(written()) > 50
    assert written() - set(VERBS) == set()


def test_every_move_of_every_life_cycle_has_a_word() -> None:
    moves = {f"{noun}.{move.action}" for noun, (life, _text) in EXPECTED.items() for move in life.moves}
    assert moves - set(VERBS) == set()
    assert set(NOUNS) == set(EXPECTED)
    assert NOUNS["lead"] == LeadState.__name__


def test_the_auditor_reads_words_and_states(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(Role.AUDITOR, login="auditor")
        make_case(CaseState.CONFIRMED)
        db.session.commit()
    log_in(client, "auditor")
    for asked in ("case.close", "办结服务单"):
        rows = re.findall(r"<tr>(.*?)</tr>", client.get(f"/admin/log?verb={asked}").text, re.DOTALL)
        assert any("办结服务单" in row and re.search(r"现在</span> 待企业确认", row) for row in rows), asked
    assert "没有符合条件的记录" in client.get("/admin/log?verb=没有这种动作").text


def test_no_code_stands_in_a_line_of_the_log(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_user(Role.AUDITOR, login="auditor")
        make_case(CaseState.CONFIRMED)
        db.session.commit()
    log_in(client, "auditor")
    page = client.get("/admin/log").text
    cells = [
        cell
        for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
        for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)
    ]
    told = " ".join(re.sub(r"<[^>]+>", "", cell) for cell in cells)
    assert len(told) > 500
    assert re.findall(r"\b[a-z]+_[a-z_]+\b|\b[a-z]+=", told) == []
