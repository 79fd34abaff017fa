"""The log: every move and every reveal leaves one line, written in the same transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from matcher.db import Base, db
from matcher.errors import Conflicting
from matcher.models import Actor, LogEntry, Office
from matcher.models.lifecycle import Living


def record(
    by: Actor, verb: str, subject: Any = None, *, office: Office | None = None, ok: bool = True, **facts: Any
) -> LogEntry:
    """Write one line: who did what to which thing, from where and on whose behalf.

    `facts` are plain values (no phones, no names of private people). The office decides who may read the
    line: the one given, else the subject's, else the actor's.
    """
    if subject is not None and subject.id is None:
        # The line names the thing by its id, which a new thing gets with the flush.
        db.session.flush()
    behalf = by.behalf
    entry = LogEntry(
        party=by.speaker,
        user_id=by.user.id if by.user else None,
        expert_id=by.expert.id if by.expert else None,
        enterprise_id=by.enterprise.id if by.enterprise else None,
        behalf_party=behalf.party if behalf else None,
        behalf_channel=behalf.channel if behalf else None,
        behalf_on=behalf.on if behalf else None,
        address=by.address,
        verb=verb,
        subject_kind=subject_kind(subject) if subject is not None else "",
        subject_id=subject.id if subject is not None else None,
        subject_name=_name_of(subject),
        office_id=_office_id(office, subject, by),
        is_success=ok,
        facts={key: _plain(value) for key, value in facts.items() if value is not None},
    )
    db.session.add(entry)
    return entry


def step(thing: Living, action: str, *, by: Actor, sets: Mapping[str, Any] | None = None, **facts: Any) -> None:
    """Move a thing along its life cycle and log it: the one way in which a state changes.

    `sets` are the columns that belong to the new state (its date, its reason): set with it, or not at all.
    """
    before = thing.state
    thing.move(action, by.party)
    for name, value in (sets or {}).items():
        setattr(thing, name, value)
    record(by, f"{subject_kind(thing)}.{action}", thing, before=before, after=thing.state, **facts)


def subject_kind(subject: Any) -> str:
    """The noun of a thing as log, attachments and addresses spell it: "problem", "case" …"""
    return type(subject).__name__.lower()


@contextmanager
def first_come(message: str) -> Iterator[None]:
    """Flush what was done inside; where the database says that somebody was faster (a second row, or a row
    that is no longer what was read), say so to the user."""
    try:
        yield
        db.session.flush()
    except (IntegrityError, StaleDataError) as error:
        raise Conflicting(message) from error


def _name_of(subject: Base | None) -> str:
    return str(getattr(subject, "number", None) or "")


def _office_id(office: Office | None, subject: Any, by: Actor) -> int | None:
    if office is not None:
        return office.id
    for holder in (subject, getattr(subject, "problem", None), getattr(subject, "case", None)):
        if (found := getattr(holder, "office_id", None)) is not None:
            return int(found)
    if (case := getattr(subject, "case", None)) is not None:
        return int(case.problem.office_id)
    return by.user.office_id if by.user else None


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value if isinstance(value, (str, int, float, bool, list, dict)) else str(value)
