"""How much an expert has in hand, counted over all offices, and whether they can be sent."""

from collections.abc import Collection

from sqlalchemy import func, select

from matcher.db import db, today
from matcher.models import Dispatch, Expert, ExpertState, Office
from matcher.models.dispatches import LIVE


def open_work(expert_ids: Collection[int]) -> dict[int, int]:
    """Live offers and promises per expert, in every office; experts without any are left out."""
    query = (
        select(Dispatch.expert_id, func.count())
        .where(Dispatch.expert_id.in_(expert_ids), Dispatch.state.in_(LIVE))
        .group_by(Dispatch.expert_id)
    )
    return dict(db.session.execute(query).all())


def capacity_of(expert: Expert, office: Office) -> int:
    """How many open cases the expert takes: their own word, else the office's setting."""
    return expert.capacity if expert.capacity is not None else int(office.setting("capacity"))


def why_not(expert: Expert, office: Office, *, in_hand: int | None = None) -> str | None:
    """Why the expert cannot be sent now, in a sentence; None where nothing stands against it."""
    if expert.state is not ExpertState.ACTIVE:
        return "该专家暂停接单。"
    if expert.unavailable_until is not None and expert.unavailable_until >= today():
        return f"该专家 {expert.unavailable_until:%Y-%m-%d} 之前没有时间。"
    busy = in_hand if in_hand is not None else open_work([expert.id]).get(expert.id, 0)
    if busy >= capacity_of(expert, office):
        return f"该专家手上已有 {busy} 件，已满负荷。"
    return None
