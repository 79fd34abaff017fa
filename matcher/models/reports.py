"""报告: an office's figures for a period, frozen when submitted."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.db import Base, enum_column, now
from matcher.models.accounts import User
from matcher.models.lifecycle import LifeCycle, Living, Party, move
from matcher.models.offices import Office


class ReportState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    TAKEN = "taken"
    RETURNED = "returned"


R = ReportState
REPORT_LIFE = LifeCycle(
    R,
    move("submit", [R.DRAFT], R.SUBMITTED, Party.OFFICE),
    move("take", [R.SUBMITTED], R.TAKEN, Party.UPPER),
    move("return", [R.SUBMITTED], R.RETURNED, Party.UPPER),
)


class Report(Living, Base):
    """One version. What was submitted stays as it was (a trigger sees to it); a return asks for a new one."""

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("office_id", "starts_on", "ends_on", "number"),
        CheckConstraint("starts_on <= ends_on", "days_in_order"),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", "submitted_has_a_date"),
    )
    LIFE = REPORT_LIFE

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    number: Mapped[int] = mapped_column(default=1)
    state: Mapped[ReportState] = mapped_column(enum_column(ReportState))
    title: Mapped[str]
    paragraph: Mapped[str] = mapped_column(default="")
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    case_list: Mapped[list[Any]] = mapped_column(default=list)
    remarks: Mapped[str] = mapped_column(default="")
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    drafted_at: Mapped[datetime] = mapped_column(default=now)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    submitted_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    office: Mapped[Office] = relationship()
    drafted_by: Mapped[User | None] = relationship(foreign_keys=[drafted_by_id])
    submitted_by: Mapped[User | None] = relationship(foreign_keys=[submitted_by_id])
