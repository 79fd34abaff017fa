"""Versions of what proposals came from, each content written once; what is about a person or a firm can be erased."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from matcher.db import db, now
from matcher.models import Snapshot

#: Kinds that speak of a person or a firm, and are forgotten with them.
RECORD, NEED = "record", "need"
WEIGHTS, LEXICON = "weights", "lexicon"


@dataclass(frozen=True, slots=True)
class Kept:
    """A content to keep, and whom it is about. Its version changes with the content and the owner."""

    kind: str
    content: Mapping[str, Any]
    expert_id: int | None = None
    problem_id: int | None = None

    @property
    def version(self) -> str:
        """Sixteen letters."""
        said = [self.expert_id, self.problem_id, self.content]
        return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def keep(things: Sequence[Kept]) -> list[str]:
    """Keep contents and say their versions; what is kept already stays as it is."""
    versions = [thing.version for thing in things]
    rows = [
        {
            "kind": thing.kind,
            "version": version,
            "content": dict(thing.content),
            "expert_id": thing.expert_id,
            "problem_id": thing.problem_id,
            "made_at": now(),
        }
        for thing, version in zip(things, versions, strict=True)
    ]
    _insert(rows)
    return versions


def keep_as(kind: str, version: str, content: Callable[[], Mapping[str, Any]]) -> None:
    """Keep a large content under a version of its own; it is made only where it is not kept already."""
    if db.session.scalar(select(Snapshot.id).filter_by(kind=kind, version=version)) is None:
        _insert([{"kind": kind, "version": version, "content": dict(content()), "made_at": now()}])


def find(kind: str, version: str | None) -> dict[str, Any] | None:
    """What was kept; None where it was never kept, or erased."""
    if not version:
        return None
    return db.session.scalar(select(Snapshot.content).filter_by(kind=kind, version=version))


def forget(*, expert_id: int | None = None, problem_id: int | None = None) -> int:
    """Erase what is kept about an expert or a problem. Returns how many versions went."""
    gone = delete(Snapshot).returning(Snapshot.id)
    if expert_id is not None:
        gone = gone.where(Snapshot.expert_id == expert_id)
    elif problem_id is not None:
        gone = gone.where(Snapshot.problem_id == problem_id)
    else:
        return 0
    return len(db.session.scalars(gone).all())


def _insert(rows: Sequence[Mapping[str, Any]]) -> None:
    # Two processes may keep the same at once; what they write is the same.
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    db.session.execute(insert(Snapshot).values(list(rows)).on_conflict_do_nothing())
