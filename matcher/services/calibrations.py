"""How far a score can be believed in an office: the chance that the expert is fit, learnt from its own outcomes.

Until an office has enough of them, the chances are those of the published cases, and every page says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import case, func, or_, select

from matcher.db import db
from matcher.matching import Weights
from matcher.matching.calibration import calibrate, reliability
from matcher.matching.evaluation import FIT_GRADE, Trial
from matcher.models import Actor, Calibration, Case, Dispatch, DispatchState, Office, Outcome, Problem
from matcher.services import lexicon, outcomes, roster_index
from matcher.services.history import record

#: From so many outcomes on, of which so many went badly, an office has a calibration of its own.
ENOUGH, ENOUGH_BAD = 30, 5


@dataclass(frozen=True, slots=True)
class Belief:
    """Whether chances come from the office's own outcomes, how many it has and how many of them went badly, and
    how many of either it takes."""

    is_own: bool
    outcomes: int
    bad: int
    enough: int = ENOUGH
    enough_bad: int = ENOUGH_BAD


def weights_for(office: Office) -> tuple[Weights, Belief]:
    """The weights in force with the calibration of the office, or of the nearest office above that has one."""
    weights = roster_index.current_weights()
    own = _nearest(office, weights)
    if own is not None:
        believed = replace(weights, slope=own.slope, offset=own.offset, cases=own.outcomes)
        return believed, Belief(True, own.outcomes, own.outcomes - own.fit)
    return weights, Belief(False, *count_outcomes(office))


def count_outcomes(office: Office) -> tuple[int, int]:
    """How many outcomes the office has (experts who were sent and of whom we know whether they were fit), and how
    many of them went badly."""
    done = (Dispatch.state == DispatchState.DONE) & Case.outcome.in_((Outcome.SOLVED, Outcome.PARTLY, Outcome.UNSOLVED))
    said_no = (Dispatch.state == DispatchState.DECLINED) & Dispatch.decline_reason.in_(outcomes.UNFIT_REASONS)
    query = (
        select(func.count(), func.sum(case((done & (Case.outcome != Outcome.UNSOLVED), 0), else_=1)))
        .select_from(Dispatch)
        .join(Problem, Dispatch.problem_id == Problem.id)
        .join(Office, Problem.office_id == Office.id)
        .outerjoin(Case, Dispatch.case_id == Case.id)
        .where(Office.path.startswith(office.path), Problem.is_sample.is_(False), or_(done, said_no))
    )
    count, bad = db.session.execute(query).one()
    return int(count), int(bad or 0)


def refresh() -> list[Calibration]:
    """Learn the chances anew for every office that has enough outcomes (a job of the night)."""
    weights = roster_index.current_weights()
    offices = [office for office in _with_work() if count_outcomes(office)[0] >= ENOUGH]
    if not offices:
        return []
    index = outcomes.untaught_index(lexicon.untaught_lexicon(), weights)
    learnt = (_learn(office, weights, *outcomes.scored_outcomes(office, index)) for office in offices)
    return [one for one in learnt if one is not None]


def latest(office: Office) -> Calibration | None:
    """The calibration that holds for the office under the weights in force."""
    return _nearest(office, roster_index.current_weights())


def _learn(office: Office, weights: Weights, scores: np.ndarray, fits: np.ndarray) -> Calibration | None:
    bad = int((fits < 1).sum())
    if len(fits) < ENOUGH or bad < ENOUGH_BAD or bad == len(fits):
        return None
    trials = [_trial(number, fit) for number, fit in enumerate(fits)]
    by_id = {trial.id: np.array([score]) for trial, score in zip(trials, scores, strict=True)}
    slope, offset = calibrate(trials, by_id)
    learnt = Calibration(
        office_id=office.id,
        weights_version=weights.version,
        slope=slope,
        offset=offset,
        outcomes=len(fits),
        fit=len(fits) - bad,
        figures=reliability(trials, by_id),
    )
    db.session.add(learnt)
    record(Actor.system(), "weights.calibrate", learnt, office=office, outcomes=len(fits), **learnt.figures)
    return learnt


def _trial(number: int, fit: float) -> Trial:
    grade = float(FIT_GRADE) if fit else 0.0
    return Trial(str(number), np.zeros((1, 1)), np.array([grade]), frozenset({0}))


def _nearest(office: Office, weights: Weights) -> Calibration | None:
    """The newest calibration of the office or, where it has none, of the nearest office above."""
    chain = (*office.ancestor_ids, office.id)
    query = select(Calibration).where(Calibration.office_id.in_(chain), Calibration.weights_version == weights.version)
    found = {one.office_id: one for one in db.session.scalars(query.order_by(Calibration.id))}
    return next((found[number] for number in reversed(chain) if number in found), None)


def _with_work() -> Iterable[Office]:
    """Offices that sent somebody, and those above them."""
    busy = select(Problem.office_id).join(Dispatch, Dispatch.problem_id == Problem.id).distinct()
    found: dict[int, Office] = {}
    for office in db.session.scalars(select(Office).where(Office.id.in_(busy))):
        for number in (office.id, *office.ancestor_ids):
            found.setdefault(number, db.session.get_one(Office, number))
    return [found[number] for number in sorted(found)]
