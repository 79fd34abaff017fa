"""Columns that hold personal data encrypted at rest, with a blind index to find a phone again."""

from flask import current_app
from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from matcher.plain.phones import mask, normalise
from matcher.plain.sealed import Sealer


def sealer() -> Sealer:
    """The keys of this installation; create_app puts them in place."""
    keys: Sealer = current_app.extensions["sealer"]
    return keys


class SealedText(TypeDecorator[str]):
    """Text that only the application can read: sealed on the way in, opened on the way out."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return sealer().seal(value) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return sealer().open(value) if value else None


class Reachable:
    """A person or firm that can be telephoned: phone sealed, masked on pages, found by its blind index."""

    phone: Mapped[str | None] = mapped_column(SealedText)
    phone_index: Mapped[str | None] = mapped_column(index=True)

    def set_phone(self, phone: str | None) -> None:
        """Keep the number in its normal form, or forget it."""
        self.phone = normalise(phone) if phone else None
        self.phone_index = sealer().blind_index(self.phone) if self.phone else None

    @property
    def masked_phone(self) -> str:
        """138****1234, or nothing."""
        return mask(self.phone) if self.phone else ""
