"""Everybody before the demo county: a browser for each account, and an address for each page."""

import io
import re

from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from matcher.db import db, today
from matcher.models import (
    Activity,
    Actor,
    Case,
    CaseState,
    Dispatch,
    Outcome,
    Problem,
    User,
)
from matcher.plain.codes import short_code
from matcher.plain.periods import parse
from matcher.services import attachments, leads, links, reports
from matcher.services.groups import groups_of
from matcher.services.imports import filed
from matcher.services.imports.fields import ImportKind
from tests.pages import log_in

#: Who looks: a stranger, then the demo's accounts in the order of the columns.
VISITORS = ("stranger", "dispatcher", "leader", "writer", "verifier", "admin", "auditor", "expert", "city", "neighbour")
SLOT = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


class Site:
    """The demo with one browser for each visitor, and an address for each page."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.changed: list[str] = []
        with app.app_context():
            self.things, self.special = _things(app)
            db.session.commit()
        self.browsers = {name: app.test_client() for name in VISITORS}
        for name, browser in self.browsers.items():
            if name != "stranger":
                log_in(browser, name)

    def pages(self) -> list[tuple[str, str]]:
        """(page, address) of everything that can be looked at; a page with two addresses is looked at under both."""
        rules = [rule for rule in self.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        return sorted((rule.endpoint, self.address(rule)) for rule in rules)

    def address(self, rule: Rule) -> str:
        """Where a rule leads for the things chosen."""
        own = {**self.things, **self.special.get(rule.endpoint, {})}
        return SLOT.sub(lambda found: str(own[found[1]]), rule.rule)

    def look(self, visitor: str, address: str) -> TestResponse:
        """Open the page, read all of it, and close it."""
        with self.browsers[visitor].get(address) as answer:
            answer.get_data()
            return answer


def _things(app: Flask) -> tuple[dict[str, object], dict[str, dict[str, object]]]:
    """Things of the county that its dispatcher and its expert both work with."""
    user = db.session.scalars(select(User).filter_by(login="expert")).one()
    query = select(Dispatch).where(Dispatch.expert_id == user.expert_id, Dispatch.case_id.is_not(None))
    mine = db.session.scalars(query.order_by(Dispatch.id).limit(1)).one()
    case, problem, store = db.session.get_one(Case, mine.case_id), mine.problem, app.extensions["store"]
    picture, by = _picture(), Actor(user=db.session.scalars(select(User).filter_by(login="dispatcher")).one())
    of_menu = attachments.attach_picture(problem.menu, picture, store=store, by=by)
    of_case = attachments.attach_picture(case, picture, store=store, by=by)
    filed_rows = "专家姓名,工作单位,技术专长\n示例甲,示例厂,焊接\n".encode()
    loaded = filed.keep(problem.office, ImportKind.ROSTER, filed_rows, "名册.csv", store=store, by=by)
    report = reports.draft(problem.office, parse("2026-01", today()), by=by)
    reports.submit(report, by=by)
    solved = select(Case).where(Case.outcome == Outcome.SOLVED, Case.state == CaseState.CONFIRMED, Case.id != case.id)
    lead = leads.find(db.session.scalars(solved.limit(1)).one(), [], by=by)
    db.session.flush()
    things: dict[str, object] = {
        "problem_id": problem.id,
        "case_id": case.id,
        "dispatch_id": mine.id,
        "enterprise_id": problem.menu.enterprise_id,
        "expert_id": user.expert_id,
        "menu_id": problem.menu_id,
        "import_id": loaded.id,
        "report_id": report.id,
        "lead_id": lead.id,
        "activity_id": db.session.scalars(select(Activity.id).where(Activity.office_id == problem.office_id)).first(),
        "attachment_id": of_menu.id,
        "token": links.mint_for_menu(problem.menu),
        "code": "solved",
        "kind": "roster",
        "number": groups_of(select(Problem))[0].key,
        "form": "json",
        "competence": "bianpinqi-chuandong",
    }
    special: dict[str, dict[str, object]] = {
        "auth.open_expert_link": {"token": "not-a-token"},
        "public.order": {"code": "320923"},
        "public.paper": {"code": short_code(case.id)},
        "desk.qr_download": {"kind": "svg"},
        "expert.file": {"attachment_id": of_case.id},
        "static": {"filename": "css/theme.css"},
        "bootstrap.static": {"filename": "css/bootstrap.min.css"},
    }
    return things, special


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()


def outcome(answer: TestResponse) -> str:
    """One letter for what the visitor got."""
    if answer.status_code == 302:
        return "L" if "/login" in answer.location else ">"
    return {200: "2", 403: "X", 404: "-"}.get(answer.status_code, str(answer.status_code))
