"""The engine's index of the roster, kept in memory and true to the database's sequence number."""

from dataclasses import dataclass
from threading import Lock

from sqlalchemy import select

from matcher.db import db
from matcher.matching import (
    Index,
    Profile,
    SkillText,
    Weights,
    shipped_lexicon,
    shipped_weights,
    weights_from,
)
from matcher.models import Expert, ExpertState, WeightSet
from matcher.services.numbers import current_revision


@dataclass(frozen=True, slots=True)
class _Kept:
    revision: int
    index: Index


#: One index per database and process; the lock lets one thread build while the others wait for it.
_kept: dict[str, _Kept] = {}
_lock = Lock()


def current_index() -> Index:
    """The index of everybody on the roster as the database has it now.

    One cheap query tells whether somebody changed; then only those who did are read again.
    """
    key = str(db.engine.url)
    revision = current_revision("roster")
    kept = _kept.get(key)
    if kept is not None and kept.revision == revision:
        return kept.index
    with _lock:
        kept = _kept.get(key)
        if kept is None or kept.revision > revision:
            profiles = [profile_of(expert) for expert in _experts(since=-1)]
            index = Index.build(profiles, shipped_lexicon(), shipped_weights())
        elif kept.revision < revision:
            index = _topped_up(kept)
        else:
            index = kept.index
        _kept[key] = _Kept(revision, index)
    return index


def current_weights() -> Weights:
    """The weights adopted last in this installation, else the shipped ones."""
    query = select(WeightSet).where(WeightSet.adopted_at.is_not(None), WeightSet.withdrawn_at.is_(None))
    adopted = db.session.scalar(query.order_by(WeightSet.id.desc()).limit(1))
    return weights_from(adopted.weights) if adopted is not None else shipped_weights()


def profile_of(expert: Expert) -> Profile:
    """An expert as the engine sees them: no name, no phone, no honour."""
    return Profile(
        id=str(expert.id),
        trade=expert.trade,
        title=expert.title,
        profile=expert.profile,
        employer=expert.employer,
        skills=tuple(SkillText(skill.text, skill.basis.value) for skill in expert.skills),
        industries=tuple(expert.industries),
    )


def _topped_up(kept: _Kept) -> Index:
    changed = _experts(since=kept.revision)
    gone = [str(expert.id) for expert in changed if expert.state is ExpertState.LEFT]
    here = [profile_of(expert) for expert in changed if expert.state is not ExpertState.LEFT]
    return kept.index.with_changes(here, gone)


def _experts(*, since: int) -> list[Expert]:
    query = select(Expert).where(Expert.revision > since)
    if since < 0:
        query = query.where(Expert.state != ExpertState.LEFT)
    return list(db.session.scalars(query))
