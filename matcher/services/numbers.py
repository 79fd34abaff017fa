"""Numbers that people can say on the telephone: office, year and a running count."""

from typing import Any

from sqlalchemy import ColumnElement, event, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matcher.db import Base, db, today
from matcher.models import NumberSeries, Office, Sequence


def next_number(office: Office, kind: str) -> str:
    """The next number of the office in this year, "320923-2026-0012"; unique under concurrency.

    The row is locked (PostgreSQL) or the writer is alone (SQLite) until the transaction ends.
    """
    year = today().year
    count = _one_more(NumberSeries, NumberSeries.last, {"office_id": office.id, "kind": kind, "year": year})
    return f"{office.code}-{year}-{count:04d}"


def next_revision(name: str) -> int:
    """One more of a number that only grows; whoever asks next waits until this transaction ends."""
    value = _one_more(Sequence, Sequence.value, {"name": name})
    db.session.info.setdefault("revisions", set()).add(name)
    return value


def is_uncommitted(*names: str) -> bool:
    """Whether this session counted one of these on and has not committed yet: what it sees may be rolled back."""
    return not db.session.info.get("revisions", set()).isdisjoint(names)


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _settled(session: Session) -> None:
    """Committed or gone: the numbers are everybody's again."""
    session.info.pop("revisions", None)


def current_revision(name: str) -> int:
    """The number as it stands."""
    return db.session.scalar(select(Sequence.value).where(Sequence.name == name)) or 0


def _one_more(model: type[Base], column: Any, key: dict[str, Any]) -> int:
    """Count on in one statement. The first of a series may be asked for by two at once: one row, two numbers."""
    here: list[ColumnElement[bool]] = [getattr(model, name) == value for name, value in key.items()]
    grown = update(model).where(*here).values({column.key: column + 1}).returning(column)
    grown = grown.execution_options(synchronize_session=False)
    value = db.session.scalar(grown)
    if value is None:
        insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
        db.session.execute(insert(model).values(**key, **{column.key: 0}).on_conflict_do_nothing())
        value = db.session.scalar(grown)
    return int(value)
