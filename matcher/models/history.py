"""Who did what to which thing, and what must be told to whom."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.db import Base, enum_column, now
from matcher.models.accounts import User
from matcher.models.actors import Channel
from matcher.models.enterprises import Enterprise
from matcher.models.experts import Expert
from matcher.models.lifecycle import Party
from matcher.models.menus import Menu, Problem
from matcher.models.offices import Office
from matcher.models.sealing import Reachable, SealedText


class LogEntry(Base):
    """One line of the log: written once, never changed, never deleted (triggers see to it)."""

    __tablename__ = "log_entries"
    __table_args__ = (
        CheckConstraint("(behalf_party IS NULL) = (behalf_channel IS NULL)", "behalf_says_how"),
        Index("ix_log_entries_subject", "subject_kind", "subject_id"),
        Index("ix_log_entries_office_at", "office_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    party: Mapped[Party] = mapped_column(enum_column(Party))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("experts.id"))
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id"))
    behalf_party: Mapped[Party | None] = mapped_column(enum_column(Party, "behalf_party"))
    behalf_channel: Mapped[Channel | None] = mapped_column(enum_column(Channel))
    behalf_on: Mapped[date | None]
    address: Mapped[str | None]
    verb: Mapped[str] = mapped_column(index=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int | None]
    subject_name: Mapped[str] = mapped_column(default="")
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    is_success: Mapped[bool] = mapped_column(default=True)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    user: Mapped[User | None] = relationship(lazy="selectin")


class NoticeState(StrEnum):
    """WAITING is sent by the job; READ was seen in the app; FAILED gave up after its tries."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    BY_HAND = "by_hand"


class Notice(Base):
    """Something that must be told to somebody; written with the fact, sent afterwards.

    BY_HAND: no e-mail is known, so the desk copies the text into WeChat or telephones.
    """

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_state", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    party: Mapped[Party] = mapped_column(enum_column(Party))
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("experts.id"), index=True)
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id"))
    problem_id: Mapped[int | None] = mapped_column(ForeignKey("problems.id"), index=True)
    menu_id: Mapped[int | None] = mapped_column(ForeignKey("menus.id"))
    dispatch_id: Mapped[int | None] = mapped_column(ForeignKey("dispatches.id"))
    subject: Mapped[str]
    body: Mapped[str]
    address: Mapped[str | None] = mapped_column(SealedText)
    state: Mapped[NoticeState] = mapped_column(enum_column(NoticeState))
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]

    expert: Mapped[Expert | None] = relationship(lazy="joined")
    enterprise: Mapped[Enterprise | None] = relationship(lazy="joined")
    menu: Mapped[Menu | None] = relationship()
    problem: Mapped[Problem | None] = relationship()


class Complaint(Reachable, Base):
    """投诉建议: said by anybody from any page, read at the desk."""

    __tablename__ = "complaints"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    kind: Mapped[str] = mapped_column(default="complaint")
    page: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    contact_name: Mapped[str | None] = mapped_column(SealedText)
    made_at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    office: Mapped[Office] = relationship()


class FileKind(StrEnum):
    PICTURE = "picture"
    DOCUMENT = "document"


class Attachment(Base):
    """A photo or paper that belongs to one thing; the bytes lie in the store under `key`."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    kind: Mapped[FileKind] = mapped_column(enum_column(FileKind))
    key: Mapped[str] = mapped_column(index=True)
    mime: Mapped[str]
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    name: Mapped[str] = mapped_column(default="")
    party: Mapped[Party] = mapped_column(enum_column(Party))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(default=now)
    removed_at: Mapped[datetime | None]


class Import(Base):
    """A file of a roster or of menus, read in a dry run, waiting to be loaded."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    kind: Mapped[str]
    filename: Mapped[str]
    key: Mapped[str]
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="read")
    report: Mapped[list[Any]] = mapped_column(default=list)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    loaded_at: Mapped[datetime | None]

    office: Mapped[Office] = relationship()
