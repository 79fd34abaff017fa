"""The engine's weights fitted on the installation's own confirmed cases: adopted only if they do better on months
that they never saw, and taken back by one press."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from matcher.db import db, now, today
from matcher.errors import BadInput, WrongMove
from matcher.matching import Weights
from matcher.matching.evaluation import Array, Trial, difference, figures
from matcher.matching.fitting import fit_points, scores_by
from matcher.matching.weights import FITTED, MEANING
from matcher.models import Actor, WeightSet
from matcher.services import lexicon, meanings, outcomes, roster_index
from matcher.services.history import record

#: So many confirmed cases, over so many months, are needed before a fit is tried.
ENOUGH_CASES, ENOUGH_MONTHS = 40, 4
#: This share of the months, the newest, is held out and foretold from what came before.
HELD_OUT = 1 / 3
#: Today's weights count like so many cases beside one's own: a few cases move them a little, many make them.
PRIOR = 100


@dataclass(frozen=True, slots=True)
class Material:
    """How much there is to fit on."""

    cases: int
    months: int

    @property
    def is_enough(self) -> bool:
        """Whether a fit can be tried."""
        return self.cases >= ENOUGH_CASES and self.months >= ENOUGH_MONTHS


def material() -> Material:
    """Confirmed cases of the whole installation, and the months they come from."""
    told = outcomes.confirmed_cases()
    return Material(len(told), len({one.month for one in told}))


def refit(*, by: Actor) -> WeightSet:
    """Fit, foretell the held-out months with what came before each, and adopt what does better than today's."""
    told = outcomes.confirmed_cases()
    months = sorted({one.month for one in told})
    if not Material(len(told), len(months)).is_enough:
        raise BadInput(
            "要有 %(cases)d 件企业已确认的案例、分布在 %(months)d 个月里，才能拟合；现在有 %(n)d 件、%(m)d 个月。",
            cases=ENOUGH_CASES,
            months=ENOUGH_MONTHS,
            n=len(told),
            m=len(months),
        )
    used = roster_index.current_weights()
    trials = _trials(told, used)
    by_month = _by_month(told, trials)
    held = [trial for month in _held(sorted(by_month)) for trial in by_month[month]]
    seen = _foretold(by_month, used)
    shown = _shown(held, seen, scores_by(held, used.points))
    points = _fitted(list(trials.values()), used)
    fitted = replace(used, version=_next_version(), points=points, figures=shown)
    kept = WeightSet(version=fitted.version, weights=fitted.as_dict(), figures={**shown, "material": len(trials)})
    kept.adopted_at = now() if is_better(shown) else None
    db.session.add(kept)
    record(by, "weights.refit", kept, office=by.office, adopted=kept.is_in_force, difference=shown["difference"])
    return kept


def is_better(shown: Mapping[str, Any]) -> bool:
    """Better on the held-out months: nDCG@10 rises, and the right expert is not less often among the first three."""
    gained = shown["difference"]
    return bool(gained["ndcg10"][0] > 0 and gained["hit3"][0] >= 0)


def take_back(kept: WeightSet, *, by: Actor) -> None:
    """These weights hold no longer; those before them, at last the shipped ones, hold again."""
    if not kept.is_in_force:
        raise WrongMove("这组权重没有在用。")
    kept.withdrawn_at = now()
    record(by, "weights.take_back", kept, office=by.office, version=kept.version)


def all_sets() -> list[WeightSet]:
    """Every set that was fitted here, the newest first."""
    return list(db.session.scalars(select(WeightSet).order_by(WeightSet.id.desc())))


def in_force() -> tuple[Weights, WeightSet | None]:
    """The weights in use, and the row they come from (None: the shipped ones)."""
    used = roster_index.current_weights()
    return used, db.session.scalar(select(WeightSet).filter_by(version=used.version))


def _trials(told: Sequence[outcomes.Told], used: Weights) -> dict[int, Trial]:
    """With what the optional model says, where it was asked about enough of the cases; else without."""
    index = outcomes.untaught_index(lexicon.untaught_lexicon(), used)
    if meanings.is_on():
        trials = outcomes.trials(told, index, with_meaning=True)
        months = {one.month for one in told if one.case.id in trials}
        if Material(len(trials), len(months)).is_enough:
            return trials
    return outcomes.trials(told, index)


def _by_month(told: Sequence[outcomes.Told], trials: Mapping[int, Trial]) -> dict[str, list[Trial]]:
    found: dict[str, list[Trial]] = {}
    for one in told:
        if one.case.id in trials:
            found.setdefault(one.month, []).append(trials[one.case.id])
    return found


def _held(months: Sequence[str]) -> list[str]:
    count = max(2, round(len(months) * HELD_OUT))
    return list(months[-count:])


def _fitted(trials: Sequence[Trial], used: Weights) -> dict[str, float]:
    """Points fitted on the trials, drawn towards today's the more the fewer the trials are."""
    share = len(trials) / (len(trials) + PRIOR)
    found = fit_points(trials)
    own = dict(zip((*FITTED, MEANING)[: len(found)], found, strict=True))
    return {name: round(share * float(own[name]) + (1 - share) * used.points.get(name, 0.0), 2) for name in own}


def _foretold(by_month: Mapping[str, list[Trial]], used: Weights) -> dict[str, Array]:
    """Scores of the held-out months, each by points fitted on the months before it."""
    months = sorted(by_month)
    scores: dict[str, Array] = {}
    for month in _held(months):
        before = [trial for earlier in months if earlier < month for trial in by_month[earlier]]
        scores |= scores_by(by_month[month], _fitted(before, used))
    return scores


def _shown(held: Sequence[Trial], fitted: Mapping[str, Array], used: Mapping[str, Array]) -> dict[str, Any]:
    return {
        "held": len(held),
        "before": figures(held, used),
        "after": figures(held, fitted),
        "difference": difference(held, fitted, used),
    }


def _next_version() -> str:
    number = (db.session.scalar(select(func.max(WeightSet.id))) or 0) + 1
    return f"own-{today():%Y%m%d}-{number}"
