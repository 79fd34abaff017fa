"""Life cycles: a table of moves per noun, and one way through it.

A move is a named action that leads from some states to one state and belongs to certain parties. Staff may
record a move of an expert or an enterprise on their behalf (代录); the party is then the one who spoke.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from matcher.errors import WrongMove

S = TypeVar("S", bound=StrEnum)


class Party(StrEnum):
    """In whose name something happens."""

    ENTERPRISE = "enterprise"
    EXPERT = "expert"
    OFFICE = "office"
    UPPER = "upper"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One row of the table: this action, from these states, to that state, by these parties."""

    action: str
    sources: frozenset[S]
    target: S
    parties: frozenset[Party]


def move(action: str, sources: Iterable[S], target: S, *parties: Party) -> Move[S]:
    """A row of a life cycle, written the way product.md writes it."""
    return Move(action, frozenset(sources), target, frozenset(parties))


class LifeCycle(Generic[S]):
    """All moves of one noun."""

    def __init__(self, states: type[S], *moves: Move[S]) -> None:
        self.states = states
        self.moves = moves

    def target(self, state: S, action: str, party: Party) -> S:
        """Where the action leads from here, or WrongMove."""
        for row in self.moves:
            if row.action == action and state in row.sources and party in row.parties:
                return row.target
        raise WrongMove("现在的状态是“%(state)s”，不能做这一步。", state=state, action=action)

    def allows(self, state: S, action: str, party: Party) -> bool:
        """Whether the move exists."""
        return any(r.action == action and state in r.sources and party in r.parties for r in self.moves)

    def actions(self, state: S, party: Party) -> list[str]:
        """What the party can do from here, in the order of the table."""
        return [r.action for r in self.moves if state in r.sources and party in r.parties]


class Living:
    """A noun with a life cycle. `state` changes here and nowhere else."""

    LIFE: ClassVar[LifeCycle]
    state: StrEnum

    def move(self, action: str, party: Party) -> None:
        """Take the named step, or raise WrongMove and stay."""
        self.state = self.LIFE.target(self.state, action, party)

    def may_move(self, action: str, party: Party) -> bool:
        """Whether the named step exists from the present state."""
        return self.LIFE.allows(self.state, action, party)
