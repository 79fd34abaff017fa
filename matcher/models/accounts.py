"""Who logs in, with which roles, and the personal links of those who do not."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.db import Base, enum_column, now
from matcher.models.experts import Expert
from matcher.models.offices import Office


class Role(StrEnum):
    """What an account may do; one person can have several hats (product.md 1)."""

    DISPATCHER = "dispatcher"
    LEADER = "leader"
    WRITER = "writer"
    VERIFIER = "verifier"
    ADMIN = "admin"
    AUDITOR = "auditor"
    EXPERT = "expert"


class UserRole(Base):
    """One hat of one person."""

    __tablename__ = "user_roles"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(enum_column(Role), primary_key=True)


class User(Base):
    """An account of a person of the union, or of an expert who wants one."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("experts.id"), unique=True)
    name: Mapped[str]
    login: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str]
    password_changed_at: Mapped[datetime] = mapped_column(default=now)
    must_change_password: Mapped[bool] = mapped_column(default=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    session_stamp: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)

    office: Mapped[Office] = relationship()
    expert: Mapped[Expert | None] = relationship()
    hats: Mapped[list[UserRole]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def roles(self) -> frozenset[Role]:
        """All hats at once."""
        return frozenset(hat.role for hat in self.hats)

    def has(self, *roles: Role) -> bool:
        """Whether the account wears one of these hats."""
        return bool(self.roles.intersection(roles))

    # What flask-login asks of an account.
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """The session's name for the account; a new stamp ends every session that is open."""
        return f"{self.id}:{self.session_stamp}"


class PasswordUsed(Base):
    """An earlier password, hashed, so that it is not taken again."""

    __tablename__ = "passwords_used"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    password_hash: Mapped[str]
    ended_at: Mapped[datetime] = mapped_column(default=now)


class PersonalLink(Base):
    """An unguessable address for one enterprise's menu or one expert. Only its hash is kept."""

    __tablename__ = "personal_links"
    __table_args__ = (
        CheckConstraint("(menu_id IS NULL) <> (expert_id IS NULL)", "for_a_menu_or_an_expert"),
        Index("ix_personal_links_menu_id", "menu_id"),
        Index("ix_personal_links_expert_id", "expert_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    menu_id: Mapped[int | None] = mapped_column(ForeignKey("menus.id"))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("experts.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]

    def is_live(self, moment: datetime) -> bool:
        """Whether the link still opens."""
        return self.revoked_at is None and moment < self.expires_at


class FormKey(Base):
    """A form that was taken once, and where it led: pressing twice leads to the same place."""

    __tablename__ = "form_keys"

    key: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(default="")
    used_at: Mapped[datetime] = mapped_column(default=now, index=True)


class Attempt(Base):
    """A counter of tries within a window of time, shared by all processes (rate limits)."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime] = mapped_column(index=True)
