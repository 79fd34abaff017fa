"""Recompute an old proposal from what was kept of it, and say whether it comes out the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from matcher.db import db
from matcher.matching import (
    Circumstances,
    Index,
    Lexicon,
    Match,
    Need,
    Profile,
    SkillText,
    Weights,
    propose,
    weights_from,
)
from matcher.matching.version import engine_version
from matcher.models import Problem, Proposal
from matcher.services import lexicon, snapshots
from matcher.services.lexicon import Edition

#: Scores are told to two decimals; half of the last one is not a difference.
CLOSE = 0.005


class Verdict(StrEnum):
    """SAME: equal in every part. OTHER: not equal. NEWER: the engine itself has changed since. ERASED: what it came
    from was erased. UNKNOWN: it was stored before versions were kept."""

    SAME = "same"
    OTHER = "other"
    NEWER = "newer"
    ERASED = "erased"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Replay:
    """What the recomputation says; `rows` are (part, points then, points now)."""

    proposal: Proposal
    verdict: Verdict
    score: float | None = None
    confidence: float | None = None
    rows: tuple[tuple[str, float, float], ...] = ()


def replay(proposal: Proposal) -> Replay:
    """Compute a stored proposal again, from the versions of record, text, lexicon and weights that it keeps."""
    versions: Mapping[str, Any] = proposal.versions
    if "record_key" not in versions:
        return Replay(proposal, Verdict.UNKNOWN)
    need, profile = _need(versions), _profile(versions)
    weights, words = _weights(versions), _lexicon(versions)
    if need is None or profile is None or weights is None or words is None:
        return Replay(proposal, Verdict.ERASED)
    match = _again(need, profile, words, weights, proposal)
    rows = _rows(proposal, match)
    is_same = all(abs(then - now) <= CLOSE for _name, then, now in rows) and abs(match.score - proposal.score) <= CLOSE
    verdict = Verdict.SAME if is_same else Verdict.OTHER
    if not is_same and versions.get("engine") != engine_version():
        verdict = Verdict.NEWER
    return Replay(proposal, verdict, match.score, match.confidence, rows)


def proposals_of(problem: Problem) -> list[Proposal]:
    """Everything that was proposed and is still kept: today's list, and those by which somebody was sent."""
    query = select(Proposal).where(Proposal.problem_id == problem.id)
    return list(db.session.scalars(query.order_by(Proposal.made_at.desc(), Proposal.rank)))


def _again(need: Need, profile: Profile, words: Lexicon, weights: Weights, proposal: Proposal) -> Match:
    index = Index.build([profile], words, weights)
    known = {profile.id: Circumstances(**proposal.reasons["circumstances"])}
    return propose(need, index, limit=1, circumstances=known).matches[0]


def _rows(proposal: Proposal, match: Match) -> tuple[tuple[str, float, float], ...]:
    then = {part["name"]: float(part["value"]) for part in proposal.reasons.get("parts", [])}
    now = {part.name: part.value for part in match.parts}
    return tuple((name, then.get(name, 0.0), now.get(name, 0.0)) for name in dict.fromkeys([*then, *now]))


def _need(versions: Mapping[str, Any]) -> Need | None:
    content = snapshots.find(snapshots.NEED, versions.get("need_key"))
    return Need(**content) if content is not None else None


def _profile(versions: Mapping[str, Any]) -> Profile | None:
    content = snapshots.find(snapshots.RECORD, versions.get("record_key"))
    if content is None:
        return None
    lists: dict[str, Any] = {name: tuple(content.pop(name)) for name in ("honours", "industries", "proven")}
    skills = tuple(SkillText(**skill) for skill in content.pop("skills"))
    return Profile(**content, **lists, skills=skills)


def _weights(versions: Mapping[str, Any]) -> Weights | None:
    content = snapshots.find(snapshots.WEIGHTS, versions.get("weights_key"))
    return weights_from(content) if content is not None else None


def _lexicon(versions: Mapping[str, Any]) -> Lexicon | None:
    """The lexicon of then; None where something in it was erased, so that it can not be had again."""
    found = lexicon.lexicon_at(Edition(**versions["edition"]))
    return found if found is not None and found.version == versions["lexicon"] else None
