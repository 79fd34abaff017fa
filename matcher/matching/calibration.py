"""From a score to the chance that the expert is fit, and how well such chances held."""

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.matching.evaluation import FIT_GRADE, Array, Trial

#: Experts per case that count for calibration: those a dispatcher looks at.
LOOKED_AT = 3
BINS = 5


def calibrate(trials: Sequence[Trial], scores: Mapping[str, Array]) -> tuple[float, float]:
    """Slope and offset of the logistic that turns held-out scores of the first experts into a chance
    (Platt, 1999; Newton's method on targets moved from 0 and 1 as there, so that no chance is certain)."""
    x, y = _outcomes(trials, scores)
    positive, negative = y.sum(), len(y) - y.sum()
    target = np.where(y > 0, (positive + 1) / (positive + 2), 1 / (negative + 2))
    design = np.stack([x - x.mean(), np.ones_like(x)], axis=1)
    found = np.zeros(2)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-(design @ found)))
        weight = np.maximum(chance * (1 - chance), 1e-9)
        hessian = design.T @ (design * weight[:, None]) + 1e-6 * np.eye(2)
        found += np.linalg.solve(hessian, design.T @ (target - chance))
    slope = max(float(found[0]), 0.0)
    return round(slope, 5), round(float(found[1]) - slope * float(x.mean()), 5)


def reliability(trials: Sequence[Trial], scores: Mapping[str, Array]) -> dict[str, float]:
    """Brier score and expected calibration error of chances that were calibrated without the case itself."""
    chances, outcomes = [], []
    for trial in trials:
        slope, offset = calibrate([other for other in trials if other is not trial], scores)
        x, y = _outcomes([trial], scores)
        chances.append(1 / (1 + np.exp(-(slope * x + offset))))
        outcomes.append(y)
    p, y = np.concatenate(chances), np.concatenate(outcomes)
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    error = sum(
        abs(p[bins == one].mean() - y[bins == one].mean()) * (bins == one).mean()
        for one in range(BINS)
        if (bins == one).any()
    )
    return {
        "brier": round(float(((p - y) ** 2).mean()), 4),
        "brier_of_the_mean": round(float(y.mean() * (1 - y.mean())), 4),
        "ece": round(float(error), 4),
    }


def _outcomes(trials: Sequence[Trial], scores: Mapping[str, Array]) -> tuple[Array, Array]:
    """Scores of the experts that would be looked at, and whether each was fit."""
    x, y = [], []
    for trial in trials:
        for row in np.argsort(-scores[trial.id], kind="stable")[:LOOKED_AT]:
            x.append(float(scores[trial.id][row]))
            y.append(float(trial.grades[row] >= FIT_GRADE))
    return np.array(x), np.array(y)
