"""Fit the few weights on cases with graded experts.

They maximise the likelihood of the graded experts under a softmax over the roster (ListNet; Cao et al., 2007), not
negative, with a ridge: three numbers for some dozens of cases. What is reported was seen on folds held out.
"""

import random
from collections.abc import Mapping, Sequence

import numpy as np

from matcher.matching.calibration import calibrate, reliability
from matcher.matching.evaluation import Array, Trial, figures
from matcher.matching.weights import FITTED, MEANING, POINTS, Weights

FOLDS, RIDGE, STEPS, RATE = 8, 0.02, 400, 0.05
#: Times the cases are dealt into folds; the scores of a case are those of the first deal.
SEED = 1
#: Below this chance of being fit the best one is not proposed as suitable.
LIMIT = 0.2


def fit(trials: Sequence[Trial], *, version: str) -> Weights:
    """Weights of all trials, with the figures and the calibration that cross-validation gave them."""
    scores = cross_validate(trials)
    slope, offset = calibrate(trials, scores)
    shown = {**figures(trials, scores), **reliability(trials, scores)}
    points = {name: round(float(one), 2) for name, one in zip(FITTED, fit_points(trials), strict=True)}
    return Weights(version, points, slope, offset, LIMIT, len({trial.case for trial in trials}), shown)


def fit_points(trials: Sequence[Trial], used: Sequence[int] | None = None) -> Array:
    """Points per part (column of the features), together POINTS; parts that are not `used` (None: all are) get none
    (Adam; Kingma and Ba, 2015)."""
    scale = np.mean([trial.features.std(axis=0) for trial in trials], axis=0) + 1e-9
    mask = np.zeros(len(scale))
    mask[list(range(len(scale)) if used is None else used)] = 1.0
    weights = 0.5 * mask
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        gradient = RIDGE * weights + np.mean([_gradient(trial, weights, scale) for trial in trials], axis=0)
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        change = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        weights = np.maximum(weights - RATE * change, 0.0) * mask
    points = weights / scale
    return POINTS * points / max(points.sum(), 1e-9)


def cross_validate(
    trials: Sequence[Trial], *, used: Sequence[int] = tuple(range(len(FITTED))), seed: int = SEED
) -> dict[str, Array]:
    """Scores of every expert for each case, by points that never saw the case."""
    dealt = list(dict.fromkeys(trial.case for trial in trials))
    random.Random(seed).shuffle(dealt)
    scores: dict[str, Array] = {}
    for fold in range(FOLDS):
        held = set(dealt[fold::FOLDS])
        points = fit_points([trial for trial in trials if trial.case not in held], used)
        scores.update({trial.id: trial.features @ points for trial in trials if trial.case in held})
    return scores


def scores_by(trials: Sequence[Trial], points: Mapping[str, float]) -> dict[str, Array]:
    """Scores by given points."""
    given = np.array([points.get(name, 0.0) for name in (*FITTED, MEANING)])
    return {trial.id: trial.features @ given[: trial.features.shape[1]] for trial in trials}


def _gradient(trial: Trial, weights: Array, scale: Array) -> Array:
    x = trial.features / scale
    logits = x @ weights
    share = np.exp(logits - logits.max())
    gradient: Array = -(trial.gains - share / share.sum()) @ x
    return gradient
