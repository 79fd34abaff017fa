"""What the dispatcher wants to know of an expert before sending them: gathered for all at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case as sql_case
from sqlalchemy import func, or_, select

from matcher.access.doors import visible_experts
from matcher.db import db
from matcher.models import (
    Case,
    Conflict,
    Dispatch,
    DispatchState,
    Effect,
    Enterprise,
    Expert,
    ExpertState,
    Menu,
    Outcome,
    Problem,
    Proposal,
    User,
)
from matcher.services import conflicts, effects, proposals, workload

Cases = dict[int, list[Case]]
Dispatches = dict[int, list[Dispatch]]
#: Where a span begins and ends, its field and its text.
Span = dict[str, Any]

AT_WORK = (DispatchState.ACCEPTED, DispatchState.DONE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One expert for one problem. `obstacle` is a sentence, or None where nothing stands against it."""

    expert: Expert
    proposal: Proposal | None
    in_hand: int
    capacity: int
    obstacle: str | None
    conflict: Conflict | None
    is_own_employer: bool
    distance: int | None
    together: list[Case] = field(default_factory=list)
    declined: list[Dispatch] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    worked: int = 0
    solved: int = 0

    def spans_in(self, field: str) -> list[Span]:
        """The spans of the problem's title or text that speak for this expert."""
        return [span for span in self._spans("need_spans") if span["field"] == field]

    @property
    def evidence(self) -> list[tuple[str, str, list[Span]]]:
        """(field, text, spans) of the expert's record, as far as something speaks there for the pair.

        The record may have changed since it was matched; a field that is gone is left out.
        """
        return evidence_in(self.expert, self._spans("expert_spans"))

    @property
    def belief(self) -> Mapping[str, Any]:
        """Whether the chance was learnt from the office's own outcomes; empty for proposals of before."""
        return dict(self.proposal.reasons.get("belief", {})) if self.proposal is not None else {}

    def _spans(self, side: str) -> list[Span]:
        return list(self.proposal.reasons.get(side, [])) if self.proposal is not None else []

    @property
    def may_be_sent(self) -> bool:
        """Whether the button stands on the page."""
        return self.obstacle is None and self.conflict is None


def evidence_in(expert: Expert, spans: Sequence[Span]) -> list[tuple[str, str, list[Span]]]:
    """(field, text, spans) of an expert's record, as far as the spans stand in it."""
    found: dict[str, list[Span]] = {}
    for span in spans:
        found.setdefault(str(span["field"]), []).append(span)
    skills = {f"skill:{number}": skill.text for number, skill in enumerate(expert.skills)}
    texts = {name: getattr(expert, name) for name in ("trade", "title", "profile", "employer")} | skills
    return [(name.split(":")[0], texts[name], spans) for name, spans in found.items() if name in texts]


def proposed(problem: Problem) -> list[Candidate]:
    """The stored proposals of the problem, best first, with what is known of each expert today."""
    by_expert = {proposal.expert_id: proposal for proposal in problem.proposals}
    return _gathered(problem, [proposal.expert for proposal in problem.proposals], by_expert)


def chosen(problem: Problem, experts: Sequence[Expert]) -> list[Candidate]:
    """The same for experts whom the dispatcher looked up."""
    return _gathered(problem, experts, {proposal.expert_id: proposal for proposal in problem.proposals})


def _gathered(problem: Problem, experts: Sequence[Expert], stored: dict[int, Proposal]) -> list[Candidate]:
    ids = [expert.id for expert in experts]
    in_hand = workload.open_work(ids)
    forbidden = conflicts.forbidden_pairs(ids, problem.enterprise)
    together, declined = _worked_for(problem.enterprise, ids), _declined(problem, ids)
    in_force, worked = effects.in_force(ids), _worked(ids)
    return [
        Candidate(
            expert=expert,
            proposal=stored.get(expert.id),
            in_hand=(busy := in_hand.get(expert.id, 0)),
            capacity=workload.capacity_of(expert, problem.office),
            obstacle=workload.why_not(expert, problem.office, in_hand=busy),
            conflict=forbidden.get(expert.id),
            is_own_employer=conflicts.is_own_employer(expert, problem.enterprise),
            distance=proposals.distance(problem, expert),
            together=together[expert.id],
            declined=declined[expert.id],
            effects=in_force.get(expert.id, []),
            worked=worked.get(expert.id, (0, 0))[0],
            solved=worked.get(expert.id, (0, 0))[1],
        )
        for expert in experts
    ]


def _worked_for(enterprise: Enterprise, ids: Sequence[int]) -> Cases:
    """Earlier cases of these experts at the enterprise."""
    query = (
        select(Dispatch.expert_id, Case)
        .join(Case, Dispatch.case_id == Case.id)
        .join(Problem, Case.problem_id == Problem.id)
        .join(Menu, Problem.menu_id == Menu.id)
        .where(Menu.enterprise_id == enterprise.id, Dispatch.expert_id.in_(ids), Dispatch.state.in_(AT_WORK))
        .order_by(Case.id)
    )
    found: Cases = defaultdict(list)
    for expert_id, case in db.session.execute(query):
        found[expert_id].append(case)
    return found


def _worked(ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many cases each expert worked on to the end, and how many of them were solved."""
    solved = func.sum(sql_case((Case.outcome == Outcome.SOLVED, 1), else_=0))
    query = (
        select(Dispatch.expert_id, func.count(), solved)
        .join(Case, Dispatch.case_id == Case.id)
        .where(Dispatch.expert_id.in_(ids), Dispatch.state == DispatchState.DONE)
        .group_by(Dispatch.expert_id)
    )
    return {expert_id: (int(all_of_them), int(well)) for expert_id, all_of_them, well in db.session.execute(query)}


def _declined(problem: Problem, ids: Sequence[int]) -> Dispatches:
    """What became of earlier offers of this very problem."""
    over = (DispatchState.DECLINED, DispatchState.EXPIRED, DispatchState.RECALLED, DispatchState.RELEASED)
    query = select(Dispatch).where(
        Dispatch.problem_id == problem.id, Dispatch.expert_id.in_(ids), Dispatch.state.in_(over)
    )
    found: Dispatches = defaultdict(list)
    for offer in db.session.scalars(query.order_by(Dispatch.id)):
        found[offer.expert_id].append(offer)
    return found


def look_up(user: User, words: str, *, limit: int = 12) -> list[Expert]:
    """Experts whom the user may send, by name, pinyin, initials or trade."""
    said = words.strip().lower()
    query = visible_experts(user).where(
        Expert.state != ExpertState.LEFT,
        or_(
            Expert.search_key.contains(said, autoescape=True),
            Expert.trade.contains(said, autoescape=True),
            Expert.profile.contains(said, autoescape=True),
        ),
    )
    return list(db.session.scalars(query.order_by(Expert.name, Expert.id).limit(limit)))
