"""Weights fitted on one's own cases, chances learnt per office, and the golden set, over the demo county."""

import re
from dataclasses import replace

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from matcher.db import db, now
from matcher.errors import BadInput, WrongMove
from matcher.matching import shipped_weights
from matcher.models import Actor, Calibration, Expert, Problem, ProblemState, Role, User, WeightSet
from matcher.services import (
    calibrations,
    experts,
    golden,
    lexicon,
    lexicon_edits,
    outcomes,
    proposals,
    roster_index,
    weighing,
)
from tests.factories import make_expert, make_office, make_problem, staff
from tests.pages import form_to, log_in

FEW_BAD = calibrations.ENOUGH_BAD


@pytest.fixture
def county(demo: Flask):
    with demo.app_context():
        yield db.session.scalars(select(User).filter_by(login="admin")).one().office
        db.session.rollback()


def test_too_few_cases_are_refused_with_the_numbers(ctx: None) -> None:
    with pytest.raises(BadInput, match=str(weighing.ENOUGH_CASES)):
        weighing.refit(by=staff(Role.ADMIN))


def test_a_fit_on_the_demo_is_kept_with_what_it_showed_and_adopted_only_if_better(county) -> None:
    fitted = weighing.refit(by=Actor.system())
    shown = fitted.figures
    assert shown["held"] >= 10
    assert shown["material"] >= weighing.ENOUGH_CASES
    assert fitted.is_in_force == weighing.is_better(shown)
    used = roster_index.current_weights()
    assert (used.version == fitted.version) == fitted.is_in_force
    assert sum(fitted.weights["points"].values()) == pytest.approx(88, abs=0.1)


@pytest.mark.parametrize(("ndcg", "hit", "better"), [(0.01, 0.0, True), (0.01, -0.05, False), (-0.01, 0.1, False)])
def test_better_means_order_and_no_fewer_hits(ndcg: float, hit: float, better: bool) -> None:
    assert weighing.is_better({"difference": {"ndcg10": [ndcg, 0, 0], "hit3": [hit, 0, 0]}}) is better


def test_months_held_out_are_the_newest_and_fitted_on_older_ones_only() -> None:
    assert weighing._held(["2026-01", "2026-02", "2026-03", "2026-04"]) == ["2026-03", "2026-04"]
    assert weighing._held([f"2026-{month:02}" for month in range(1, 10)]) == ["2026-07", "2026-08", "2026-09"]


def test_weights_taken_back_give_way_to_those_before(ctx: None) -> None:
    own = replace(shipped_weights(), version="own-1")
    kept = WeightSet(version="own-1", weights=own.as_dict(), adopted_at=now())
    db.session.add(kept)
    db.session.flush()
    assert roster_index.current_weights().version == "own-1"
    weighing.take_back(kept, by=staff(Role.ADMIN))
    assert roster_index.current_weights() == shipped_weights()
    with pytest.raises(WrongMove):
        weighing.take_back(kept, by=staff(Role.ADMIN))


def test_cases_are_judged_without_what_they_taught(county) -> None:
    index = outcomes.untaught_index(lexicon.untaught_lexicon(), shipped_weights())
    assert len(index) > 20
    for row in range(len(index.shelf)):
        profile = index.shelf.profile(row)
        assert profile.proven == ()
        assert not any(skill.basis == "proven" for skill in profile.skills)
    taught = db.session.scalars(select(Expert)).all()
    assert any(roster_index.profile_of(expert).proven for expert in taught)


def test_an_office_without_outcomes_says_so(ctx: None) -> None:
    make_expert()
    problem = make_problem(ProblemState.ACCEPTED)
    row = proposals.propose_experts(problem)[0]
    assert row.reasons["belief"] == {
        "is_own": False,
        "outcomes": 0,
        "bad": 0,
        "enough": calibrations.ENOUGH,
        "enough_bad": calibrations.ENOUGH_BAD,
    }


def test_an_office_with_enough_outcomes_learns_its_own_chances(county, monkeypatch: pytest.MonkeyPatch) -> None:
    count, bad = calibrations.count_outcomes(county)
    assert count >= calibrations.ENOUGH
    assert calibrations.refresh() == [] if bad < FEW_BAD else True
    monkeypatch.setattr(calibrations, "ENOUGH_BAD", bad)
    learnt = {one.office_id: one for one in calibrations.refresh()}
    own = learnt[county.id]
    assert (own.outcomes, own.outcomes - own.fit) == (count, bad)
    assert own.slope >= 0
    assert 0 <= own.figures["brier"] <= 0.25
    problem = db.session.scalars(select(Problem).filter_by(state=ProblemState.ACCEPTED, office_id=county.id)).first()
    assert problem is not None
    first = proposals.propose_experts(problem)[0]
    assert first.reasons["belief"]["is_own"] is True
    points = sum(part["value"] for part in first.reasons["parts"] if part["name"] not in ("place", "room", "declined"))
    assert first.confidence == pytest.approx(1 / (1 + np.exp(-(own.slope * points + own.offset))), abs=0.002)


def test_a_calibration_of_other_weights_is_not_used(ctx: None) -> None:
    row = Calibration(office_id=make_office().id, weights_version="x", slope=1, offset=0, outcomes=30, fit=20)
    db.session.add(row)
    db.session.flush()
    weights, belief = calibrations.weights_for(make_office())
    assert weights == shipped_weights()
    assert not belief.is_own


def test_the_nearest_office_above_lends_its_calibration(ctx: None) -> None:
    version = shipped_weights().version
    for code, slope in (("320000", 0.3), ("320900", 0.2)):
        office = make_office(code)
        db.session.add(
            Calibration(office_id=office.id, weights_version=version, slope=slope, offset=0, outcomes=30, fit=20)
        )
    db.session.flush()
    assert calibrations.weights_for(make_office("320923"))[0].slope == 0.2


def test_the_golden_set_says_what_got_worse_when_the_roster_does(county) -> None:
    first = golden.run(county, by=Actor.system())
    assert len(first.results) >= 40
    told = golden.latest(county)
    assert told is not None
    assert told.before is None
    assert told.hits > len(told.lines) / 2
    best = next(line for line in told.lines if line.place == 1 and len(line.solvers) == 1)
    experts.leave(best.solvers[0], by=Actor.system())
    db.session.flush()
    golden.run(county, by=Actor.system())
    again = golden.latest(county)
    assert again is not None
    assert best.problem in [line.problem for line in again.worse]
    assert again.better == [] or all(line.change > 0 for line in again.better)
    assert not again.changed("weights")


def test_the_golden_set_is_unmoved_when_nothing_changed_and_names_an_edited_lexicon(county) -> None:
    golden.run(county, by=Actor.system())
    entry = lexicon.entry_in_force("bianpinqi-chuandong")
    lexicon_edits.save("bianpinqi-chuandong", {**entry, "family": "别的"}, by=Actor.system())
    golden.run(county, by=Actor.system())
    told = golden.latest(county)
    assert told is not None
    assert told.better == told.worse == []
    assert told.changed("lexicon")


def test_an_office_without_confirmed_cases_is_told_so(ctx: None) -> None:
    with pytest.raises(BadInput, match="还没有企业确认"):
        golden.run(make_office(), by=staff(Role.ADMIN))


def test_the_pages_fit_take_back_check_and_recompute(demo: Flask) -> None:
    browser = demo.test_client()
    log_in(browser, "admin")

    def press(page: str) -> str:
        form = form_to(browser.get(page).get_data(as_text=True), page)
        return browser.post(form.action, data=form.values, follow_redirects=True).get_data(as_text=True)

    assert "拟合好了" in press("/admin/weights")
    assert "检验好了" in press("/admin/golden")
    with demo.app_context():
        problem = db.session.scalars(select(Problem).filter_by(state=ProblemState.ACCEPTED)).first()
        assert problem is not None
        proposals.propose_experts(problem)
        number = problem.number
        db.session.commit()
    page = browser.get(f"/admin/replays?number={number}").get_data(as_text=True)
    told = re.findall(r'class="badge-state[^"]*">.*?</svg>\s*([^<\s]+)', page, re.DOTALL)
    assert set(told) == {"一致"}
