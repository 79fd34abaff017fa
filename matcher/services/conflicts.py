"""Interests: who may not help whom, stated by people, until a day."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import or_, select

from matcher.db import db, today
from matcher.models import Actor, Conflict, ConflictKind, Enterprise, Expert
from matcher.services.history import record

#: A former employer is out of bounds for this many years (product.md 4).
FORMER_EMPLOYER_YEARS = 3


def forbidden(expert: Expert, enterprise: Enterprise) -> Conflict | None:
    """The interest that forbids the pair today, if there is one. One's own employer is allowed."""
    return forbidden_pairs([expert.id], enterprise).get(expert.id)


def forbidden_pairs(expert_ids: Collection[int], enterprise: Enterprise) -> dict[int, Conflict]:
    """The interests that forbid some of these experts for the enterprise today."""
    query = select(Conflict).where(
        Conflict.enterprise_id == enterprise.id,
        Conflict.expert_id.in_(expert_ids),
        Conflict.kind != ConflictKind.OWN_EMPLOYER,
        or_(Conflict.until.is_(None), Conflict.until >= today()),
    )
    return {conflict.expert_id: conflict for conflict in db.session.scalars(query)}


def is_own_employer(expert: Expert, enterprise: Enterprise) -> bool:
    """Whether the expert works at the very enterprise (allowed, and shown as 本单位)."""
    if expert.employer_enterprise_id == enterprise.id:
        return True
    return bool(expert.employer) and expert.employer == enterprise.name


def state_conflict(
    expert: Expert,
    enterprise: Enterprise,
    kind: ConflictKind,
    *,
    by: Actor,
    ended_on: date | None = None,
    note: str = "",
) -> Conflict:
    """Write down an interest. A former employer counts for three years from the day the work ended there."""
    until = None
    if kind is ConflictKind.FORMER_EMPLOYER:
        until = (ended_on or today()) + timedelta(days=365 * FORMER_EMPLOYER_YEARS)
    stated = db.session.scalar(select(Conflict).filter_by(expert_id=expert.id, enterprise_id=enterprise.id, kind=kind))
    if stated is None:
        stated = Conflict(expert=expert, enterprise=enterprise, kind=kind)
        db.session.add(stated)
    stated.until, stated.note = until, note
    record(by, "expert.conflict", expert, kind=kind, enterprise=enterprise.id)
    return stated


def lift_conflict(conflict: Conflict, *, by: Actor) -> None:
    """The interest is gone."""
    record(by, "expert.conflict_lifted", conflict.expert, kind=conflict.kind)
    db.session.delete(conflict)
