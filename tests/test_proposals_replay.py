"""A stored proposal is computed again from what was kept of it, whatever has changed since; erased is erased."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from matcher.db import db, now
from matcher.matching import shipped_lexicon, shipped_weights
from matcher.models import CaseWord, CompetenceEdit, Problem, ProblemState, Proposal, Snapshot, WeightSet, WordSource
from matcher.services import dispatch, evidence, experts, forgetting, lexicon, proposals, replay
from matcher.services.numbers import next_revision
from matcher.services.replay import Verdict
from tests.factories import make_expert, make_problem, staff

ANY = shipped_lexicon().competences[0].id

pytestmark = pytest.mark.usefixtures("ctx")


def proposed(**values) -> tuple[Problem, list[Proposal]]:
    make_expert(trade="维修电工", profile="长期从事高压配电、电缆头制作和红外测温。", skills=["电缆头制作"])
    make_expert(trade="茶叶栽培")
    problem = make_problem(ProblemState.ACCEPTED, **values)
    return problem, proposals.propose_experts(problem)


def change_everything(expert) -> None:
    by = staff()
    experts.correct(expert, {"trade": "茶叶加工", "profile": ""}, by=by)
    experts.declare_skills(expert, ["炒茶"], by=by)
    next_revision("lexicon")
    db.session.add(
        CompetenceEdit(competence=ANY, entry={**lexicon.entry_in_force(ANY), "symptoms": ["电缆头温度偏高"]})
    )
    points = dict.fromkeys(shipped_weights().points, 88 / 3)
    other = replace(shipped_weights(), version="other", points=points)
    db.session.add(WeightSet(version="other", weights=other.as_dict(), adopted_at=now()))
    db.session.flush()


def test_it_comes_out_equal_after_record_lexicon_and_weights_have_changed() -> None:
    _, rows = proposed()
    change_everything(rows[0].expert)
    for row in rows:
        again = replay.replay(row)
        assert again.verdict is Verdict.SAME
        assert again.score == row.score
        assert again.confidence == row.confidence
        assert {name: then for name, then, _ in again.rows} == {name: new for name, _, new in again.rows}
        assert [name for name, _, _ in again.rows] == [part["name"] for part in row.reasons["parts"]]


def test_today_it_would_come_out_otherwise() -> None:
    """Else the test above would prove nothing."""
    problem, rows = proposed()
    score = {row.expert_id: row.score for row in rows}
    first = rows[0].expert
    change_everything(first)
    fresh = {row.expert_id: row.score for row in proposals.propose_experts(problem)}
    assert fresh[first.id] != score[first.id]


def test_a_tampered_score_is_found() -> None:
    _, rows = proposed()
    rows[0].score += 1
    assert replay.replay(rows[0]).verdict is Verdict.OTHER


def test_an_erased_expert_answers_erased_and_no_quote_stays() -> None:
    _, rows = proposed()
    assert rows[0].reasons["expert_spans"]
    forgetting.forget_expert(rows[0].expert, by=staff())
    db.session.flush()
    assert replay.replay(rows[0]).verdict is Verdict.ERASED
    assert replay.replay(rows[1]).verdict is Verdict.SAME
    assert rows[0].reasons["expert_spans"] == []
    assert not any(part["expert_spans"] for part in rows[0].reasons["parts"])
    assert db.session.scalar(select(Snapshot).filter_by(kind="record", expert_id=rows[0].expert_id)) is None


def test_an_erased_problem_answers_erased() -> None:
    problem, rows = proposed()
    forgetting.forget_problem(problem, by=staff())
    assert {replay.replay(row).verdict for row in rows} == {Verdict.ERASED}
    assert all(row.reasons["need_spans"] == [] for row in rows)


def test_a_lexicon_whose_words_were_erased_can_not_be_had_again() -> None:
    teacher = make_problem(ProblemState.SOLVED)
    from_case = proposals_with_evidence(teacher)
    assert replay.replay(from_case).verdict is Verdict.SAME
    forgetting.forget_problem(teacher, by=staff())
    db.session.flush()
    assert replay.replay(from_case).verdict is Verdict.ERASED


def proposals_with_evidence(teacher: Problem) -> Proposal:
    db.session.add(CaseWord(competence=ANY, term="电缆头", source=WordSource.CASE, problem_id=teacher.id))
    db.session.flush()
    evidence.adopt()
    return proposed()[1][0]


def test_another_engine_is_named() -> None:
    _, rows = proposed()
    rows[0].score += 1
    rows[0].versions = {**rows[0].versions, "engine": "older"}
    assert replay.replay(rows[0]).verdict is Verdict.NEWER


def test_what_was_stored_before_versions_were_kept_is_unknown() -> None:
    _, rows = proposed()
    rows[0].versions = {"lexicon": "x", "weights": "y", "record": 3}
    assert replay.replay(rows[0]).verdict is Verdict.UNKNOWN


def test_a_new_run_keeps_the_proposal_by_which_somebody_was_sent() -> None:
    problem, rows = proposed()
    chosen, other = rows[0].id, rows[1].expert_id
    dispatch.offer(problem, rows[0].expert, by=staff())
    db.session.flush()
    proposals.propose_experts(problem)
    kept = db.session.get(Proposal, chosen)
    assert kept is not None
    assert kept.replaced_at is not None
    assert [row.replaced_at for row in replay.proposals_of(problem) if row.expert_id == other] == [None]
    assert kept not in problem.proposals
    assert kept in replay.proposals_of(problem)
    assert replay.replay(kept).verdict is Verdict.SAME


def test_who_leaves_the_roster_is_erased_from_the_versions() -> None:
    _, rows = proposed()
    experts.leave(rows[0].expert, by=staff())
    db.session.flush()
    assert replay.replay(rows[0]).verdict is Verdict.ERASED
