"""Who asks: enterprises, and the tier each had at its time."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.db import Base, enum_column, now, only_one
from matcher.models.offices import Office
from matcher.models.sealing import Reachable, SealedText


class EnterpriseState(StrEnum):
    """NEW came in by a form and is not yet tied to the register; a MERGED one points to its double."""

    NEW = "new"
    KNOWN = "known"
    MERGED = "merged"


class Enterprise(Reachable, Base):
    """A firm or farm. `search_key` holds name and pinyin, so a few letters find it."""

    __tablename__ = "enterprises"
    __table_args__ = (
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", "merged_names_its_double"),
        only_one("uq_enterprises_uscc_known", "office_id", "uscc", where="uscc IS NOT NULL AND state = 'known'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    state: Mapped[EnterpriseState] = mapped_column(enum_column(EnterpriseState))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id"))
    external_id: Mapped[str | None] = mapped_column(index=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True)
    search_key: Mapped[str] = mapped_column(default="")
    uscc: Mapped[str | None] = mapped_column(index=True)
    industry: Mapped[str | None] = mapped_column(index=True)
    size: Mapped[str | None]
    ownership: Mapped[str | None]
    has_union: Mapped[bool | None]
    town: Mapped[str] = mapped_column(default="")
    address: Mapped[str | None] = mapped_column(SealedText)
    contact_name: Mapped[str | None] = mapped_column(SealedText)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)

    office: Mapped[Office] = relationship()
    merged_into: Mapped["Enterprise | None"] = relationship(remote_side=[id])
    tiers: Mapped[list["EnterpriseTier"]] = relationship(
        back_populates="enterprise", order_by="EnterpriseTier.valid_from", cascade="all, delete-orphan"
    )

    def tier_on(self, day: date) -> str | None:
        """The tier (专精特新 …) the enterprise had on that day."""
        held = [t.tier for t in self.tiers if t.valid_from <= day and (t.valid_to is None or day <= t.valid_to)]
        return held[-1] if held else None


class EnterpriseTier(Base):
    """A tier that an enterprise had from one day on."""

    __tablename__ = "enterprise_tiers"

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), index=True)
    tier: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    enterprise: Mapped[Enterprise] = relationship(back_populates="tiers")
