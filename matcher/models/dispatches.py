"""The union's decision to send an expert, and the expert's answer."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.db import Base, enum_column, now, only_one
from matcher.models.accounts import User
from matcher.models.experts import Expert
from matcher.models.lifecycle import LifeCycle, Living, Party, move
from matcher.models.menus import Problem

if TYPE_CHECKING:
    from matcher.models.cases import Case


class DispatchRole(StrEnum):
    LEAD = "lead"
    MEMBER = "member"


class DispatchState(StrEnum):
    OFFERED = "offered"
    TERMS = "terms"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    RECALLED = "recalled"
    RELEASED = "released"
    DONE = "done"


class DeclineReason(StrEnum):
    """Why an expert says no; each changes exactly one thing."""

    NOT_MY_TRADE = "not_my_trade"
    TOO_FAR = "too_far"
    NO_TIME = "no_time"
    CONFLICT = "conflict"
    MODEL_UNKNOWN = "model_unknown"


class TermsKind(StrEnum):
    OTHER_DATE = "other_date"
    REMOTE_FIRST = "remote_first"
    ONE_MORE_EXPERT = "one_more_expert"
    ONLY_PART = "only_part"


D = DispatchState

#: An offer or a promise that stands.
LIVE = (D.OFFERED, D.TERMS, D.ACCEPTED)

DISPATCH_LIFE = LifeCycle(
    D,
    move("accept", [D.OFFERED], D.ACCEPTED, Party.EXPERT),
    move("set_terms", [D.OFFERED], D.TERMS, Party.EXPERT),
    move("decline", [D.OFFERED], D.DECLINED, Party.EXPERT),
    move("expire", [D.OFFERED, D.TERMS], D.EXPIRED, Party.SYSTEM),
    move("agree", [D.TERMS], D.ACCEPTED, Party.OFFICE),
    move("refuse", [D.TERMS], D.RECALLED, Party.OFFICE),
    move("recall", [D.OFFERED, D.TERMS, D.ACCEPTED], D.RECALLED, Party.OFFICE, Party.SYSTEM),
    move("release", [D.ACCEPTED], D.RELEASED, Party.EXPERT),
    move("finish", [D.ACCEPTED], D.DONE, Party.SYSTEM),
)

_LIVE_SQL = "state IN ('offered', 'terms', 'accepted')"


class Dispatch(Living, Base):
    """点将: this expert to this problem, as lead or member. One live lead per problem, whoever presses."""

    __tablename__ = "dispatches"
    __table_args__ = (
        only_one("uq_dispatches_live_lead", "problem_id", where=f"role = 'lead' AND {_LIVE_SQL}"),
        only_one("uq_dispatches_live_pair", "problem_id", "expert_id", where=_LIVE_SQL),
        CheckConstraint("(state = 'declined') = (decline_reason IS NOT NULL)", "declined_says_why"),
        CheckConstraint("state <> 'terms' OR terms_kind IS NOT NULL", "terms_are_named"),
        CheckConstraint("state NOT IN ('accepted', 'done') OR case_id IS NOT NULL", "accepted_works_a_case"),
    )
    LIFE = DISPATCH_LIFE

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"), index=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", use_alter=True), index=True)
    role: Mapped[DispatchRole] = mapped_column(enum_column(DispatchRole))
    state: Mapped[DispatchState] = mapped_column(enum_column(DispatchState))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    message: Mapped[str] = mapped_column(default="")
    hides_firm: Mapped[bool] = mapped_column(default=False)
    score: Mapped[float | None]
    rank: Mapped[int | None]
    offered_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    terms_kind: Mapped[TermsKind | None] = mapped_column(enum_column(TermsKind))
    terms_text: Mapped[str] = mapped_column(default="")
    terms_date: Mapped[date | None]
    decline_reason: Mapped[DeclineReason | None] = mapped_column(enum_column(DeclineReason))
    decline_text: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    problem: Mapped[Problem] = relationship(lazy="selectin")
    expert: Mapped[Expert] = relationship()
    by: Mapped[User | None] = relationship()
    case: Mapped["Case | None"] = relationship(back_populates="dispatches", foreign_keys=[case_id])

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_live(self) -> bool:
        """Whether the offer or the promise still stands."""
        return self.state in LIVE
