"""What a decline changes: exactly one thing, seen by the expert, fading by half in six months."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select

from matcher.db import db, now
from matcher.models import (
    Actor,
    ConflictKind,
    DeclineReason,
    Dispatch,
    Effect,
    EffectKind,
)
from matcher.services import conflicts
from matcher.services.history import record

#: Half of an effect is gone after so many days (product.md 4: half in 6 months).
HALF_LIFE_DAYS = 182.5

CHANGES = {
    DeclineReason.NOT_MY_TRADE: EffectKind.SKILL_WEAKER,
    DeclineReason.TOO_FAR: EffectKind.NEARER,
    DeclineReason.NO_TIME: EffectKind.UNAVAILABLE,
    DeclineReason.CONFLICT: EffectKind.CONFLICT,
    DeclineReason.MODEL_UNKNOWN: EffectKind.FINER_SKILL,
}


def apply_decline(dispatch: Dispatch, *, until: date | None) -> Effect:
    """Change the one thing that the reason of a decline stands for."""
    reason, problem, expert = dispatch.decline_reason, dispatch.problem, dispatch.expert
    assert reason is not None
    effect = Effect(
        expert=expert,
        dispatch_id=dispatch.id,
        kind=CHANGES[reason],
        problem_kind=problem.problem_kind,
        industry=problem.industry,
        text=dispatch.decline_text or problem.title,
    )
    db.session.add(effect)
    if effect.kind is EffectKind.UNAVAILABLE:
        effect.until = expert.unavailable_until = until
    if effect.kind is EffectKind.CONFLICT:
        conflicts.state_conflict(
            expert, problem.enterprise, ConflictKind.STATED, by=Actor.system(), note=dispatch.decline_text
        )
    return effect


def strength(effect: Effect, *, at: datetime | None = None) -> float:
    """What is left of an effect, 0 to 1: halved every six months."""
    days = ((at or now()) - effect.created_at).total_seconds() / 86400
    return float(effect.strength) * 0.5 ** (max(days, 0.0) / HALF_LIFE_DAYS)


def in_force(expert_ids: Collection[int]) -> dict[int, list[Effect]]:
    """Effects that were not lifted, per expert."""
    found: dict[int, list[Effect]] = {}
    query = select(Effect).where(Effect.expert_id.in_(expert_ids), Effect.lifted_at.is_(None)).order_by(Effect.id)
    for effect in db.session.scalars(query):
        found.setdefault(effect.expert_id, []).append(effect)
    return found


def lift(effect: Effect, *, by: Actor) -> None:
    """The expert, or the office, says that it no longer holds."""
    effect.lifted_at = now()
    if effect.kind is EffectKind.UNAVAILABLE and effect.expert.unavailable_until == effect.until:
        effect.expert.unavailable_until = None
    record(by, "expert.effect_lifted", effect.expert, kind=effect.kind)
