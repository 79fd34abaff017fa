"""Who acts: a value that every service takes as `by`, never read from a request inside a service."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from matcher.errors import NotAllowed
from matcher.models.lifecycle import Party

if TYPE_CHECKING:
    from matcher.models.accounts import User
    from matcher.models.enterprises import Enterprise
    from matcher.models.experts import Expert
    from matcher.models.offices import Office


class Channel(StrEnum):
    """How staff heard what they record for somebody else."""

    TELEPHONE = "telephone"
    PAPER = "paper"
    IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True)
class Behalf:
    """代录: whose word staff record, how it came and on which day it was given."""

    party: Party
    channel: Channel
    on: date


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody doing something: a member of staff, an expert, an enterprise, or the clock.

    `address` is the network address for the log. `behalf` is set when staff record another's word.
    """

    user: "User | None" = None
    expert: "Expert | None" = None
    enterprise: "Enterprise | None" = None
    address: str | None = None
    behalf: Behalf | None = None
    is_upper: bool = False

    @classmethod
    def system(cls) -> "Actor":
        """The clock, or what follows by itself from another move."""
        return cls()

    @property
    def party(self) -> Party:
        """In whose name the step is taken."""
        if self.behalf is not None:
            return self.behalf.party
        return self.speaker

    @property
    def speaker(self) -> Party:
        """Who really pressed the button."""
        if self.user is not None and self.expert is None:
            return Party.UPPER if self.is_upper else Party.OFFICE
        if self.expert is not None:
            return Party.EXPERT
        return Party.ENTERPRISE if self.enterprise is not None else Party.SYSTEM

    @property
    def office(self) -> "Office | None":
        """The office in whose name staff act."""
        return self.user.office if self.user is not None else None

    def on_behalf_of(self, party: Party, *, channel: Channel, on: date) -> "Actor":
        """The same member of staff, recording an expert's or an enterprise's word.

        Only staff record for others; above all, an expert never confirms for the enterprise.
        """
        if self.speaker not in (Party.OFFICE, Party.UPPER) or party not in (Party.ENTERPRISE, Party.EXPERT):
            raise NotAllowed("只有工会工作人员可以代企业或专家记录。")
        return replace(self, behalf=Behalf(party, channel, on))
