"""The database: one Base with named constraints, enums stored by value, and moments in UTC."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, registry

LOCAL = ZoneInfo("Asia/Shanghai")


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database, aware again when read (SQLite forgets the zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise TypeError("A moment needs its time zone.")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(enum: type[StrEnum], name: str | None = None) -> sa.Enum:
    """A column that stores the values of an enum and, by a CHECK, refuses every other word.

    A table with two columns of one enum gives the second a `name` of its own.
    """
    return sa.Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda e: [member.value for member in e],
        name=name or enum.__name__.lower(),
    )


def only_one(name: str, *columns: str, where: str) -> sa.Index:
    """A partial unique index: among the rows `where` holds for, these columns are never the same twice."""
    return sa.Index(name, *columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class Base(DeclarativeBase):
    """Names every constraint, so that SQLite's batch migrations can find them again."""

    registry = registry(
        metadata=sa.MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: UTCDateTime(),
            date: sa.Date(),
            Decimal: sa.Numeric(14, 2),
            str: sa.Text(),
            dict[str, Any]: sa.JSON(),
            list[Any]: sa.JSON(),
            list[str]: sa.JSON(),
        },
    )


def readable_json(value: Any) -> str:
    """JSON that keeps Chinese as Chinese, so that LIKE finds it."""
    return json.dumps(value, ensure_ascii=False)


db = SQLAlchemy(model_class=Base, engine_options={"json_serializer": readable_json})
migrate = Migrate(render_as_batch=True)


@sa.event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: object) -> None:
    """SQLite keeps foreign keys only when asked; WAL lets readers and one writer go on side by side.

    PostgreSQL would compile what it thinks will take long, and a report's many small parts take longer to compile than
    to run; and it would keep one plan for an empty office and for a county with a million cases.
    """
    cursor = connection.cursor()
    if type(connection).__module__.startswith("sqlite3"):
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA busy_timeout=8000")
        # A report walks over every case of a year: its pages stay in memory (64 MB at most) and sort there.
        cursor.execute("PRAGMA cache_size=-65536")
        cursor.execute("PRAGMA temp_store=MEMORY")
    else:
        cursor.execute("SET jit = off")
        connection.commit()
        connection.prepare_threshold = None
    cursor.close()


_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The one clock. Always aware, always UTC."""
    return _moment.get() or datetime.now(UTC)


def today() -> date:
    """The date on the wall in China."""
    return now().astimezone(LOCAL).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, the clock stands at this moment: the demo plays a year of work through the real services."""
    token = _moment.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moment.reset(token)
