"""Rate limits, counted in the database so that every process counts together."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from matcher.db import db, now
from matcher.models import Attempt


class SqlStorage(Storage):
    """Fixed windows in the table `attempts`: one row per key, one statement per hit."""

    STORAGE_SCHEME = ["matcher-sql"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the store may raise."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count a hit; the window begins with its first."""
        with db.engine.begin() as connection:
            return _count(connection, key, expiry, amount)

    def get(self, key: str) -> int:
        """Hits in the present window."""
        with db.engine.connect() as connection:
            found = connection.execute(select(Attempt.count, Attempt.ends_at).where(Attempt.key == key)).first()
        hits, ends_at = found or (0, now())
        return hits if ends_at > now() else 0

    def get_expiry(self, key: str) -> float:
        """When the present window ends, as a timestamp."""
        with db.engine.connect() as connection:
            ends = connection.scalar(select(Attempt.ends_at).where(Attempt.key == key))
        return (ends or datetime.now(UTC)).timestamp()

    def check(self) -> bool:
        """Whether the store answers."""
        return True

    def reset(self) -> int | None:
        """Forget everything."""
        with db.engine.begin() as connection:
            return connection.execute(delete(Attempt)).rowcount

    def clear(self, key: str) -> None:
        """Forget one key."""
        with db.engine.begin() as connection:
            connection.execute(delete(Attempt).where(Attempt.key == key))


def _count(connection: Any, key: str, expiry: int, amount: int) -> int:
    moment = now()
    insert = _insert_for(connection)(Attempt).values(key=key, count=amount, ends_at=moment + timedelta(seconds=expiry))
    fresh = Attempt.ends_at <= moment
    from_now = insert.excluded
    upsert = insert.on_conflict_do_update(
        index_elements=[Attempt.key],
        set_={
            "count": db.case((fresh, from_now.count), else_=Attempt.count + amount),
            "ends_at": db.case((fresh, from_now.ends_at), else_=Attempt.ends_at),
        },
    ).returning(Attempt.count)
    counted: int = connection.scalar(upsert)
    return counted


def _insert_for(connection: Any) -> Any:
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


limiter = Limiter(get_remote_address, storage_uri="matcher-sql://", strategy="fixed-window")
