"""The optional model: a folder and an address, really loaded and really called; without it nothing is different."""

import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socket import socket
from threading import Thread

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from matcher import jobs
from matcher.db import db, now
from matcher.matching import shipped_weights
from matcher.models import LogEntry, Problem, TextVector, WeightSet
from matcher.services import forgetting, meanings, proposals, replay
from matcher.services import problems as problem_moves
from matcher.services.embedding import Address, Breaker, EmbeddingError, Folder, embedder_of
from matcher.services.embedding.address import vectors_of
from matcher.services.embedding.wordpiece import WordPiece
from matcher.services.replay import Verdict
from tests.factories import make_enterprise, make_expert, make_menu, make_office, staff

LETTERS = "甲乙丙丁戊"


class Endpoint:
    """A small OpenAI-compatible server: a text's vector counts its letters 甲 to 戊."""

    def __init__(self) -> None:
        self.asked: list[dict] = []
        self.keys: list[str | None] = []
        self.fails = False
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.asked.append(body)
                endpoint.keys.append(self.headers.get("Authorization"))
                rows = [[1 + text.count(letter) for letter in LETTERS] for text in body["input"]]
                data = [{"index": n, "embedding": row} for n, row in enumerate(rows)]
                answer = json.dumps({"data": data[::-1]}).encode()
                self.send_response(500 if endpoint.fails else 200)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_args: object) -> None:
                """Silence."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/v1"
        self.thread = Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def texts(self) -> list[str]:
        return [text for body in self.asked for text in body["input"]]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    running = Endpoint()
    yield running
    running.server.shutdown()
    running.server.server_close()
    running.thread.join()


@pytest.fixture
def switched_on(app: Flask, endpoint: Endpoint) -> Iterator[Endpoint]:
    """The installation has a model, and the county turned it on."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    meanings.use(url, Address(endpoint.address, model="m1"))
    with app.app_context():
        make_office().settings = {"embeddings": True}
        db.session.commit()
        yield endpoint
        db.session.rollback()
    meanings.use(url, None)


def make_pair() -> Problem:
    """Two experts whom the lexicon can not tell apart, and a problem that the model gives to the second."""
    for letters in ("甲甲甲甲", "乙乙乙乙"):
        make_expert(trade="某工", profile=letters)
    problem = make_menu("乙乙乙乙乙乙").problems[0]
    problem_moves.accept(problem, by=staff())
    db.session.commit()
    return problem


def order(problem: Problem) -> list[tuple[int, float]]:
    return [(row.expert_id, row.score) for row in proposals.propose_experts(problem)]


def give_weight(points: float) -> None:
    own = replace(shipped_weights(), version=f"own-{points}", points={**shipped_weights().points, "meaning": points})
    db.session.add(WeightSet(version=own.version, weights=own.as_dict(), adopted_at=now()))
    db.session.flush()


def test_an_address_is_asked_in_the_common_form_and_answers_come_in_order(endpoint: Endpoint) -> None:
    vectors = Address(endpoint.address, key="k", model="m1").embed(["甲甲甲", "乙"])
    assert endpoint.asked == [{"model": "m1", "input": ["甲甲甲", "乙"]}]
    assert endpoint.keys == ["Bearer k"]
    assert vectors.shape == (2, len(LETTERS))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1])
    assert vectors[0].argmax() == 0
    assert vectors[1].argmax() == 1


def test_a_failing_a_sleeping_and_a_talking_address_are_one_error(endpoint: Endpoint) -> None:
    endpoint.fails = True
    with pytest.raises(EmbeddingError):
        Address(endpoint.address).embed(["甲"])
    with pytest.raises(EmbeddingError):
        Address("http://127.0.0.1:9").embed(["甲"])
    with pytest.raises(EmbeddingError, match="form of embeddings"):
        vectors_of({"error": "no"})


def test_an_address_that_says_nothing_is_given_up_after_the_timeout() -> None:
    with socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(EmbeddingError):
            Address(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.05).embed(["甲"])


def test_the_breaker_rests_after_three_failures_and_tries_again() -> None:
    time = [0.0]
    breaker = Breaker(clock=lambda: time[0])
    calls = []

    def fail() -> None:
        calls.append(1)
        raise EmbeddingError("no")

    for _ in range(5):
        with pytest.raises(EmbeddingError):
            breaker.call(fail)
    assert len(calls) == 3
    time[0] = breaker.rest + 1
    assert breaker.call(lambda: 7) == 7
    assert not breaker.is_open


def test_wordpiece_cuts_as_bert_does(tmp_path: Path) -> None:
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "变", "频", "器", "s", "##7", "-", "plc", "。"]
    (tmp_path / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    cut = WordPiece(tmp_path / "vocab.txt")
    assert [pieces[number] for number in cut.ids("变频器 PLC。S7-水", longest=64)] == [
        "[CLS]", "变", "频", "器", "plc", "。", "s", "##7", "-", "[UNK]", "[SEP]",
    ]  # fmt: skip
    assert len(cut.ids("变" * 100, longest=10)) == 10


def test_a_folder_is_really_loaded_and_run(tmp_path: Path) -> None:
    tiny = pytest.importorskip("tests.tiny_model")
    model = Folder(tiny.make_tiny_model(tmp_path / "tiny", LETTERS))
    vectors = model.embed(["甲甲乙", "丙", "甲甲乙"] * 8)
    assert vectors.shape == (24, len(LETTERS))
    assert vectors[0] == pytest.approx(np.array([2, 1, 0, 0, 0]) / 5**0.5, abs=1e-6)
    assert vectors[1] == pytest.approx([0, 0, 1, 0, 0])
    assert not model.leaves_machine
    assert model.name.startswith("tiny-")


def test_a_folder_without_a_model_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="no ONNX model"):
        _ = Folder(tmp_path).name
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(EmbeddingError, match=r"vocab\.txt"):
        Folder(tmp_path).embed(["甲"])
    (tmp_path / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]", encoding="utf-8")
    with pytest.raises(EmbeddingError):
        Folder(tmp_path).embed(["甲"])


def test_the_setting_chooses_between_nothing_a_folder_and_an_address(tmp_path: Path) -> None:
    assert embedder_of("") is None
    assert isinstance(embedder_of(str(tmp_path)), Folder)
    assert isinstance(embedder_of("https://models.example/v1"), Address)


def test_without_a_model_or_without_weight_the_order_and_the_scores_are_the_same(app: Flask, switched_on) -> None:
    problem = make_pair()
    meanings.use(app.config["SQLALCHEMY_DATABASE_URI"], None)
    before = order(problem)
    meanings.use(app.config["SQLALCHEMY_DATABASE_URI"], Address(switched_on.address, model="m1"))
    db.session.commit()
    assert jobs.embed(app) == 3
    assert order(problem) == before
    assert meanings.said_of(problem, [number for number, _ in before])


def test_with_a_fitted_weight_the_model_is_heard_as_a_part_of_its_own(app: Flask, switched_on) -> None:
    problem = make_pair()
    jobs.embed(app)
    before = dict(order(problem))
    give_weight(20.0)
    first = proposals.propose_experts(problem)[0]
    assert first.expert.profile == "乙乙乙乙"
    part = {part["name"]: part["value"] for part in first.reasons["parts"]}["meaning"]
    said = meanings.said_of(problem, [first.expert_id])[first.expert_id]
    assert part == pytest.approx(20 * said, abs=0.01)
    assert first.score == pytest.approx(sum(part["value"] for part in first.reasons["parts"]))
    assert first.score > before[first.expert_id]
    meanings.use(app.config["SQLALCHEMY_DATABASE_URI"], None)
    assert replay.replay(first).verdict is Verdict.SAME


def test_while_one_expert_is_unknown_to_the_model_nobody_is_judged_by_it(app: Flask, switched_on) -> None:
    problem = make_pair()
    jobs.embed(app)
    give_weight(20.0)
    late = make_expert(trade="某工", profile="丙丙")
    db.session.commit()
    ids = [row.expert_id for row in proposals.propose_experts(problem)]
    assert late.id in ids
    assert meanings.said_of(problem, ids) == {}
    db.session.commit()
    jobs.embed(app)
    assert set(meanings.said_of(problem, ids)) == set(ids)


def test_an_office_that_did_not_turn_it_on_sends_nothing(app: Flask, switched_on) -> None:
    make_pair()
    make_office().settings = {}
    db.session.commit()
    assert jobs.embed(app) == 0
    assert switched_on.asked == []


def test_only_masked_texts_leave_the_machine_and_the_log_says_so(app: Flask, switched_on) -> None:
    firm = make_enterprise("阜宁县咕噜叽科技有限公司")
    make_menu(f"{firm.name}的变频器报警，电话13812345678。", enterprise=firm)
    make_expert("欧阳示例", employer="阜宁县咕噜叽科技有限公司", profile="欧阳示例在咕噜叽公司，手机13912345678。")
    db.session.commit()
    jobs.embed(app)
    sent = "\n".join(switched_on.texts)
    assert "变频器" in sent
    for secret in ("咕噜叽", "13812345678", "13912345678", "欧阳"):
        assert secret not in sent
    line = db.session.scalars(select(LogEntry).filter_by(verb="embeddings.send")).one()
    assert line.facts["texts"] == 2
    assert line.facts["to"] == switched_on.address.split("/")[2]
    assert line.office_id == make_office().id


def test_a_text_is_read_once_per_model_and_again_when_it_changes(app: Flask, switched_on) -> None:
    problem = make_pair()
    assert jobs.embed(app) == 3
    assert jobs.embed(app) == 0
    db.session.get_one(Problem, problem.id).text = "丙丙丙"
    db.session.commit()
    assert jobs.embed(app) == 1
    assert len(db.session.scalars(select(TextVector).filter_by(problem_id=problem.id)).all()) == 1
    meanings.use(app.config["SQLALCHEMY_DATABASE_URI"], Address(switched_on.address, model="m2"))
    assert jobs.embed(app) == 3


def test_a_failing_model_stops_the_run_and_costs_nothing(app: Flask, switched_on) -> None:
    problem = make_pair()
    switched_on.fails = True
    for _ in range(5):
        assert jobs.embed(app) == 0
    assert len(switched_on.asked) == 3
    assert db.session.scalar(select(TextVector)) is None
    assert len(order(problem)) == 2


def test_an_erased_expert_takes_the_vector_along(app: Flask, switched_on) -> None:
    problem = make_pair()
    jobs.embed(app)
    who = proposals.propose_experts(problem)[0].expert
    forgetting.forget_expert(who, by=staff())
    assert db.session.scalar(select(TextVector).filter_by(expert_id=who.id)) is None


def test_the_status_says_where_it_is_and_how_much_it_has_read(app: Flask, switched_on) -> None:
    make_pair()
    jobs.embed(app)
    told = meanings.status()
    assert told is not None
    assert (told.where, told.leaves_machine, told.texts, told.is_resting) == (
        switched_on.address.split("/")[2],
        True,
        3,
        False,
    )
    meanings.use(app.config["SQLALCHEMY_DATABASE_URI"], None)
    assert meanings.status() is None
