"""What became of matches here: cases as trials for fitting, and pairs of score and outcome for calibration.

A record is read as if no case had ever shown anything, and by the lexicon without case words: otherwise the matcher
would be examined on answers that it was told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import or_, select

from matcher.db import LOCAL, db
from matcher.matching import Index, Lexicon, Profile, Weights
from matcher.matching.evaluation import Trial
from matcher.matching.reading import read_need
from matcher.matching.scoring import ask, features
from matcher.matching.weights import FITTED
from matcher.models import (
    Case,
    CaseState,
    DeclineReason,
    Dispatch,
    DispatchState,
    Expert,
    ExpertState,
    Office,
    Outcome,
    Problem,
)
from matcher.services import meanings, needs, roster_index

#: A trial compares the sent experts with so many others, the likeliest by today's weights.
MOST_RIVALS = 300
SENT, FIT = 3.0, 2.0
#: A decline for these reasons says that the expert was not fit; the others say nothing of competence.
UNFIT_REASONS = (DeclineReason.NOT_MY_TRADE, DeclineReason.MODEL_UNKNOWN)


@dataclass(frozen=True, slots=True)
class Told:
    """A confirmed case: when it was closed, the problem, and who solved it."""

    case: Case
    closed_on: date
    experts: tuple[int, ...]

    @property
    def month(self) -> str:
        """2026-11"""
        return f"{self.closed_on:%Y-%m}"


def confirmed_cases(office: Office | None = None) -> list[Told]:
    """Cases that solved the problem, as the enterprise confirmed, oldest first; samples are left out."""
    query = (
        select(Case)
        .join(Problem, Case.problem_id == Problem.id)
        .where(
            Case.state == CaseState.CONFIRMED,
            Case.outcome == Outcome.SOLVED,
            Problem.is_sample.is_(False),
        )
    )
    if office is not None:
        query = query.join(Office, Problem.office_id == Office.id).where(Office.path.startswith(office.path))
    found = []
    for case in db.session.scalars(query.order_by(Case.closed_at, Case.id)):
        experts = tuple(expert.id for expert in case.experts)
        if experts and case.closed_at is not None:
            found.append(Told(case, case.closed_at.astimezone(LOCAL).date(), experts))
    return found


def untaught_index(lexicon: Lexicon, weights: Weights) -> Index:
    """Everybody who is on the roster, without what cases taught."""
    experts = list(db.session.scalars(select(Expert).where(Expert.state != ExpertState.LEFT)))
    profiles: Iterable[Profile] = map(roster_index.without_cases, roster_index.profiles_of(experts))
    return Index.build(profiles, lexicon, weights)


def trials(told: Sequence[Told], index: Index, *, with_meaning: bool = False) -> dict[int, Trial]:
    """Cases as trials by case id; a case whose experts are all gone from the roster is left out.

    `with_meaning` adds a column of what the optional model says, and leaves out the cases it was not asked about.
    """
    found = {}
    for one in told:
        trial = _trial(one, index, with_meaning)
        if trial is not None:
            found[one.case.id] = trial
    return found


def scored_outcomes(office: Office, index: Index) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scores by competence alone of the experts that the office sent, and whether each was fit."""
    scores, fits = [], []
    for offer, is_fit in _outcomes(office):
        found = index.find(str(offer.expert_id))
        if found is not None:
            shelf, row = found
            asked = ask(read_need(needs.need_of(offer.problem)), index.space)
            parts = features(asked, shelf, np.array([row]))[0, : len(FITTED)]
            scores.append(float(parts @ np.array([index.weights.points[name] for name in FITTED])))
            fits.append(float(is_fit))
    return np.array(scores), np.array(fits)


def _outcomes(office: Office) -> list[tuple[Dispatch, bool]]:
    """Dispatches of which we know whether the expert was fit: solved, unsolved, or declined as not their trade."""
    done = Dispatch.state == DispatchState.DONE
    said_no = (Dispatch.state == DispatchState.DECLINED) & Dispatch.decline_reason.in_(UNFIT_REASONS)
    query = (
        select(Dispatch, Case.outcome)
        .join(Problem, Dispatch.problem_id == Problem.id)
        .join(Office, Problem.office_id == Office.id)
        .outerjoin(Case, Dispatch.case_id == Case.id)
        .where(Office.path.startswith(office.path), Problem.is_sample.is_(False), or_(done, said_no))
        .order_by(Dispatch.id)
    )
    known = []
    for offer, outcome in db.session.execute(query):
        if offer.state is DispatchState.DECLINED:
            known.append((offer, False))
        elif outcome in (Outcome.SOLVED, Outcome.PARTLY, Outcome.UNSOLVED):
            known.append((offer, outcome is not Outcome.UNSOLVED))
    return known


def _trial(one: Told, index: Index, with_meaning: bool) -> Trial | None:
    shelf = index.shelf
    sent = [row for number in one.experts if (row := shelf.row_of(str(number))) is not None]
    if not sent:
        return None
    asked = ask(read_need(needs.need_of(one.case.problem)), index.space)
    found = features(asked, shelf, np.arange(len(shelf)))[:, : len(FITTED)]
    by_weight = found @ np.array([index.weights.points[name] for name in FITTED])
    rivals = [row for row in np.argsort(-by_weight, kind="stable")[:MOST_RIVALS].tolist() if row not in sent]
    rows = [*sent, *rivals]
    grades = np.zeros(len(rows))
    grades[: len(sent)] = SENT
    seen = found[rows]
    if with_meaning:
        said = meanings.said_of(one.case.problem, [int(shelf.ids[row]) for row in rows])
        if not said:
            return None
        seen = np.column_stack([seen, [said[int(shelf.ids[row])] for row in rows]])
    return Trial(str(one.case.id), seen, grades, frozenset(range(len(sent))))
