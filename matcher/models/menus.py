"""What is asked: a menu of problems, and what was said about each before anybody is sent."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.db import Base, enum_column, now, only_one
from matcher.models.accounts import User
from matcher.models.enterprises import Enterprise
from matcher.models.experts import Expert
from matcher.models.lifecycle import LifeCycle, Living, Party, move
from matcher.models.offices import Office
from matcher.models.sealing import Reachable, SealedText


class MenuChannel(StrEnum):
    """How the menu came."""

    SELF = "self"
    QR = "qr"
    PHONE = "phone"
    VISIT = "visit"
    LEADERSHIP = "leadership"
    IMPORT = "import"


class Menu(Reachable, Base):
    """One posting by one enterprise: the exact words, and who can be called about them."""

    __tablename__ = "menus"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), index=True)
    channel: Mapped[MenuChannel] = mapped_column(enum_column(MenuChannel))
    external_id: Mapped[str | None] = mapped_column(index=True)
    text: Mapped[str]
    firm_as_written: Mapped[str]
    contact_name: Mapped[str | None] = mapped_column(SealedText)
    town: Mapped[str] = mapped_column(default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    posted_at: Mapped[datetime] = mapped_column(default=now, index=True)

    office: Mapped[Office] = relationship()
    enterprise: Mapped[Enterprise] = relationship(lazy="joined", innerjoin=True)
    filed_by: Mapped[User | None] = relationship()
    problems: Mapped[list["Problem"]] = relationship(back_populates="menu", order_by="Problem.position")


class ProblemState(StrEnum):
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    SOLVED = "solved"
    PARTLY = "partly"
    UNSOLVED = "unsolved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class SolvedBy(StrEnum):
    """How the last round ended well."""

    CASE = "case"
    CARD = "card"
    PHONE = "phone"


P = ProblemState

#: States from which nothing more is owed to the enterprise, unless it reopens.
ENDED = (P.SOLVED, P.PARTLY, P.UNSOLVED, P.REJECTED, P.WITHDRAWN, P.LAPSED)
OPEN = (P.SUBMITTED, P.RETURNED, P.ACCEPTED, P.DISPATCHED)

PROBLEM_LIFE = LifeCycle(
    P,
    move("accept", [P.SUBMITTED], P.ACCEPTED, Party.OFFICE),
    move("ask", [P.SUBMITTED, P.ACCEPTED], P.RETURNED, Party.OFFICE),
    move("reject", [P.SUBMITTED], P.REJECTED, Party.OFFICE),
    move("answer", [P.RETURNED], P.SUBMITTED, Party.ENTERPRISE),
    move("lapse", [P.RETURNED], P.LAPSED, Party.SYSTEM),
    move("withdraw", [P.SUBMITTED, P.RETURNED, P.ACCEPTED, P.DISPATCHED], P.WITHDRAWN, Party.ENTERPRISE),
    move("dispatch", [P.ACCEPTED], P.DISPATCHED, Party.OFFICE),
    move("free", [P.DISPATCHED], P.ACCEPTED, Party.OFFICE, Party.EXPERT, Party.SYSTEM),
    move("solve_by_card", [P.ACCEPTED], P.SOLVED, Party.OFFICE, Party.ENTERPRISE),
    move("solve_by_phone", [P.ACCEPTED], P.SOLVED, Party.OFFICE),
    move("give_up", [P.ACCEPTED], P.UNSOLVED, Party.OFFICE),
    move("close_solved", [P.DISPATCHED], P.SOLVED, Party.EXPERT, Party.OFFICE),
    move("close_partly", [P.DISPATCHED], P.PARTLY, Party.EXPERT, Party.OFFICE),
    move("close_unsolved", [P.DISPATCHED], P.UNSOLVED, Party.EXPERT, Party.OFFICE),
    move("close_sent_up", [P.DISPATCHED], P.ACCEPTED, Party.EXPERT, Party.OFFICE),
    move("reopen", [P.SOLVED, P.PARTLY, P.UNSOLVED], P.ACCEPTED, Party.ENTERPRISE, Party.OFFICE),
    # Another handling office: the state stays, the history is kept.
    move("escalate", [P.SUBMITTED], P.SUBMITTED, Party.OFFICE),
    # Party.SYSTEM: a case closed as "sent up" takes its problem along.
    move("escalate", [P.ACCEPTED], P.ACCEPTED, Party.OFFICE, Party.SYSTEM),
    move("pass_down", [P.SUBMITTED], P.SUBMITTED, Party.OFFICE),
    move("pass_down", [P.ACCEPTED], P.ACCEPTED, Party.OFFICE),
    move("hand_over", [P.SUBMITTED], P.SUBMITTED, Party.OFFICE),
    move("hand_over", [P.ACCEPTED], P.ACCEPTED, Party.OFFICE),
)


class Problem(Living, Base):
    """One need: the unit of matching and of dispatch. `text` keeps the enterprise's exact words."""

    __tablename__ = "problems"
    __table_args__ = (
        UniqueConstraint("menu_id", "position"),
        CheckConstraint("(state IN ('solved')) = (solved_by IS NOT NULL)", "solved_says_how"),
        CheckConstraint(
            "(state IN ('solved', 'partly', 'unsolved', 'rejected', 'withdrawn', 'lapsed')) = (ended_at IS NOT NULL)",
            "ended_has_a_date",
        ),
        Index("ix_problems_office_state", "office_id", "state"),
        Index("ix_problems_owner_submitted", "owner_office_id", "submitted_at"),
    )
    LIFE = PROBLEM_LIFE

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    menu_id: Mapped[int] = mapped_column(ForeignKey("menus.id"), index=True)
    position: Mapped[int]
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    owner_office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    state: Mapped[ProblemState] = mapped_column(enum_column(ProblemState))
    title: Mapped[str]
    text: Mapped[str]
    reporting_kind: Mapped[str | None] = mapped_column(index=True)
    problem_kind: Mapped[str | None] = mapped_column(index=True)
    industry: Mapped[str | None] = mapped_column(index=True)
    urgency: Mapped[str] = mapped_column(default="normal")
    site_risks: Mapped[list[str]] = mapped_column(default=list)
    is_insured: Mapped[bool] = mapped_column(default=False)
    checks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    classified: Mapped[dict[str, Any]] = mapped_column(default=dict)
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("problems.id"))
    solved_by: Mapped[SolvedBy | None] = mapped_column(enum_column(SolvedBy))
    reason: Mapped[str | None]
    reason_text: Mapped[str] = mapped_column(default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime] = mapped_column(default=now)
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    menu: Mapped[Menu] = relationship(back_populates="problems", lazy="joined", innerjoin=True)
    office: Mapped[Office] = relationship(foreign_keys=[office_id])
    owner_office: Mapped[Office] = relationship(foreign_keys=[owner_office_id])
    assigned_to: Mapped[User | None] = relationship()
    questions: Mapped[list["Question"]] = relationship(back_populates="problem", order_by="Question.id")
    handovers: Mapped[list["Handover"]] = relationship(back_populates="problem", order_by="Handover.id")
    proposals: Mapped[list["Proposal"]] = relationship(
        primaryjoin="and_(Problem.id == Proposal.problem_id, Proposal.replaced_at.is_(None))",
        order_by="Proposal.rank",
        viewonly=True,
    )
    call_notes: Mapped[list["CallNote"]] = relationship(back_populates="problem", order_by="CallNote.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def enterprise(self) -> Enterprise:
        """Who asks."""
        return self.menu.enterprise

    @property
    def is_dangerous(self) -> bool:
        """Whether insurance must be ticked before anybody is sent (志愿服务条例 art. 17)."""
        return bool(self.site_risks)


class Question(Base):
    """A question back to the enterprise, and its answer."""

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"), index=True)
    text: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=now)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    problem: Mapped[Problem] = relationship(back_populates="questions")


class HandoverKind(StrEnum):
    UP = "up"
    DOWN = "down"
    ACROSS = "across"


class Handover(Base):
    """A change of the handling office: escalated, passed down or lent to a sister office."""

    __tablename__ = "handovers"

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"), index=True)
    from_office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    to_office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    kind: Mapped[HandoverKind] = mapped_column(enum_column(HandoverKind))
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)

    problem: Mapped[Problem] = relationship(back_populates="handovers")
    from_office: Mapped[Office] = relationship(foreign_keys=[from_office_id])
    to_office: Mapped[Office] = relationship(foreign_keys=[to_office_id])


class Proposal(Base):
    """A match that was stored and shown, with the versions it came from. A new run replaces the rows; those by
    which somebody was sent stay, marked as replaced."""

    __tablename__ = "proposals"
    __table_args__ = (only_one("uq_proposals_current", "problem_id", "expert_id", where="replaced_at IS NULL"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"), index=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"), index=True)
    rank: Mapped[int]
    score: Mapped[float]
    confidence: Mapped[float | None]
    is_suitable: Mapped[bool] = mapped_column(default=True)
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    versions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[datetime] = mapped_column(default=now)
    replaced_at: Mapped[datetime | None]

    problem: Mapped[Problem] = relationship()
    expert: Mapped[Expert] = relationship(lazy="joined", innerjoin=True)


class CallNote(Base):
    """What was said on the telephone about a problem."""

    __tablename__ = "call_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"), index=True)
    text: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)

    problem: Mapped[Problem] = relationship(back_populates="call_notes")
    by: Mapped[User] = relationship()


class ClockStep(StrEnum):
    """The steps that are timed (product.md 4): who owes the next move, and within how many days."""

    ACCEPT = "accept"
    DISPATCH = "dispatch"
    ANSWER = "answer"
    CONTACT = "contact"
    VISIT = "visit"
    CLOSE = "close"
    CONFIRM = "confirm"
    QUESTION = "question"


class Clock(Base):
    """One timed step of one problem. Paused while the enterprise is waited for; `hours` are working hours."""

    __tablename__ = "clocks"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR hours IS NOT NULL", "ended_knows_its_hours"),
        only_one("uq_clocks_running", "problem_id", "step", where="ended_at IS NULL"),
        Index("ix_clocks_due", "ended_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    step: Mapped[ClockStep] = mapped_column(enum_column(ClockStep))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    hours_before: Mapped[Decimal] = mapped_column(default=Decimal(0))
    resumed_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    is_met: Mapped[bool | None]
    hours: Mapped[Decimal | None]
    told_at: Mapped[datetime | None]

    problem: Mapped[Problem] = relationship()
