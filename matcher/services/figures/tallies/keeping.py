"""Making the tallies of an office anew, and knowing whose are stale."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from matcher.db import db, now
from matcher.models import Office, Tallied, Tally, TallyMark
from matcher.plain.periods import Period
from matcher.services.figures.scope import Scope
from matcher.services.figures.tallies.gathering import gather

#: Days that are tallied; whoever asks beyond them is answered from the rows.
EVER = Period(date(1950, 1, 1), date(2949, 12, 31))
#: So many stale months are tallied one by one; more are tallied with all the others.
FEW = 4


def stale_offices() -> list[int]:
    """Offices in whose work something changed since it was tallied, or that never were."""
    marked = select(TallyMark.office_id)
    tallied = select(Tallied.office_id)
    query = select(Office.id).where(Office.id.in_(marked) | Office.id.not_in(tallied)).order_by(Office.id)
    return list(db.session.scalars(query))


def refresh_stale(*, after_each: Callable[[], None]) -> int:
    """Tally every office that is stale; returns how many were."""
    offices = stale_offices()
    after_each()
    for office_id in offices:
        refresh(db.session.get_one(Office, office_id))
        after_each()
    return len(offices)


def refresh(office: Office) -> int:
    """Tally the stale months of an office anew, or all if it never was tallied; returns how many months there were.

    The order is what keeps it true. The claim makes whoever else tallies this office wait (and on SQLite every
    writer). The marks go before anything is counted: what was committed by then is counted; what is committed later
    leaves a mark that is not seen here and therefore stays. A rollback brings the marks back.
    """
    is_known = db.session.get(Tallied, office.id) is not None
    _claim(office)
    marked = delete(TallyMark).where(TallyMark.office_id == office.id).returning(TallyMark.month)
    stale = set(db.session.scalars(marked))
    if not is_known or TallyMark.EVERY in stale or len(stale) > FEW:
        return _tally(office, EVER)
    return sum(_tally(office, month_called(month)) for month in sorted(stale))


def _tally(office: Office, period: Period) -> int:
    months = gather(Scope(office, period, only=(office.id,), with_replaced=True))
    kept = delete(Tally).where(Tally.office_id == office.id, Tally.month.between(period.start, period.end))
    db.session.execute(kept.execution_options(synchronize_session=False))
    rows = []
    for (office_id, month), work in sorted(months.items(), key=lambda found: found[0]):
        numbers, arrays = work.packed()
        days = {"first_day": work.first_day, "last_day": work.last_day}
        first = month_called(month).start
        rows.append({"office_id": office_id, "month": first, **days, "numbers": numbers, "arrays": arrays})
    if rows:
        db.session.execute(insert(Tally), rows)
    return len(rows)


def month_called(name: str) -> Period:
    """2026-06 as a period."""
    first = date.fromisoformat(f"{name}-01")
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _claim(office: Office) -> None:
    """Write the office's row, and so wait for whoever else writes it."""
    upsert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = upsert(Tallied).values(office_id=office.id, made_at=now())
    db.session.execute(row.on_conflict_do_update(index_elements=["office_id"], set_={"made_at": row.excluded.made_at}))
