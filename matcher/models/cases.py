"""服务单: one round of work on one problem, with its visits, diagnosis and fix."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.db import Base, enum_column, now, only_one
from matcher.models.dispatches import Dispatch, DispatchRole, DispatchState
from matcher.models.experts import Expert
from matcher.models.lifecycle import LifeCycle, Living, Party, move
from matcher.models.menus import Problem


class CaseState(StrEnum):
    OPENED = "opened"
    DIAGNOSED = "diagnosed"
    FIXED = "fixed"
    CLOSED = "closed"
    CONFIRMED = "confirmed"
    UNANSWERED = "unanswered"
    REOPENED = "reopened"
    ABANDONED = "abandoned"


class Outcome(StrEnum):
    SOLVED = "solved"
    PARTLY = "partly"
    UNSOLVED = "unsolved"
    SENT_UP = "sent_up"


class ConfirmedVia(StrEnum):
    """Who really pressed: the enterprise on its own link, or staff recording its word."""

    OWN_LINK = "own_link"
    RECORDED = "recorded"


C = CaseState

#: Somebody is at work.
WORKING = (C.OPENED, C.DIAGNOSED, C.FIXED)
#: The work of the round is finished, whatever the enterprise says of it.
FINISHED = (C.CLOSED, C.CONFIRMED, C.UNANSWERED)

CASE_LIFE = LifeCycle(
    C,
    move("diagnose", [C.OPENED, C.DIAGNOSED], C.DIAGNOSED, Party.EXPERT),
    move("diagnose", [C.FIXED], C.FIXED, Party.EXPERT),
    move("fix", [C.DIAGNOSED, C.FIXED], C.FIXED, Party.EXPERT),
    move("close", [C.FIXED], C.CLOSED, Party.EXPERT, Party.OFFICE),
    move("close_unsolved", [C.OPENED, C.DIAGNOSED, C.FIXED], C.CLOSED, Party.EXPERT, Party.OFFICE),
    move("abandon", [C.OPENED, C.DIAGNOSED, C.FIXED], C.ABANDONED, Party.SYSTEM),
    move("confirm", [C.CLOSED, C.UNANSWERED], C.CONFIRMED, Party.ENTERPRISE),
    move("leave_unanswered", [C.CLOSED], C.UNANSWERED, Party.SYSTEM),
    move("reopen", [C.CLOSED, C.UNANSWERED, C.CONFIRMED], C.REOPENED, Party.ENTERPRISE, Party.OFFICE),
)


class Case(Living, Base):
    """One round of work, opened when the lead accepts. Its experts are its accepted dispatches."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("problem_id", "round"),
        only_one("uq_cases_open", "problem_id", where="state IN ('opened', 'diagnosed', 'fixed')"),
        CheckConstraint(
            "(state IN ('closed', 'confirmed', 'unanswered', 'reopened')) = (closed_at IS NOT NULL)",
            "closed_has_a_date",
        ),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", "closed_has_an_outcome"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_via IS NULL)", "confirmed_says_how"),
        CheckConstraint("rating IS NULL OR (rating >= 1 AND rating <= 5)", "rating_is_one_to_five"),
        CheckConstraint("persons >= 0 AND attendances >= 0", "trained_is_not_negative"),
        Index("ix_cases_closed", "closed_at"),
    )
    LIFE = CASE_LIFE

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"), index=True)
    round: Mapped[int]
    state: Mapped[CaseState] = mapped_column(enum_column(CaseState))
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    outcome_text: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime] = mapped_column(default=now)
    contacted_at: Mapped[datetime | None]
    diagnosed_at: Mapped[datetime | None]
    fixed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    abandoned_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_via: Mapped[ConfirmedVia | None] = mapped_column(enum_column(ConfirmedVia))
    reopened_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    rating: Mapped[int | None]
    rating_text: Mapped[str] = mapped_column(default="")
    persons: Mapped[int] = mapped_column(default=0)
    attendances: Mapped[int] = mapped_column(default=0)
    has_name_list: Mapped[bool] = mapped_column(default=False)
    trained_on: Mapped[date | None]
    released_typical_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    problem: Mapped[Problem] = relationship(lazy="joined", innerjoin=True)
    dispatches: Mapped[list[Dispatch]] = relationship(
        back_populates="case", foreign_keys=[Dispatch.case_id], order_by="Dispatch.id"
    )
    visits: Mapped[list["Visit"]] = relationship(back_populates="case", order_by="Visit.id")
    diagnoses: Mapped[list["Diagnosis"]] = relationship(back_populates="case", order_by="Diagnosis.id")
    fixes: Mapped[list["Fix"]] = relationship(back_populates="case", order_by="Fix.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        """Whether somebody is at work on it."""
        return self.state in WORKING

    @property
    def lead(self) -> Dispatch | None:
        """The dispatch of the lead who opened the round, or the one who leads it now."""
        leads = [d for d in self.dispatches if d.role is DispatchRole.LEAD]
        return next((d for d in reversed(leads) if d.state in (DispatchState.ACCEPTED, DispatchState.DONE)), None)

    @property
    def experts(self) -> list[Expert]:
        """Who works, or worked to the end, in this round."""
        at_work = (DispatchState.ACCEPTED, DispatchState.DONE)
        return [d.expert for d in self.dispatches if d.state in at_work]


class VisitForm(StrEnum):
    ONSITE = "onsite"
    REMOTE = "remote"
    INVITED = "invited"


class VisitState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    MOVED = "moved"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


V = VisitState
VISIT_LIFE = LifeCycle(
    V,
    move("hold", [V.PLANNED], V.HELD, Party.EXPERT, Party.OFFICE),
    move("postpone", [V.PLANNED], V.MOVED, Party.EXPERT, Party.ENTERPRISE, Party.OFFICE),
    move("cancel", [V.PLANNED], V.CANCELLED, Party.EXPERT, Party.OFFICE, Party.SYSTEM),
    move("miss", [V.PLANNED], V.NO_SHOW, Party.EXPERT, Party.ENTERPRISE, Party.OFFICE),
)


class Visit(Living, Base):
    """上门: planned or held; when, where, in which form, who came, how many hours."""

    __tablename__ = "visits"
    __table_args__ = (
        CheckConstraint("(state = 'held') = (held_on IS NOT NULL)", "held_has_a_day"),
        CheckConstraint("(state = 'no_show') = (absent IS NOT NULL)", "no_show_says_who"),
        CheckConstraint("hours IS NULL OR (hours >= 0 AND hours <= 240)", "hours_are_plausible"),
        Index("ix_visits_held_on", "held_on"),
    )
    LIFE = VISIT_LIFE

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    state: Mapped[VisitState] = mapped_column(enum_column(VisitState))
    form: Mapped[VisitForm] = mapped_column(enum_column(VisitForm))
    planned_for: Mapped[datetime | None]
    held_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(default="")
    hours: Mapped[Decimal | None]
    note: Mapped[str] = mapped_column(default="")
    absent: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id", use_alter=True), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    case: Mapped[Case] = relationship(back_populates="visits")
    visitors: Mapped[list["Visitor"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class Visitor(Base):
    """An expert who came to a visit."""

    __tablename__ = "visitors"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"), primary_key=True, index=True)

    expert: Mapped[Expert] = relationship()


class Diagnosis(Base):
    """诊断: by which methods the cause was found. A later one adds to the earlier ones."""

    __tablename__ = "diagnoses"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    methods: Mapped[str]
    cause: Mapped[str]
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("experts.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)

    case: Mapped[Case] = relationship(back_populates="diagnoses")


class Fix(Base):
    """措施: what was done, and how it was shown to work."""

    __tablename__ = "fixes"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    measures: Mapped[str]
    verification: Mapped[str]
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("experts.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)

    case: Mapped[Case] = relationship(back_populates="fixes")
