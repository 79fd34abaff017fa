"""What reports keep so as to be quick: the tallies of an office's months, and the marks that make them stale."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matcher.db import Base


class Tallied(Base):
    """An office whose months are tallied; `made_at` is when. Where there is no row, nothing was tallied yet."""

    __tablename__ = "tallied"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id", ondelete="CASCADE"), primary_key=True)
    made_at: Mapped[datetime]


class Tally(Base):
    """A month of an office's work, counted by the definitions of the figures. Rows fall on `first_day` to `last_day`.

    `numbers` are counts and sums; `arrays` are keys and lengths, laid out as `numbers` says.
    """

    __tablename__ = "tallies"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    numbers: Mapped[dict[str, Any]]
    arrays: Mapped[bytes]


class TallyMark(Base):
    """Something that the figures read has changed in a month of an office since it was tallied; EVERY stands for all
    its months. Triggers write it, in the transaction that changes something; `doing` names that transaction, so that
    none waits for another."""

    __tablename__ = "tally_marks"

    EVERY = "*"

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[str] = mapped_column(primary_key=True)
    doing: Mapped[str] = mapped_column(primary_key=True)
