"""What the matcher knows in this installation: the lexicon as edited, and the weights in use."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.db import Base, now


class CompetenceEdit(Base):
    """One edit of one competence. The lexicon in force is the shipped one with the newest edits over it;
    going back is one more edit. `entry` is the whole competence, or None where it is taken out."""

    __tablename__ = "competence_edits"

    id: Mapped[int] = mapped_column(primary_key=True)
    competence: Mapped[str] = mapped_column(index=True)
    entry: Mapped[dict[str, Any] | None]
    source: Mapped[str] = mapped_column(default="administrator")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)


class WeightSet(Base):
    """Weights of the engine fitted here, with the figures they were adopted for. The newest adopted holds."""

    __tablename__ = "weight_sets"
    __table_args__ = (UniqueConstraint("version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str]
    weights: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    adopted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(default=now)


class Sequence(Base):
    """A number that only grows: "roster" tells every process whether its index of experts is still true."""

    __tablename__ = "sequences"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
