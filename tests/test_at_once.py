"""Two people press at once: on PostgreSQL with threads of their own, on SQLite with processes of their own."""

import multiprocessing
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from matcher.db import db
from matcher.errors import Conflicting
from matcher.models import (
    Actor,
    Case,
    CaseState,
    Dispatch,
    DispatchState,
    Expert,
    LogEntry,
    Menu,
    Notice,
    Problem,
    ProblemState,
    User,
)
from matcher.services import dispatch, links, menus, numbers
from tests.conftest import _make_app, _put_away
from tests.factories import make_case, make_expert, make_office, make_problem, make_user, staff
from tests.pages import form_to, log_in
from tests.walk import live_the_story

SECONDS = 20


def meet(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, people: int = 2) -> None:
    """Nobody goes on past this function before all of them have come to it: they have read, none has written."""
    original, barrier = getattr(where, name), Barrier(people)

    def waits(*args: Any, **kwargs: Any) -> Any:
        try:
            barrier.wait(SECONDS)
        except BrokenBarrierError:
            pytest.fail(f"somebody never came to {name}")
        return original(*args, **kwargs)

    monkeypatch.setattr(where, name, waits)


def at_once(*presses: Callable[[], TestResponse]) -> list[TestResponse]:
    """All in threads of their own; the answers, redirects first."""
    with ThreadPoolExecutor(len(presses)) as pool:
        answers = [running.result(SECONDS * 2) for running in [pool.submit(press) for press in presses]]
    return sorted(answers, key=lambda answer: answer.status_code)


def colleagues(app: Flask) -> list[FlaskClient]:
    """Two dispatchers of the county, each in a browser of their own."""
    with app.app_context():
        for login in ("one", "two"):
            make_user(login=login)
        db.session.commit()
    clients = [app.test_client(), app.test_client()]
    for client, login in zip(clients, ("one", "two"), strict=True):
        log_in(client, login)
    return clients


def press(client: FlaskClient, address: str, end: str, **values: Any) -> Callable[[], TestResponse]:
    """The page is read now, the button pressed when called."""
    form = form_to(client.get(address).text, end)
    return lambda: client.post(form.action or address, data={**form.values, **values})


def an_open_problem(app: Flask) -> tuple[int, list[int]]:
    """An accepted problem and two experts for it."""
    with app.app_context():
        problem, experts = make_problem(ProblemState.ACCEPTED), [make_expert(), make_expert()]
        db.session.commit()
        return problem.id, [expert.id for expert in experts]


def said(answer: TestResponse) -> str:
    return re.sub(r"<[^>]+>", " ", answer.text.split("<main")[1].split("</main>")[0])


@pytest.mark.postgres
def test_two_dispatchers_send_one_expert(postgres: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    problem_id, experts = an_open_problem(postgres)
    one, two = colleagues(postgres)
    address = f"/desk/problems/{problem_id}/offer"
    meet(monkeypatch, dispatch, "check_sendable")
    first, second = at_once(
        lambda: one.post(address, data={"expert_id": experts[0], "role": "lead"}),
        lambda: two.post(address, data={"expert_id": experts[1], "role": "lead"}),
    )
    assert (first.status_code, second.status_code) == (302, 409)
    assert "刚刚" in said(second)
    with postgres.app_context():
        sent = db.session.scalars(select(Dispatch).where(Dispatch.problem_id == problem_id)).one()
        assert sent.state is DispatchState.OFFERED
        assert db.session.get_one(Problem, problem_id).state is ProblemState.DISPATCHED
        assert db.session.scalar(select(func.count()).where(Notice.kind == "offer")) == 1
        assert db.session.scalar(select(func.count()).where(LogEntry.verb == "dispatch.offer")) == 1


@pytest.mark.postgres
def test_two_sessions_without_pages_send_one_expert(postgres: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    problem_id, experts = an_open_problem(postgres)
    meet(monkeypatch, dispatch, "check_sendable")

    def send(expert_id: int) -> str:
        with postgres.app_context():
            by = staff()
            try:
                dispatch.offer(db.session.get_one(Problem, problem_id), db.session.get_one(Expert, expert_id), by=by)
                db.session.commit()
            except Conflicting as error:
                db.session.rollback()
                return type(error).__name__
            return "sent"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(send, experts))
    assert told == ["Conflicting", "sent"]


@pytest.mark.postgres
def test_two_presses_of_yes_open_one_case(postgres: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with postgres.app_context():
        offered = dispatch.offer(make_problem(ProblemState.ACCEPTED), make_expert(), by=staff())
        tokens = [links.mint_for_expert(offered.expert) for _ in range(2)]
        db.session.commit()
        address = f"/expert/offers/{offered.id}"
    phones = [postgres.test_client(), postgres.test_client()]
    for phone, token in zip(phones, tokens, strict=True):
        phone.get(f"/e/{token}")
    yes = [press(phone, address, "/accept") for phone in phones]
    meet(monkeypatch, dispatch, "_check_before_yes")
    first, second = at_once(*yes)
    assert (first.status_code, second.status_code) == (302, 409)
    with postgres.app_context():
        assert db.session.scalars(select(Case.state)).all() == [CaseState.OPENED]
        assert db.session.scalar(select(func.count()).where(LogEntry.verb == "dispatch.accept")) == 1


@pytest.mark.postgres
def test_a_yes_and_a_recall_in_the_same_moment_leave_one_truth(
    postgres: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres.app_context():
        offered = dispatch.offer(make_problem(ProblemState.ACCEPTED), make_expert(), by=staff())
        token = links.mint_for_expert(offered.expert)
        db.session.commit()
        offer_id, problem_id = offered.id, offered.problem_id
    phone = postgres.test_client()
    phone.get(f"/e/{token}")
    desk = colleagues(postgres)[0]
    presses = [
        press(phone, f"/expert/offers/{offer_id}", "/accept"),
        press(desk, f"/desk/problems/{problem_id}", "/recall", **{f"recall-{offer_id}-reason": "设备停用"}),
    ]
    original, barrier = dispatch.step, Barrier(2)

    def waits(thing: Any, action: str, **kwargs: Any) -> None:
        if action in ("accept", "recall"):
            barrier.wait(SECONDS)
        original(thing, action, **kwargs)

    monkeypatch.setattr(dispatch, "step", waits)
    first, second = at_once(*presses)
    assert (first.status_code, second.status_code) == (302, 409)
    with postgres.app_context():
        sent, problem = db.session.get_one(Dispatch, offer_id), db.session.get_one(Problem, problem_id)
        opened = db.session.scalars(select(Case.state)).all()
        if sent.state is DispatchState.ACCEPTED:
            assert (problem.state, opened) == (ProblemState.DISPATCHED, [CaseState.OPENED])
        else:
            assert (sent.state, problem.state, opened) == (DispatchState.RECALLED, ProblemState.ACCEPTED, [])


@pytest.mark.postgres
def test_one_form_pressed_twice_in_the_same_moment_is_taken_once(
    postgres: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"text": "电缆头发热。", "phone": "13812345678", "firm": "示例机械厂", "send": "1", "seen_cards": "1"}
    stranger = postgres.test_client()
    form = form_to(stranger.get("/order").text, "")
    data = {**form.values, **told}
    meet(monkeypatch, menus, "post_menu")
    answers = at_once(*[lambda: postgres.test_client().post("/order", data=data)] * 2)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    with postgres.app_context():
        assert db.session.scalar(select(func.count()).select_from(Menu)) == 1
        assert db.session.scalar(select(func.count()).select_from(Problem)) == 1
    again = stranger.post("/order", data=data)
    assert again.status_code == 302
    with postgres.app_context():
        assert db.session.scalar(select(func.count()).select_from(Menu)) == 1


@pytest.mark.postgres
def test_an_offer_pressed_twice_leads_both_to_the_same_page(postgres: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    problem_id, experts = an_open_problem(postgres)
    one, _two = colleagues(postgres)
    cookie = one.get_cookie("session")
    assert cookie is not None
    twin = postgres.test_client()
    twin.set_cookie("session", cookie.value)
    data = {"expert_id": experts[0], "role": "lead", "form_key": "the-same-form"}
    meet(monkeypatch, dispatch, "check_sendable")
    address = f"/desk/problems/{problem_id}/offer"
    answers = at_once(lambda: one.post(address, data=data), lambda: twin.post(address, data=data))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert {answer.location for answer in answers} == {f"/desk/problems/{problem_id}"}
    with postgres.app_context():
        assert db.session.scalar(select(func.count()).select_from(Dispatch)) == 1


@pytest.mark.postgres
def test_numbers_are_given_once_and_without_gaps(postgres: Flask) -> None:
    start = Barrier(6)

    def draw(_person: int) -> list[str]:
        drawn = []
        with postgres.app_context():
            start.wait(SECONDS)
            for _ in range(5):
                drawn.append(numbers.next_number(make_office(), "menu"))
                db.session.commit()
        return drawn

    with ThreadPoolExecutor(6) as pool:
        drawn = [number for some in pool.map(draw, range(6)) for number in some]
    assert sorted(int(number.rsplit("-", 1)[1]) for number in drawn) == list(range(1, 31))


@pytest.mark.postgres
def test_the_whole_story_on_postgresql(postgres: Flask) -> None:
    figures = live_the_story(postgres)
    assert (figures["solved"], figures["confirmed_own_link"], figures["enterprises"]) == (2, 2, 1)


@pytest.mark.postgres
@pytest.mark.parametrize("what", ["UPDATE log_entries SET verb = 'x'", "DELETE FROM log_entries"])
def test_postgresql_refuses_to_change_the_log(postgres: Flask, what: str) -> None:
    with postgres.app_context():
        make_case(CaseState.OPENED)
        db.session.commit()
        with pytest.raises(DBAPIError):
            db.session.execute(db.text(what))


def _press_in_a_process(url: str, folder: str, problem_id: int, expert_id: int, start: Any, answers: Any) -> None:
    app = _make_app(Path(folder), url)
    with app.app_context():
        problem, expert = db.session.get_one(Problem, problem_id), db.session.get_one(Expert, expert_id)
        by = Actor(user=db.session.scalars(select(User)).first())
        assert problem.state is ProblemState.ACCEPTED
        start.wait(SECONDS)
        try:
            dispatch.offer(problem, expert, by=by)
            db.session.commit()
            answers.put("sent")
        except Exception as error:
            answers.put(type(error).__name__)


def test_two_processes_on_sqlite_send_one_expert(template: Path, tmp_path: Path) -> None:
    shutil.copy(template, tmp_path / "two.db")
    app = _make_app(tmp_path, f"sqlite:///{tmp_path / 'two.db'}")
    problem_id, experts = an_open_problem(app)
    with app.app_context():
        make_user()
        db.session.commit()
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(2), context.Queue()
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    running = [
        context.Process(target=_press_in_a_process, args=(url, str(tmp_path), problem_id, expert, start, answers))
        for expert in experts
    ]
    for process in running:
        process.start()
    told = sorted(answers.get(timeout=60) for _ in running)
    for process in running:
        process.join(60)
    assert told == ["Conflicting", "sent"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Dispatch)) == 1
    _put_away(app)
