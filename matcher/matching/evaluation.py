"""How good a ranking is, on cases of which people said who was sent and who would have done: with intervals."""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.matching.files import need_of
from matcher.matching.index import Index
from matcher.matching.reading import read_need
from matcher.matching.scoring import ask, features

Array = NDArray[np.float64]
#: From this grade on an expert is fit; 3 was really sent, 2 clearly competent, 1 a plausible second choice.
FIT_GRADE = 2
DRAWS = 2000


@dataclass(frozen=True, eq=False)
class Trial:
    """A case as fitting sees it, experts in the order of their ids: `features` (experts × fitted parts), `grades` per
    expert, `sent` places."""

    id: str
    features: Array
    grades: Array
    sent: frozenset[int]

    @property
    def case(self) -> str:
        """The case it is a trial of: read with several lexicons, a case has several trials (id@1, id@2 …)."""
        return self.id.partition("@")[0]

    @property
    def gains(self) -> Array:
        """2^grade − 1 as a distribution over the experts."""
        gain = 2.0**self.grades - 1
        return gain / gain.sum()


def trials_of(cases: Iterable[Mapping[str, Any]], index: Index, *, parts: int = 3) -> list[Trial]:
    """Cases as trials: those that can be recovered from the roster and were not solved by the firm's own man."""
    shelf = index.shelf
    place_of = {str(shelf.ids[row]): place for place, row in enumerate(shelf.by_id.tolist())}
    trials = []
    for case in cases:
        if not case.get("recoverable", True) or case.get("dispatch") == "own":
            continue
        grades = np.zeros(len(shelf))
        for expert_id, grade in case.get("grades", {}).items():
            if expert_id in place_of:
                grades[place_of[expert_id]] = grade
        named = (case.get("expert"), *case.get("also", ()))
        sent = frozenset(place_of[one] for one in named if one in place_of)
        if sent and grades.any():
            found = features(ask(read_need(need_of(case)), index.space), shelf, shelf.by_id)[:, :parts]
            trials.append(Trial(str(case["id"]), found, grades, sent))
    return trials


def figures_of(trial: Trial, scores: Array) -> dict[str, float]:
    """hit@1/3/10, MRR, nDCG@10 and fit@3 of one ranking; equal scores in the order of the ids."""
    order = np.argsort(-scores, kind="stable")
    place = next((place for place, row in enumerate(order.tolist(), 1) if row in trial.sent), None)
    gain = sum((2.0 ** trial.grades[row] - 1) / math.log2(n + 1) for n, row in enumerate(order[:10], 1))
    best = np.sort(2.0**trial.grades - 1)[::-1][:10]
    return {
        "hit1": float(place == 1),
        "hit3": float(place is not None and place <= 3),
        "hit10": float(place is not None and place <= 10),
        "mrr": 1 / place if place else 0.0,
        "ndcg10": gain / sum(one / math.log2(n + 1) for n, one in enumerate(best, 1)),
        "fit3": float(any(trial.grades[row] >= FIT_GRADE for row in order[:3])),
    }


def figures(trials: Sequence[Trial], scores: Mapping[str, Array]) -> dict[str, list[float]]:
    """Means over the trials, each as [mean, low, high] with a 95 % bootstrap interval."""
    rows = [figures_of(trial, scores[trial.id]) for trial in trials]
    return {name: _with_interval([row[name] for row in rows]) for name in rows[0]}


def difference(trials: Sequence[Trial], one: Mapping[str, Array], other: Mapping[str, Array]) -> dict[str, list[float]]:
    """Paired differences one − other per figure, as [mean, low, high]."""
    pairs = [(figures_of(trial, one[trial.id]), figures_of(trial, other[trial.id])) for trial in trials]
    return {name: _with_interval([a[name] - b[name] for a, b in pairs]) for name in pairs[0][0]}


def _with_interval(values: Sequence[float]) -> list[float]:
    chance = random.Random(1)
    means = sorted(math.fsum(chance.choices(values, k=len(values))) / len(values) for _ in range(DRAWS))
    low, high = means[int(0.025 * DRAWS)], means[int(0.975 * DRAWS)]
    return [round(one, 3) for one in (math.fsum(values) / len(values), low, high)]
