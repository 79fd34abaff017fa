"""The towns and parks of an office, for filters and type-ahead; other places may be typed."""

from matcher.models import Office
from matcher.services.words import choices


def town_names(office: Office) -> list[str]:
    """Towns whose code begins with the office's; an office above counties has too many to list."""
    prefix = office.code.rstrip("0") if office.code.endswith("00") else office.code
    found = [name for code, name in choices("towns") if code.startswith(prefix)]
    return found if len(found) <= MOST else []


#: More than any county has; a longer list helps nobody.
MOST = 60
