"""Numbers that people can say on the telephone: office, year and a running count."""

from sqlalchemy import select, update

from matcher.db import db, today
from matcher.models import NumberSeries, Office, Sequence


def next_number(office: Office, kind: str) -> str:
    """The next number of the office in this year, "320923-2026-0012"; unique under concurrency.

    The row is locked (PostgreSQL) or the writer is alone (SQLite) until the transaction ends.
    """
    year = today().year
    key = {"office_id": office.id, "kind": kind, "year": year}
    series = db.session.scalar(select(NumberSeries).filter_by(**key).with_for_update())
    if series is None:
        series = NumberSeries(**key, last=0)
        db.session.add(series)
        db.session.flush()
    series.last = NumberSeries.last + 1
    db.session.flush()
    return f"{office.code}-{year}-{series.last:04d}"


def next_revision(name: str) -> int:
    """One more of a number that only grows; whoever asks next waits until this transaction ends."""
    grown = update(Sequence).where(Sequence.name == name).values(value=Sequence.value + 1)
    value = db.session.scalar(grown.returning(Sequence.value))
    if value is None:
        db.session.add(Sequence(name=name, value=1))
        db.session.flush()
        return 1
    return value


def current_revision(name: str) -> int:
    """The number as it stands."""
    return db.session.scalar(select(Sequence.value).where(Sequence.name == name)) or 0
