"""What outlives a case: solution cards for the next enterprise, and leads for the 五小 contest."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.db import Base, enum_column, now
from matcher.models.cases import Case
from matcher.models.lifecycle import LifeCycle, Living, Party, move
from matcher.models.offices import Office


class SolutionCard(Base):
    """A solved case without names, released by the office for others to read."""

    __tablename__ = "solution_cards"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    title: Mapped[str]
    problem: Mapped[str]
    cause: Mapped[str]
    measures: Mapped[str]
    verification: Mapped[str] = mapped_column(default="")
    industry: Mapped[str | None]
    problem_kind: Mapped[str | None]
    released_at: Mapped[datetime] = mapped_column(default=now)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]
    times_solved: Mapped[int] = mapped_column(default=0)

    case: Mapped[Case] = relationship()
    office: Mapped[Office] = relationship()


class LeadState(StrEnum):
    FOUND = "found"
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    AWARDED = "awarded"
    NOT_AWARDED = "not_awarded"
    DROPPED = "dropped"


L = LeadState
LEAD_LIFE = LifeCycle(
    L,
    move("draft", [L.FOUND, L.DRAFTED], L.DRAFTED, Party.OFFICE),
    move("submit", [L.DRAFTED], L.SUBMITTED, Party.OFFICE),
    move("award", [L.SUBMITTED], L.AWARDED, Party.OFFICE),
    move("pass_over", [L.SUBMITTED], L.NOT_AWARDED, Party.OFFICE),
    move("drop", [L.FOUND, L.DRAFTED], L.DROPPED, Party.OFFICE),
)


class Lead(Living, Base):
    """五小线索: a closed case on its way to the contest for small inventions."""

    __tablename__ = "leads"
    __table_args__ = (Index("ix_leads_office_state", "office_id", "state"),)
    LIFE = LEAD_LIFE

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    state: Mapped[LeadState] = mapped_column(enum_column(LeadState))
    kind: Mapped[str | None]
    form: Mapped[dict[str, Any]] = mapped_column(default=dict)
    found_at: Mapped[datetime] = mapped_column(default=now)
    drafted_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    office: Mapped[Office] = relationship()
