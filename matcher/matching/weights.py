"""The engine's weights: few, fitted by cross-validation, written with their version and figures."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import resources
from math import exp
from typing import Any

#: The parts of a score that are fitted, in the order in which they are told.
FITTED = ("competence", "words", "industry")
#: What an optional model says of a pair: fitted where there is one, else without points.
MEANING = "meaning"
#: Points that the fitted parts share, and those of proven cases; nearness has 3 and room 2, so that 100 is the most.
POINTS, PROVEN_POINTS = 88.0, 7.0


@dataclass(frozen=True)
class Weights:
    """Points per fitted part at its fullest. `slope` and `offset` turn a score into the probability that the
    expert is fit (logistic; Platt, 1999); below `limit` nobody is suitable. `cases` is the number of outcomes
    behind them, `figures` what cross-validation showed."""

    version: str
    points: Mapping[str, float]
    slope: float = 0.0
    offset: float = 0.0
    limit: float = 0.0
    cases: int = 0
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_calibrated(self) -> bool:
        """Whether a score can be told as a probability."""
        return self.cases > 0

    def confidence(self, score: float) -> float | None:
        """The probability that an expert with this score is fit; None where no outcome is known."""
        if not self.is_calibrated:
            return None
        return 1 / (1 + exp(-(self.slope * score + self.offset)))

    def as_dict(self) -> dict[str, Any]:
        """As it is kept in a file or a row."""
        return asdict(self)


def weights_from(entry: Mapping[str, Any]) -> Weights:
    """Weights out of a file or a row; unknown keys are an error (TypeError)."""
    return Weights(**entry)


@cache
def shipped_weights() -> Weights:
    """The weights that come with the package."""
    text = resources.files(__package__).joinpath("data/weights.json").read_text("utf-8")
    return weights_from(json.loads(text))
