"""E-mail before a real mail server: sent once, tried again, never lost, and the same words to copy by hand."""

import re
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher import jobs
from matcher.db import db, now
from matcher.models import Dispatch, Notice, NoticeState, ProblemState
from matcher.services import dispatch, notices
from tests.factories import make_expert, make_problem, make_user, staff
from tests.pages import log_in, send

HERE = "zhou@example.org"


class Box:
    """A mail server's insides: what came in, and what it says to the next messages."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.answers: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address.startswith("nobody"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def box(app: Flask) -> Iterator[Box]:
    """A mail server on a port of its own, which the application is told of."""
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    app.config["SMTP_HOST"], app.config["SMTP_PORT"] = controller.hostname, controller.port
    app.config["BASE_URL"] = "https://dianjiang.example"
    yield box
    controller.stop()


def an_offer(app: Flask, *, email: str | None = HERE, name: str = "周州") -> int:
    """An expert with an e-mail address is asked; nobody else has one."""
    with app.app_context():
        problem, expert = make_problem(ProblemState.ACCEPTED), make_expert(name, email=email)
        offered = dispatch.offer(problem, expert, by=staff())
        db.session.commit()
        return offered.id


def offers(app: Flask) -> list[tuple[NoticeState, int]]:
    with app.app_context():
        query = select(Notice.state, Notice.tries).where(Notice.kind == "offer").order_by(Notice.id)
        return [(state, tries) for state, tries in db.session.execute(query)]


def test_a_notice_goes_out_once_with_a_link_that_opens(app: Flask, box: Box, client: FlaskClient) -> None:
    offer_id = an_offer(app)
    assert box.mails == [], "the request sends nothing itself"
    assert [jobs.send_notices(app), jobs.send_notices(app)] == [1, 0]
    [mail] = box.mails
    assert (mail["To"], mail["Subject"]) == (HERE, "工会请您出马")
    link = re.search(r"https://dianjiang\.example(/e/\S+)", mail.get_content())
    assert link is not None
    client.get(link[1])
    assert f"/expert/offers/{offer_id}" in client.get("/expert/").text
    assert offers(app) == [(NoticeState.SENT, 1)]


def test_the_timetable_sends_it(app: Flask, box: Box) -> None:
    an_offer(app)
    scheduler = BackgroundScheduler(**jobs.SETTINGS)
    jobs.plan(scheduler, app)
    scheduler.start()
    try:
        scheduler.modify_job("send_notices", next_run_time=now())
        until = time.monotonic() + 20
        while offers(app)[0][0] is not NoticeState.SENT and time.monotonic() < until:
            time.sleep(0.02)
    finally:
        scheduler.shutdown()
    assert len(box.mails) == 1
    assert offers(app) == [(NoticeState.SENT, 1)]


def test_a_message_that_is_put_off_is_tried_again_later_and_later(app: Flask, box: Box) -> None:
    an_offer(app)
    box.answers = ["451 try later", "451 try later"]
    start = now()
    sent = []
    for seconds in (1, 2, 30, 50, 100):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            sent.append(jobs.send_notices(app))
    assert sent == [0, 0, 0, 0, 1], "tried at 1, after 20 and after 60 seconds"
    assert offers(app) == [(NoticeState.SENT, 3)]
    assert len(box.mails) == 1


def test_a_message_that_is_put_off_for_days_goes_to_the_desk(app: Flask, box: Box) -> None:
    an_offer(app)
    box.answers = ["452 full"] * 50
    start = now()
    for hours in range(60):
        with time_machine.travel(start + timedelta(hours=hours, minutes=1), tick=False):
            jobs.send_notices(app)
    assert offers(app) == [(NoticeState.FAILED, notices.MOST_TRIES)]
    with app.app_context():
        notice = db.session.scalars(select(Notice).where(Notice.kind == "offer")).one()
        assert notice in notices.to_hand_on(notice.problem.office)
        assert "full" in notice.error


def test_nothing_is_lost_or_counted_while_the_server_sleeps(app: Flask, box: Box) -> None:
    for _ in range(3):
        an_offer(app)
    awake, app.config["SMTP_PORT"] = app.config["SMTP_PORT"], 9
    start = now()
    for hours in range(0, 72, 6):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            assert jobs.send_notices(app) == 0
    assert offers(app) == [(NoticeState.WAITING, 0)] * 3
    app.config["SMTP_PORT"] = awake
    assert jobs.send_notices(app) == 3
    assert len(box.mails) == 3


def test_one_that_cannot_be_delivered_does_not_hold_up_the_rest(app: Flask, box: Box) -> None:
    an_offer(app, email="nobody@example.org")
    an_offer(app, email="no address\r\nat all")
    an_offer(app, name="周\r\n州")
    assert jobs.send_notices(app) == 1
    assert [state for state, _tries in offers(app)] == [NoticeState.FAILED, NoticeState.FAILED, NoticeState.SENT]


def test_what_was_rolled_back_is_not_sent(app: Flask, box: Box) -> None:
    with app.app_context():
        dispatch.offer(make_problem(ProblemState.ACCEPTED), make_expert(email=HERE), by=staff())
        db.session.flush()
        db.session.rollback()
    assert jobs.send_notices(app) == 0
    assert box.mails == []


def test_a_mail_that_went_out_is_not_sent_again_because_a_later_one_failed(app: Flask, box: Box) -> None:
    an_offer(app)
    an_offer(app)
    box.answers = ["250 OK", "421 shutting down"]
    assert jobs.send_notices(app) == 1
    with time_machine.travel(now() + timedelta(hours=1)):
        assert jobs.send_notices(app) == 1
    assert len(box.mails) == 2
    assert {state for state, _tries in offers(app)} == {NoticeState.SENT}


def test_without_a_mail_server_everything_waits(app: Flask) -> None:
    an_offer(app)
    assert jobs.send_notices(app) == 0
    assert offers(app) == [(NoticeState.WAITING, 0)]


def test_who_has_no_address_is_told_by_hand_with_a_text_and_a_code(app: Flask, client: FlaskClient) -> None:
    an_offer(app, email=None)
    with app.app_context():
        make_user(login="desk")
        notice = db.session.scalars(select(Notice).where(Notice.kind == "offer")).one()
        assert notice.state is NoticeState.BY_HAND
        number = notice.id
        db.session.commit()
    log_in(client, "desk")
    page = send(client, "/desk/notices", f"/notices/{number}/copy").text
    found = re.search(r"http\S+?(/e/[^<\s\"]+)", page)
    assert found is not None
    assert "<svg" in page, "the same as a QR code"
    assert "有一个难题想请您帮忙" in page
    phone = app.test_client()
    assert phone.get(found[1]).location == "/expert/"
    send(client, "/desk/notices", f"/notices/{number}/read")
    assert f"/notices/{number}/copy" not in client.get("/desk/notices").text


def test_opening_a_personal_link_changes_nothing_but_the_browser(app: Flask, client: FlaskClient) -> None:
    offer_id = an_offer(app)
    with app.app_context():
        notice = db.session.scalars(select(Notice).where(Notice.kind == "offer")).one()
        link = notices.text_with_link(notice, base_url="").rsplit("\n", 1)[1]
        db.session.commit()
    for address in (link, "/expert/", f"/expert/offers/{offer_id}", f"/expert/offers/{offer_id}/accept"):
        client.get(address)
    with app.app_context():
        assert db.session.get_one(Dispatch, offer_id).state == "offered"
