"""The table role x right x relation of the office (product.md 4, Rights)."""

from enum import StrEnum
from typing import Any

from matcher.errors import NotAllowed
from matcher.models import Office, Problem, Role, User


class Right(StrEnum):
    """What can be done to a thing."""

    READ = "read"
    HANDLE = "handle"
    RECORD = "record"
    REVEAL = "reveal"
    EXPORT = "export"
    EXPORT_OPEN = "export_open"
    ROSTER = "roster"
    ACTIVITIES = "activities"
    ADOPT_BENEFIT = "adopt_benefit"
    VERIFY_BENEFIT = "verify_benefit"
    READ_FIGURES = "read_figures"
    DRAFT_REPORT = "draft_report"
    SUBMIT_REPORT = "submit_report"
    TAKE_REPORT = "take_report"
    READ_COMPLAINTS = "read_complaints"
    MANAGE_USERS = "manage_users"
    MANAGE_OFFICE = "manage_office"
    MANAGE_WORDS = "manage_words"
    MANAGE_LEXICON = "manage_lexicon"
    READ_LOG = "read_log"
    READ_FROZEN = "read_frozen"
    REPLAY = "replay"


class Relation(StrEnum):
    """How the user's office stands to the thing's office."""

    OWN = "own"
    BELOW = "below"
    PARENT_OF = "parent_of"
    SENT_AWAY = "sent_away"
    NONE = "none"


_HERE = frozenset({Relation.OWN, Relation.BELOW, Relation.PARENT_OF})
_SEEN = _HERE | {Relation.SENT_AWAY}
_OWN = frozenset({Relation.OWN})
_UPPER = frozenset({Relation.PARENT_OF, Relation.BELOW})

#: PARENT_OF is a BELOW whose office reports straight to the user's own.
TABLE: dict[Right, dict[Role, frozenset[Relation]]] = {
    Right.READ: {
        Role.DISPATCHER: _SEEN,
        Role.LEADER: _SEEN,
        Role.WRITER: _SEEN,
        Role.VERIFIER: _SEEN,
        Role.ADMIN: _SEEN,
    },
    Right.HANDLE: {Role.DISPATCHER: _HERE},
    Right.RECORD: {Role.DISPATCHER: _HERE},
    Right.REVEAL: {Role.DISPATCHER: _HERE},
    Right.EXPORT: {Role.DISPATCHER: _HERE, Role.WRITER: _HERE, Role.LEADER: _HERE},
    Right.EXPORT_OPEN: {Role.ADMIN: _OWN},
    Right.ROSTER: {Role.DISPATCHER: _HERE, Role.ADMIN: _HERE},
    Right.ACTIVITIES: {Role.DISPATCHER: _HERE},
    Right.ADOPT_BENEFIT: {Role.DISPATCHER: _HERE},
    Right.VERIFY_BENEFIT: {Role.VERIFIER: _HERE},
    Right.READ_FIGURES: {
        Role.DISPATCHER: _HERE,
        Role.LEADER: _HERE,
        Role.WRITER: _HERE,
        Role.VERIFIER: _HERE,
    },
    Right.DRAFT_REPORT: {Role.WRITER: _OWN},
    Right.SUBMIT_REPORT: {Role.WRITER: _OWN},
    Right.TAKE_REPORT: {Role.WRITER: _UPPER, Role.LEADER: _UPPER},
    Right.READ_COMPLAINTS: {Role.DISPATCHER: _HERE, Role.LEADER: _HERE},
    Right.MANAGE_USERS: {Role.ADMIN: _HERE},
    Right.MANAGE_OFFICE: {Role.ADMIN: _HERE},
    Right.MANAGE_WORDS: {Role.ADMIN: _HERE},
    Right.MANAGE_LEXICON: {Role.ADMIN: _HERE},
    Right.READ_LOG: {Role.AUDITOR: _HERE, Role.ADMIN: _OWN},
    # Recomputing a proposal shows scores, never texts.
    Right.REPLAY: {Role.AUDITOR: _HERE, Role.ADMIN: _HERE},
    Right.READ_FROZEN: {
        Role.AUDITOR: _HERE,
        Role.DISPATCHER: _HERE,
        Role.LEADER: _HERE,
        Role.WRITER: _HERE,
        Role.VERIFIER: _HERE,
    },
}


def relation(user: User, thing: Any) -> Relation:
    """How the user's office stands to the office that the thing belongs to."""
    office = thing if isinstance(thing, Office) else thing.office
    if (near := _between(user.office, office)) is not Relation.NONE:
        return near
    if isinstance(thing, Problem) and user.office.contains(thing.owner_office):
        return Relation.SENT_AWAY
    return Relation.NONE


def may(user: User, right: Right, thing: Any) -> bool:
    """Whether one of the user's hats gives the right over the thing."""
    row = TABLE[right]
    near = relation(user, thing)
    return user.is_active and any(near in row.get(role, frozenset()) for role in user.roles)


def require(user: User, right: Right, thing: Any) -> None:
    """Go on, or NotAllowed."""
    if not may(user, right, thing):
        raise NotAllowed("您的账号没有这项权限。")


def _between(mine: Office, other: Office) -> Relation:
    if mine.id == other.id:
        return Relation.OWN
    if other.parent_id == mine.id:
        return Relation.PARENT_OF
    return Relation.BELOW if mine.contains(other) else Relation.NONE
