"""The matcher proposes, the union decides: matches stored with their reasons and the versions they came from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from matcher.db import db, now
from matcher.matching import Circumstances, Match, Need, Proposals, Weights, propose
from matcher.matching.version import engine_version
from matcher.models import (
    Dispatch,
    Effect,
    EffectKind,
    Expert,
    ExpertState,
    Loan,
    LoanState,
    Office,
    Problem,
    ProblemState,
    Proposal,
)
from matcher.services import calibrations, conflicts, effects, lexicon, meanings, roster_index, snapshots, workload
from matcher.services.needs import need_of
from matcher.services.roster_index import Kept

#: Shown on the problem's page.
SHORTLIST = 5
#: A "too far" counts for offices other than the expert's own town; the other kinds of decline by their words.
WEAKENING = {EffectKind.SKILL_WEAKER: 1.0, EffectKind.FINER_SKILL: 0.5}


def propose_experts(problem: Problem, *, limit: int = SHORTLIST) -> list[Proposal]:
    """Ask the matcher about a problem and store what it says, replacing what it said before.

    Who is full, paused, away or forbidden is not proposed. An empty list, or one of unsuitable proposals, means
    that nobody on the roster is good enough.
    """
    experts = reachable_experts(problem)
    known = circumstances(problem, experts)
    kept, need = roster_index.current(), need_of(problem)
    weights, belief = calibrations.weights_for(problem.office)
    answer = propose(need, kept.index.with_weights(weights), limit=limit, among=known, circumstances=known)
    moment = now()
    _put_aside(problem)
    versions = _versions(problem, need, answer, kept, weights)
    rows = [
        _row(problem, match, answer, rank, known, of_match, belief, moment)
        for rank, (match, of_match) in enumerate(zip(answer.matches, versions, strict=True), start=1)
    ]
    db.session.add_all(rows)
    db.session.flush()
    db.session.expire(problem, ["proposals"])
    return rows


def propose_for_open_problems(*, after_each: Callable[[], None]) -> int:
    """Propose again for every problem that waits for an expert. Returns how many."""
    waiting = (ProblemState.SUBMITTED, ProblemState.ACCEPTED)
    ids = db.session.scalars(select(Problem.id).where(Problem.state.in_(waiting)).order_by(Problem.id)).all()
    for problem_id in ids:
        propose_experts(db.session.get_one(Problem, problem_id))
        after_each()
    return len(ids)


def reachable_experts(problem: Problem) -> list[Expert]:
    """Whom the handling office may send: its subtree, the offices above, and who is lent to it."""
    office = problem.office
    lent = select(Loan.expert_id).where(Loan.office_id == office.id, Loan.state == LoanState.AGREED)
    query = (
        select(Expert)
        .join(Office, Expert.office_id == Office.id)
        .where(
            Expert.state == ExpertState.ACTIVE,
            or_(Office.path.startswith(office.path), Office.id.in_(office.ancestor_ids), Expert.id.in_(lent)),
        )
    )
    return list(db.session.scalars(query.order_by(Expert.id)))


def circumstances(problem: Problem, experts: Sequence[Expert]) -> dict[str, Circumstances]:
    """Place, room and earlier declines of those who can be sent now, by the engine's expert id."""
    ids = [expert.id for expert in experts]
    busy = workload.open_work(ids)
    forbidden = conflicts.forbidden_pairs(ids, problem.enterprise)
    declined = effects.in_force(ids)
    said = meanings.said_of(problem, ids)
    found = {}
    for expert in experts:
        in_hand = busy.get(expert.id, 0)
        if expert.id in forbidden or workload.why_not(expert, problem.office, in_hand=in_hand):
            continue
        found[str(expert.id)] = Circumstances(
            distance=distance(problem, expert),
            spare=workload.capacity_of(expert, problem.office) - in_hand,
            weaker=_weaker(problem, expert, declined.get(expert.id, [])),
            meaning=said.get(expert.id, 0.0),
        )
    return found


def distance(problem: Problem, expert: Expert) -> int | None:
    """0 the same town, 1 the same county, 2 the same city, 3 farther."""
    town = problem.menu.town or problem.enterprise.town
    if town and town == expert.town:
        return 0
    here, there = problem.office, expert.office
    if here.id == there.id or here.contains(there) or there.parent_id == here.parent_id == here.id:
        return 1
    return 2 if here.parent_id is not None and here.parent_id in (there.id, there.parent_id) else 3


def _weaker(problem: Problem, expert: Expert, declined: Sequence[Effect]) -> float:
    """What is left of this expert's declines that speak against this problem, 0 to 1."""
    left = 0.0
    for effect in declined:
        if effect.kind is EffectKind.NEARER and distance(problem, expert) != 0:
            left = max(left, 0.5 * effects.strength(effect))
        same_kind = effect.problem_kind == problem.problem_kind and effect.industry == problem.industry
        if effect.kind in WEAKENING and same_kind:
            left = max(left, WEAKENING[effect.kind] * effects.strength(effect))
    return round(left, 4)


def _put_aside(problem: Problem) -> None:
    """Yesterday's proposals go; those by which somebody was sent stay, so that one can ask later why."""
    here = select(Proposal).where(Proposal.problem_id == problem.id, Proposal.replaced_at.is_(None))
    sent = select(Dispatch.expert_id, func.max(Dispatch.offered_at)).where(Dispatch.problem_id == problem.id)
    last_sent = dict(db.session.execute(sent.group_by(Dispatch.expert_id)).all())
    for proposal in db.session.scalars(here):
        at = last_sent.get(proposal.expert_id)
        if at is not None and at >= proposal.made_at:
            proposal.replaced_at = now()
        else:
            db.session.delete(proposal)
    # The old rows must be gone before the new ones come: one current proposal per pair.
    db.session.flush()


def _versions(problem: Problem, need: Need, answer: Proposals, kept: Kept, weights: Weights) -> list[dict[str, Any]]:
    """For each match everything that is needed to come to the same opinion again."""
    lexicon.remember_shipped()
    profiles = [kept.index.profile(match.expert_id) for match in answer.matches]
    things = [
        snapshots.Kept(snapshots.NEED, asdict(need), problem_id=problem.id),
        snapshots.Kept(snapshots.WEIGHTS, weights.as_dict()),
        *(snapshots.Kept(snapshots.RECORD, asdict(one), expert_id=int(one.id)) for one in profiles if one is not None),
    ]
    need_key, weights_key, *record_keys = snapshots.keep(things)
    shared = {
        **answer.versions,
        "engine": engine_version(),
        "edition": kept.edition.as_dict(),
        "need_key": need_key,
        "weights_key": weights_key,
    }
    return [{**shared, "record_key": key} for key in record_keys]


def _row(
    problem: Problem,
    match: Match,
    answer: Proposals,
    rank: int,
    known: Mapping[str, Circumstances],
    versions: Mapping[str, Any],
    belief: calibrations.Belief,
    moment: datetime,
) -> Proposal:
    reasons: dict[str, Any] = {
        "parts": [asdict(part) for part in match.parts],
        "need_spans": [asdict(span) for span in match.need_spans],
        "expert_spans": [asdict(span) for span in match.expert_spans],
        "competences": list(match.competences),
        "missing": list(match.missing),
        "alike": [list(pair) for pair in match.alike],
        "wanting": list(answer.wanting),
        "circumstances": asdict(known[match.expert_id]),
        "belief": asdict(belief),
    }
    return Proposal(
        problem_id=problem.id,
        expert_id=int(match.expert_id),
        rank=rank,
        score=match.score,
        confidence=match.confidence,
        is_suitable=not answer.nobody,
        reasons=reasons,
        versions=dict(versions),
        made_at=moment,
    )
