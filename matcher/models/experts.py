"""Who can help: experts, their honours and skills, and what keeps them from a problem."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.db import Base, enum_column, now, only_one
from matcher.models.enterprises import Enterprise
from matcher.models.offices import Office
from matcher.models.sealing import Reachable


class ExpertState(StrEnum):
    """ACTIVE is proposed; PAUSED is on the roster but not proposed; LEFT asked to leave."""

    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class SkillBasis(StrEnum):
    """How we know: the person said so, the engine read it out of the profile, or a case showed it."""

    DECLARED = "declared"
    INFERRED = "inferred"
    PROVEN = "proven"


class Expert(Reachable, Base):
    """A model worker or craftsman of the roster. `revision` is the roster's sequence number at the
    last change that the matcher must see."""

    __tablename__ = "experts"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    state: Mapped[ExpertState] = mapped_column(enum_column(ExpertState))
    external_id: Mapped[str | None] = mapped_column(index=True)
    name: Mapped[str]
    search_key: Mapped[str] = mapped_column(default="")
    employer: Mapped[str] = mapped_column(default="")
    employer_enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id"))
    title: Mapped[str] = mapped_column(default="")
    trade: Mapped[str] = mapped_column(default="")
    skill_grade: Mapped[str | None]
    professional_title: Mapped[str | None]
    profile: Mapped[str] = mapped_column(default="")
    industries: Mapped[list[str]] = mapped_column(default=list)
    town: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    capacity: Mapped[int | None]
    unavailable_until: Mapped[date | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=0, index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    office: Mapped[Office] = relationship()
    employer_enterprise: Mapped[Enterprise | None] = relationship()
    honours: Mapped[list["Honour"]] = relationship(
        back_populates="expert", cascade="all, delete-orphan", order_by="Honour.id", lazy="selectin"
    )
    skills: Mapped[list["Skill"]] = relationship(
        back_populates="expert", cascade="all, delete-orphan", order_by="Skill.id", lazy="selectin"
    )
    consents: Mapped[list["Consent"]] = relationship(cascade="all, delete-orphan", order_by="Consent.id")


class Honour(Base):
    """An honour with its year. Shown, never scored."""

    __tablename__ = "honours"

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id", ondelete="CASCADE"), index=True)
    code: Mapped[str | None]
    text: Mapped[str]
    year: Mapped[int | None]

    expert: Mapped[Expert] = relationship(back_populates="honours")


class Skill(Base):
    """One thing an expert can do, in a phrase, with how we know it."""

    __tablename__ = "skills"
    __table_args__ = (UniqueConstraint("expert_id", "text", "basis"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    basis: Mapped[SkillBasis] = mapped_column(enum_column(SkillBasis))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", use_alter=True))
    created_at: Mapped[datetime] = mapped_column(default=now)

    expert: Mapped[Expert] = relationship(back_populates="skills")


class Consent(Base):
    """What the expert agreed to, for one purpose, and when that was taken back."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]


class LoanState(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    ENDED = "ended"


class Loan(Base):
    """An expert lent to another office: it asks, the owner office agrees."""

    __tablename__ = "loans"
    __table_args__ = (only_one("uq_loans_live", "expert_id", "office_id", where="state IN ('asked', 'agreed')"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    problem_id: Mapped[int | None] = mapped_column(ForeignKey("problems.id", use_alter=True))
    state: Mapped[LoanState] = mapped_column(enum_column(LoanState))
    reason: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]

    expert: Mapped[Expert] = relationship()
    office: Mapped[Office] = relationship()


class ConflictKind(StrEnum):
    OWN_EMPLOYER = "own_employer"
    FORMER_EMPLOYER = "former_employer"
    COMPETITOR = "competitor"
    SUPPLIER = "supplier"
    FAMILY = "family"
    STATED = "stated"


class Conflict(Base):
    """An interest that forbids a pair of expert and enterprise, until its last day."""

    __tablename__ = "conflicts"
    __table_args__ = (UniqueConstraint("expert_id", "enterprise_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), index=True)
    kind: Mapped[ConflictKind] = mapped_column(enum_column(ConflictKind))
    until: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)

    expert: Mapped[Expert] = relationship()
    enterprise: Mapped[Enterprise] = relationship()


class EffectKind(StrEnum):
    """The one thing that a decline changes (product.md 4)."""

    SKILL_WEAKER = "skill_weaker"
    NEARER = "nearer"
    UNAVAILABLE = "unavailable"
    CONFLICT = "conflict"
    FINER_SKILL = "finer_skill"


class Effect(Base):
    """What a decline changed for this expert; it fades by half in six months and the expert sees it."""

    __tablename__ = "effects"
    __table_args__ = (CheckConstraint("strength > 0 AND strength <= 1", "strength_is_a_share"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"), index=True)
    dispatch_id: Mapped[int | None] = mapped_column(ForeignKey("dispatches.id", use_alter=True), unique=True)
    kind: Mapped[EffectKind] = mapped_column(enum_column(EffectKind))
    problem_kind: Mapped[str | None]
    industry: Mapped[str | None]
    text: Mapped[str] = mapped_column(default="")
    until: Mapped[date | None]
    strength: Mapped[Decimal] = mapped_column(default=Decimal(1))
    lifted_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    expert: Mapped[Expert] = relationship()
