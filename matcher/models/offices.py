"""Union bodies as a tree, their holidays, and the vocabularies everybody chooses from."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.db import Base, enum_column


class OfficeLevel(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    PARK = "park"
    ENTERPRISE = "enterprise"


#: Settings of an office and what holds where it has said nothing. Clocks are working days (product.md 4).
DEFAULTS: dict[str, Any] = {
    "started_on": None,
    "clock_accept": 1,
    "clock_dispatch": 2,
    "clock_answer": 1,
    "answer_hours": 8,
    "clock_contact": 1,
    "clock_visit": 5,
    "clock_close": 15,
    "clock_confirm": 10,
    "clock_question": 10,
    "capacity": 2,
    "hide_firm_name": False,
    "require_agreement": False,
    "require_employer_consent": False,
    "compare_offices": False,
    "embeddings": False,
    "motto": "企业点菜、劳模烹饪、工会配送",
    "intro": "",
    "phone": "",
    "measure_problem": "个",
    "brief": "",
    "brief_docx": "",
}


class Office(Base):
    """A union body at one level. `path` is the ids from the root, "/1/4/9/", so a subtree is one LIKE."""

    __tablename__ = "offices"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str]
    level: Mapped[OfficeLevel] = mapped_column(enum_column(OfficeLevel))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"), index=True)
    path: Mapped[str] = mapped_column(index=True, default="")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_active: Mapped[bool] = mapped_column(default=True)

    parent: Mapped["Office | None"] = relationship(remote_side=[id], back_populates="children")
    children: Mapped[list["Office"]] = relationship(back_populates="parent", order_by="Office.code")

    def setting(self, name: str) -> Any:
        """What this office, or the nearest office above it, has settled; else the default."""
        office: Office | None = self
        while office is not None:
            if name in office.settings:
                return office.settings[name]
            office = office.parent
        return DEFAULTS[name]

    @property
    def started_on(self) -> date | None:
        """The day from which 启动以来 counts."""
        value = self.setting("started_on")
        return date.fromisoformat(value) if value else None

    @property
    def ancestor_ids(self) -> list[int]:
        """Ids of the offices above, from the root down, without this one."""
        return [int(part) for part in self.path.split("/") if part][:-1]

    def contains(self, other: "Office") -> bool:
        """Whether the other office is this one or lies below it."""
        return other.path.startswith(self.path)


class Holiday(Base):
    """A day that is, or is not, worked here against the rule of the week; entered by the administrator."""

    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str] = mapped_column(default="")


class Term(Base):
    """A word of a vocabulary, valid for a time; the old words stay for the old cases."""

    __tablename__ = "terms"
    __table_args__ = (
        UniqueConstraint("vocabulary", "code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", "dates_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vocabulary: Mapped[str] = mapped_column(index=True)
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    level: Mapped[str] = mapped_column(default="")
    line: Mapped[str] = mapped_column(default="")
    bearer: Mapped[str] = mapped_column(default="")
    sort: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class NumberSeries(Base):
    """The last number given out, per office, year and kind of thing."""

    __tablename__ = "number_series"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
