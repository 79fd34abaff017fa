"""效益: an append-only ledger. Statements by party; the office adopts one; a verification replaces it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.db import Base, enum_column, now
from matcher.models.accounts import User
from matcher.models.cases import Case
from matcher.models.lifecycle import Party


class BenefitKind(StrEnum):
    INCOME = "income"
    SAVING = "saving"
    LOSS_AVOIDED = "loss_avoided"


class Per(StrEnum):
    """An amount comes once, or every year; the two are never added."""

    ONCE = "once"
    YEAR = "year"


class EntryKind(StrEnum):
    """STATED by a party; ADOPTED by the office as the estimate; VERIFIED or REJECTED by a verifier."""

    STATED = "stated"
    ADOPTED = "adopted"
    VERIFIED = "verified"
    REJECTED = "rejected"


class EvidenceGrade(StrEnum):
    INVOICE = "invoice"
    METER = "meter"
    PRODUCTION_RECORD = "production_record"
    STAMPED_STATEMENT = "stamped_statement"
    TELEPHONE = "telephone"
    NONE = "none"


class Benefit(Base):
    """One line of the ledger: never changed, never deleted (triggers see to it).

    A chain is all lines of one case and kind, in the order of `id`. An adoption, verification, rejection or
    correction names the line it is about. Amounts are yuan.
    """

    __tablename__ = "benefits"
    __table_args__ = (
        CheckConstraint("amount >= 0", "amount_is_not_negative"),
        CheckConstraint("entry = 'stated' OR about_id IS NOT NULL", "answers_name_a_statement"),
        Index("ix_benefits_chain", "case_id", "kind", "id"),
        Index("ix_benefits_entry_on", "entry", "entered_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[BenefitKind] = mapped_column(enum_column(BenefitKind))
    entry: Mapped[EntryKind] = mapped_column(enum_column(EntryKind))
    about_id: Mapped[int | None] = mapped_column(ForeignKey("benefits.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("benefits.id"))
    party: Mapped[Party] = mapped_column(enum_column(Party))
    amount: Mapped[Decimal]
    per: Mapped[Per] = mapped_column(enum_column(Per))
    baseline: Mapped[str] = mapped_column(default="")
    formula: Mapped[str] = mapped_column(default="")
    inputs: Mapped[dict[str, Any]] = mapped_column(default=dict)
    evidence: Mapped[str] = mapped_column(default="")
    evidence_grade: Mapped[EvidenceGrade] = mapped_column(enum_column(EvidenceGrade))
    remark: Mapped[str] = mapped_column(default="")
    entered_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=now)

    case: Mapped[Case] = relationship()
    recorded_by: Mapped[User | None] = relationship()
    about: Mapped["Benefit | None"] = relationship(foreign_keys=[about_id], remote_side=[id])


class FollowUp(Base):
    """复访: what became of the benefit after 3, 6 and 12 months."""

    __tablename__ = "follow_ups"
    __table_args__ = (Index("uq_follow_ups_case_months", "case_id", "months", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    months: Mapped[int]
    due_on: Mapped[date] = mapped_column(index=True)
    result: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    amount: Mapped[Decimal | None]
    answered_on: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reminded_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(lazy="selectin")
