"""Problems like this one: doubles of the same enterprise, and troubles of the same kind elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, select

from matcher.db import db, now
from matcher.matching import Need
from matcher.matching.alike import likest
from matcher.models import Case, Dispatch, DispatchState, Expert, Menu, Outcome, Problem, ProblemState
from matcher.services import lexicon

#: From this likeness on two problems of one enterprise may be the same.
DOUBLE = 0.35
#: Older problems and more than so many are not compared.
SINCE, MOST_OWN, MOST_OTHERS = timedelta(days=730), 40, 300
SHOWN = 5

_GONE = (ProblemState.REJECTED, ProblemState.WITHDRAWN, ProblemState.LAPSED)


@dataclass(frozen=True, slots=True)
class Like:
    """A problem like another; `solvers` are those who solved it."""

    problem: Problem
    likeness: float
    solvers: tuple[Expert, ...] = ()


def doubles(problem: Problem) -> list[Like]:
    """Problems of the same enterprise that may be this one, filed again: the likest first."""
    query = (
        select(Problem)
        .join(Menu, Problem.menu_id == Menu.id)
        .where(Menu.enterprise_id == problem.menu.enterprise_id, Problem.menu_id != problem.menu_id)
    )
    return _like(problem, _recent(query, problem, MOST_OWN), at_least=DOUBLE)


def elsewhere(problem: Problem, visible: Select[Problem]) -> list[Like]:
    """Troubles of the same kind in other enterprises among those one may see, with who solved them."""
    query = visible.join(Menu, Problem.menu_id == Menu.id).where(Menu.enterprise_id != problem.menu.enterprise_id)
    found = _like(problem, _recent(query, problem, MOST_OTHERS))
    solvers = _solvers([one.problem.id for one in found])
    return [Like(one.problem, one.likeness, tuple(solvers.get(one.problem.id, ()))) for one in found]


def _recent(query: Select[Problem], problem: Problem, most: int) -> list[Problem]:
    recent = query.where(
        Problem.id != problem.id,
        Problem.state.not_in(_GONE),
        Problem.duplicate_of_id.is_(None),
        Problem.submitted_at >= now() - SINCE,
    )
    return list(db.session.scalars(recent.order_by(Problem.id.desc()).limit(most)).unique())


def _like(problem: Problem, others: Sequence[Problem], *, at_least: float | None = None) -> list[Like]:
    by_id = {str(other.id): other for other in others}
    needs = [Need(name, other.text, title=other.title) for name, other in by_id.items()]
    here = Need(str(problem.id), problem.text, title=problem.title)
    words = lexicon.current_lexicon()
    found = likest(here, needs, words) if at_least is None else likest(here, needs, words, at_least=at_least)
    return [Like(by_id[name], value) for name, value in found[:SHOWN]]


def _solvers(problem_ids: Sequence[int]) -> dict[int, list[Expert]]:
    query = (
        select(Case.problem_id, Expert)
        .join(Dispatch, Dispatch.case_id == Case.id)
        .join(Expert, Dispatch.expert_id == Expert.id)
        .where(Case.problem_id.in_(problem_ids), Case.outcome == Outcome.SOLVED, Dispatch.state == DispatchState.DONE)
        .order_by(Case.id, Dispatch.id)
    )
    found: dict[int, list[Expert]] = {}
    for problem_id, expert in db.session.execute(query):
        if expert not in found.setdefault(problem_id, []):
            found[problem_id].append(expert)
    return found
