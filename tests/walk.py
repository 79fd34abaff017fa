"""The main story over HTTP, without a browser: posted, accepted, sent, solved, confirmed, counted."""

import json
import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.db import db, today
from matcher.models import Actor, Problem, Role
from matcher.services import accounts, experts
from tests.factories import PASSWORD, make_office
from tests.pages import form_to, log_in, send

WORDS = "除盐水流量异常，厂里技术员反复查过没有查出来。\n\n配电柜内电缆头温度偏高，用红外测过六十多度。"
PHONE = "13812345678"


def people(app: Flask) -> None:
    """A dispatcher, a colleague and an expert who knows cables and flow meters."""
    with app.app_context():
        office, hasher = make_office(), app.extensions["hasher"]
        for login in ("dispatcher", "colleague"):
            accounts.add_account(
                office,
                name=login,
                login=login,
                password=PASSWORD,
                roles=[Role.DISPATCHER],
                hasher=hasher,
                by=Actor.system(),
                must_change=False,
            )
        experts.add_expert(
            office,
            "周州",
            by=Actor.system(),
            trade="电气仪表维修",
            profile="会修流量计、配电柜和电缆头，会数据采集分析和量值溯源。",
            phone="19900001001",
            capacity=5,
        )
        db.session.commit()


def live_the_story(app: Flask) -> dict[str, str]:
    """Everybody's part in turn; returns the county's figures of this month as the page gives them."""
    people(app)
    stranger, desk, expert = app.test_client(), app.test_client(), app.test_client()
    link = post_menu(stranger)
    log_in(desk, "dispatcher")
    for problem_id in problem_ids(app):
        problem = f"/desk/problems/{problem_id}"
        told = {"classify-is_insured": "y", "classify-title": f"难题{problem_id}"}
        assert send(desk, problem, "/steps/classify", press="classify-accept", **told).status_code == 302
        assert "周州" in desk.get(problem).text
        assert send(desk, problem, "/offer").status_code == 302
        if problem_id == problem_ids(app)[0]:
            expert.get(personal_link(desk))
        solve(expert)
        answer = send(stranger, link, f"/problems/{problem_id}/confirm", digits=PHONE[-4:], rating="5", words="谢谢")
        assert answer.status_code == 302
    found: dict[str, str] = json.loads(desk.get("/reports/figures.json?period=month").text)
    return found


def post_menu(stranger: FlaskClient) -> str:
    """Two problems in one text; the second press sends them. Returns the follow link's path."""
    told = {"text": WORDS, "phone": PHONE, "firm": "阜宁县金一新能源科技有限公司"}
    page = send(stranger, "/order", "", **told)
    assert page.status_code == 200
    assert page.text.count('name="item-') >= 3
    assert stranger.post("/order", data={**form_to(page.text, "").values, "send": "1"}).status_code == 302
    found = re.search(r"http://\S+?(/f/[^<\s\"]+)", stranger.get("/posted").text)
    assert found is not None
    return found[1]


def problem_ids(app: Flask) -> list[int]:
    """The problems in their order."""
    with app.app_context():
        return list(db.session.scalars(select(Problem.id).order_by(Problem.id)))


def personal_link(desk: FlaskClient) -> str:
    """The link that the desk hands on to the expert."""
    found = re.search(r"http\S+?(/e/[^<\s\"]+)", send(desk, "/desk/experts/1/link", "/experts/1/link").text)
    assert found is not None
    return found[1]


def solve(expert: FlaskClient) -> None:
    """Yes, visit, diagnosis, fix, training, benefit, close."""
    offer = re.search(r"/expert/offers/\d+", expert.get("/expert/").text)
    assert offer is not None
    assert PHONE not in expert.get(offer[0]).text
    case = send(expert, offer[0], "/accept").location
    assert PHONE in expert.get(case).text
    for step, told in (
        ("contact", {}),
        ("visit", {"on": today().isoformat(), "hours": "2"}),
        ("diagnosis", {"methods": "量值溯源", "cause": "接线端子松动"}),
        ("fix", {"measures": "重新压接", "verification": "温度恢复正常"}),
        ("training", {"persons": "5", "attendances": "6"}),
        ("benefit", {"kind": "saving", "per": "once", "amount": "12000"}),
        ("close", {"outcome": "solved"}),
    ):
        answer = send(expert, case, f"/{step}", **told)
        assert answer.status_code == 302, (step, answer.text)
