"""What can go wrong, in the words of the domain.

    MatcherError
    ├── NotFound      there is no such thing among yours            404
    ├── NotAllowed    your role does not do this                    403
    ├── WrongMove     the thing is not in a state for that          409
    ├── Conflicting   somebody else was faster                      409
    ├── BadInput      what was typed cannot be taken, field by field 422
    └── TooMany       slow down                                     429

Each carries a sentence meant for the user: a Chinese source string with named `%(x)s` values, translated
once, at the edge (matcher/web/errors.py).
"""

from typing import Any


class MatcherError(Exception):
    """Something a person should be told, with the HTTP status that fits."""

    status = 400

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class NotFound(MatcherError):
    """There is no such thing among yours. What belongs to others is not found either."""

    status = 404


class NotAllowed(MatcherError):
    """You may see it, but your role does not do this."""

    status = 403


class WrongMove(MatcherError):
    """The thing is in a state from which this action does not lead anywhere."""

    status = 409


class Conflicting(MatcherError):
    """Somebody else did it first, in the same second perhaps."""

    status = 409


class BadInput(MatcherError):
    """What was typed cannot be taken; `field` names the place in the form, if it is one."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None, **values: Any) -> None:
        super().__init__(message, **values)
        self.field = field


class TooMany(MatcherError):
    """Too often in too short a time."""

    status = 429
