"""The golden set: today's roster and settings against the office's own confirmed cases, compared with the last run.

The question of each case: on which place would the one who solved it be proposed today? What the case itself taught
(a proven skill, its words in the lexicon) is not heard.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from matcher.db import db
from matcher.errors import BadInput
from matcher.matching import Index, propose
from matcher.models import Actor, Expert, ExpertState, GoldenRun, Office, Problem
from matcher.services import lexicon, outcomes, roster_index
from matcher.services.history import record
from matcher.services.needs import need_of
from matcher.services.numbers import current_revision

#: So many of the newest cases are asked, and so many places are looked at.
MOST_CASES, PLACES = 120, 10
FIRST = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One case then and now. A place is None beyond the first PLACES, or where the case was not asked."""

    problem: Problem
    solvers: tuple[Expert, ...]
    first: Expert | None
    place: int | None
    before: int | None
    is_new: bool

    @property
    def change(self) -> int:
        """Above 0: nearer to the front than the last time."""
        return 0 if self.is_new else (self.before or PLACES + 1) - (self.place or PLACES + 1)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run beside the one before it."""

    run: GoldenRun
    before: GoldenRun | None
    lines: tuple[Line, ...]

    @property
    def better(self) -> list[Line]:
        """Cases whose solver moved forward."""
        return [line for line in self.lines if line.change > 0]

    @property
    def worse(self) -> list[Line]:
        """Cases whose solver fell back."""
        return [line for line in self.lines if line.change < 0]

    @property
    def hits(self) -> int:
        """Cases whose solver stands among the first three today."""
        return sum(1 for line in self.lines if line.place is not None and line.place <= FIRST)

    @property
    def hits_before(self) -> int | None:
        """The same in the run before, over its own cases."""
        if self.before is None:
            return None
        return sum(1 for row in self.before.results if row["place"] is not None and row["place"] <= FIRST)

    def changed(self, what: str) -> bool:
        """Whether the lexicon, the weights or the roster is another than the last time."""
        return self.before is not None and self.before.versions.get(what) != self.run.versions.get(what)


def run(office: Office, *, by: Actor) -> GoldenRun:
    """Ask every confirmed case again and keep the places."""
    told = outcomes.confirmed_cases(office)[-MOST_CASES:]
    if not told:
        raise BadInput("还没有企业确认解决的案例，暂时没有可以检验的。")
    words, weights = lexicon.untaught_lexicon(), roster_index.current_weights()
    experts = {expert.id: expert for expert in _roster(office)}
    index = Index.build(roster_index.profiles_of(list(experts.values())), words, weights)
    results = [_asked(one, index, experts) for one in told]
    kept = GoldenRun(office=office, by_id=by.user.id if by.user else None, results=results, versions=_versions())
    db.session.add(kept)
    record(by, "golden.run", kept, office=office, cases=len(results))
    return kept


def latest(office: Office) -> Comparison | None:
    """The newest run beside the one before it; None where there was no run yet."""
    query = select(GoldenRun).filter_by(office_id=office.id).order_by(GoldenRun.id.desc()).limit(2)
    runs = list(db.session.scalars(query))
    if not runs:
        return None
    return _compared(runs[0], runs[1] if len(runs) > 1 else None)


def _asked(one: outcomes.Told, index: Index, experts: Mapping[int, Expert]) -> dict[str, Any]:
    solvers = [experts[number] for number in one.experts if number in experts]
    unaware = index.with_changes(roster_index.profiles_of(solvers, without=[one.case.id])) if solvers else index
    found = [int(match.expert_id) for match in propose(need_of(one.case.problem), unaware, limit=PLACES).matches]
    places = [found.index(number) + 1 for number in one.experts if number in found]
    return {
        "problem": one.case.problem_id,
        "experts": list(one.experts),
        "place": min(places, default=None),
        "first": found[0] if found else None,
    }


def _versions() -> dict[str, Any]:
    return {
        "lexicon": lexicon.version_number(),
        "weights": roster_index.current_weights().version,
        "roster": current_revision("roster"),
    }


def _roster(office: Office) -> list[Expert]:
    query = (
        select(Expert)
        .join(Office, Expert.office_id == Office.id)
        .where(
            Expert.state != ExpertState.LEFT,
            or_(Office.path.startswith(office.path), Office.id.in_(office.ancestor_ids)),
        )
    )
    return list(db.session.scalars(query.order_by(Expert.id)))


def _compared(newest: GoldenRun, before: GoldenRun | None) -> Comparison:
    earlier = {row["problem"]: row["place"] for row in before.results} if before is not None else {}
    problems = _by_id(Problem, [row["problem"] for row in newest.results])
    people = _by_id(Expert, [n for row in newest.results for n in (*row["experts"], row["first"]) if n])
    lines = [
        Line(
            problem=problems[row["problem"]],
            solvers=tuple(people[number] for number in row["experts"] if number in people),
            first=people.get(row["first"]),
            place=row["place"],
            before=earlier.get(row["problem"]),
            is_new=row["problem"] not in earlier,
        )
        for row in newest.results
        if row["problem"] in problems
    ]
    return Comparison(newest, before, tuple(lines))


def _by_id(noun: Any, ids: Sequence[int]) -> dict[int, Any]:
    rows = db.session.scalars(select(noun).where(noun.id.in_(set(ids)))).unique()
    return {row.id: row for row in rows}
