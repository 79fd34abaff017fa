"""From one problem to a class: alike problems of several enterprises, which one joint action may serve better."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import Select, select

from matcher.db import db, now
from matcher.matching import Lexicon, Need
from matcher.matching.alike import alike_groups
from matcher.models import (
    Activity,
    Actor,
    Case,
    Enterprise,
    Expert,
    Office,
    Outcome,
    Problem,
    ProblemState,
    SolutionCard,
)
from matcher.services import activities
from matcher.services.history import record
from matcher.services.lexicon import current_lexicon

#: From so many enterprises on a joint action is offered.
ENOUGH = 3
#: Older problems and more than so many are not compared.
SINCE, MOST = timedelta(days=730), 1000

_GONE = (ProblemState.REJECTED, ProblemState.WITHDRAWN, ProblemState.LAPSED)
OPEN = (ProblemState.SUBMITTED, ProblemState.RETURNED, ProblemState.ACCEPTED, ProblemState.DISPATCHED)


@dataclass(frozen=True, slots=True)
class Group:
    """Problems of one kind, the newest first. `key` is the number of the oldest: it stays when others join."""

    problems: tuple[Problem, ...]

    @property
    def key(self) -> str:
        """What the group is called in an address."""
        return min(self.problems, key=lambda p: p.id).number

    @property
    def title(self) -> str:
        """The shortest title says best what all are about."""
        return min((p.title for p in self.problems), key=lambda title: (len(title), title))

    @property
    def enterprises(self) -> list[Enterprise]:
        """Who has the trouble, each once."""
        return list({p.enterprise.id: p.enterprise for p in self.problems}.values())

    @property
    def offices(self) -> list[str]:
        """Where it was reported."""
        return sorted({p.owner_office.short_name for p in self.problems})

    @property
    def open(self) -> list[Problem]:
        """Those that still wait for help."""
        return [p for p in self.problems if p.state in OPEN]

    @property
    def kind(self) -> str | None:
        """The problem kind that most of them have."""
        known = Counter(p.problem_kind for p in self.problems if p.problem_kind)
        return min(known, key=lambda code: (-known[code], code)) if known else None

    @property
    def is_enough(self) -> bool:
        """Whether a joint action is offered."""
        return len(self.enterprises) >= ENOUGH


def groups_of(visible: Select[Problem]) -> list[Group]:
    """Groups of at least two enterprises among these problems, the widest first."""
    recent = visible.where(
        Problem.state.not_in(_GONE),
        Problem.duplicate_of_id.is_(None),
        Problem.submitted_at >= now() - SINCE,
    )
    problems = {str(p.id): p for p in db.session.scalars(recent.order_by(Problem.id.desc()).limit(MOST)).unique()}
    needs = tuple(Need(name, p.text, title=p.title) for name, p in problems.items())
    found = []
    for names in _alike(needs, current_lexicon()):
        members = sorted((problems[name] for name in names), key=lambda p: -p.id)
        group = Group(tuple(members))
        if len(group.enterprises) > 1:
            found.append(group)
    return sorted(found, key=lambda g: (-len(g.enterprises), -len(g.open), g.key))


@lru_cache(maxsize=8)
def _alike(needs: tuple[Need, ...], words: Lexicon) -> list[list[str]]:
    """The groups among these texts, kept until a text is another or a problem comes or goes."""
    return alike_groups(needs, words)


def solvers(group: Group) -> list[Expert]:
    """Experts who solved one of the group's problems, the most often first."""
    query = select(Case).where(Case.problem_id.in_([p.id for p in group.problems]), Case.outcome == Outcome.SOLVED)
    times: Counter[int] = Counter()
    people: dict[int, Expert] = {}
    for case in db.session.scalars(query):
        for expert in case.experts:
            times[expert.id] += 1
            people[expert.id] = expert
    return [people[number] for number in sorted(people, key=lambda n: (-times[n], n))]


def cards_in(group: Group) -> list[SolutionCard]:
    """Solution cards that came from the group's problems."""
    query = (
        select(SolutionCard)
        .join(Case, Case.id == SolutionCard.case_id)
        .where(Case.problem_id.in_([p.id for p in group.problems]), SolutionCard.withdrawn_at.is_(None))
    )
    return list(db.session.scalars(query.order_by(SolutionCard.id)))


def plan_joint_action(
    office: Office,
    group: Group,
    kind: str,
    title: str,
    on: date,
    *,
    by: Actor,
    place: str = "",
    experts: Sequence[Expert] = (),
    enterprises: Sequence[Enterprise] = (),
) -> Activity:
    """Plan one session for all of them; each problem's log says so."""
    activity = activities.plan_activity(
        office, kind, title, on, by=by, place=place, experts=experts, enterprises=enterprises
    )
    invited = {enterprise.id for enterprise in enterprises}
    for problem in group.problems:
        if problem.enterprise.id in invited:
            record(by, "problem.joint_action", problem, activity=activity.title, on=on)
    return activity
