"""活动: something the union holds, a session or a training, apart from the visits of a case."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.db import Base, enum_column, now
from matcher.models.enterprises import Enterprise
from matcher.models.experts import Expert
from matcher.models.lifecycle import LifeCycle, Living, Party, move
from matcher.models.offices import Office


class ActivityState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


A = ActivityState
ACTIVITY_LIFE = LifeCycle(
    A,
    move("hold", [A.PLANNED], A.HELD, Party.OFFICE),
    move("cancel", [A.PLANNED], A.CANCELLED, Party.OFFICE),
)


class Activity(Living, Base):
    """One session: when, where, who taught, who came. Without a name list persons may repeat."""

    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint("(state = 'held') = (held_on IS NOT NULL)", "held_has_a_day"),
        CheckConstraint("persons >= 0 AND attendances >= 0", "trained_is_not_negative"),
        Index("ix_activities_office_held", "office_id", "held_on"),
    )
    LIFE = ACTIVITY_LIFE

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    state: Mapped[ActivityState] = mapped_column(enum_column(ActivityState))
    kind: Mapped[str]
    title: Mapped[str]
    planned_on: Mapped[date]
    held_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    persons: Mapped[int] = mapped_column(default=0)
    attendances: Mapped[int] = mapped_column(default=0)
    has_name_list: Mapped[bool] = mapped_column(default=False)
    pairs: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)

    office: Mapped[Office] = relationship()
    experts: Mapped[list["ActivityExpert"]] = relationship(cascade="all, delete-orphan")
    enterprises: Mapped[list["ActivityEnterprise"]] = relationship(cascade="all, delete-orphan")


class ActivityExpert(Base):
    """An expert who was asked to a session, and whether they came."""

    __tablename__ = "activity_experts"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"), primary_key=True, index=True)
    has_come: Mapped[bool] = mapped_column(default=False)

    expert: Mapped[Expert] = relationship(lazy="selectin")


class ActivityEnterprise(Base):
    """An enterprise that was asked to a session, and whether it came."""

    __tablename__ = "activity_enterprises"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), primary_key=True, index=True)
    has_come: Mapped[bool] = mapped_column(default=False)

    enterprise: Mapped[Enterprise] = relationship(lazy="selectin")
