"""What plain code cannot take: a sentence for the user, with named values, translated at the edge."""

from typing import Any


class PlainError(ValueError):
    """`message` is a Chinese source string with named `%(x)s` values; `field` the form field it is about."""

    field: str | None = None

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values
