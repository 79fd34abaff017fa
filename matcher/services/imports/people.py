"""Finding the same person again: on the roster as it stands, and further up in the same file."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from matcher.db import db
from matcher.models import Expert, ExpertState, Office
from matcher.models.sealing import sealer
from matcher.plain.names import firm_key, person_key
from matcher.plain.phones import MOBILE

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """What tells one person from another. `phone` is in its normal form, or empty."""

    name: str
    employer: str = ""
    phone: str = ""
    external_id: str = ""

    def names(self) -> list[Key]:
        """By any of these the same person is found again, the surest in front.

        A telephone alone is not enough: a workshop's extension stands behind several names.
        """
        found: list[Key] = []
        name = person_key(self.name)
        if self.external_id:
            found.append(("id", self.external_id))
        if self.phone:
            found.append(("phone", name, sealer().blind_index(self.phone)))
        if self.employer or not found:
            found.append(("work", name, firm_key(self.employer)))
        return found


@dataclass(slots=True)
class Known:
    """People met so far: key -> who it was, by the expert's id (on the roster) or the row (in the file)."""

    by_key: dict[Key, int] = field(default_factory=dict)
    mobiles: dict[str, tuple[str, int]] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)

    def add(self, person: Person, who: int, *, phone_index: str | None = None) -> None:
        """Remember somebody; of two with the same key the first stays."""
        for key in person.names():
            self.by_key.setdefault(key, who)
        index = phone_index or (sealer().blind_index(person.phone) if MOBILE.fullmatch(person.phone) else "")
        if phone_index:
            self.by_key.setdefault(("phone", person_key(person.name), phone_index), who)
        if index:
            self.mobiles.setdefault(index, (person.name, who))
        if person.external_id:
            self.ids[who] = person.external_id

    def find(self, person: Person) -> int | None:
        """Who it is, or None. Two numbers of their own keep two people of one name and firm apart."""
        for key in person.names():
            who = self.by_key.get(key)
            if who is not None and (key[0] == "id" or not self._has_other_id(person, who)):
                return who
        return None

    def owner_of_mobile(self, person: Person) -> str:
        """Whose mobile this already is, under another name; empty where nobody's."""
        if not MOBILE.fullmatch(person.phone):
            return ""
        name, _ = self.mobiles.get(sealer().blind_index(person.phone), (person.name, 0))
        return name if person_key(name) != person_key(person.name) else ""

    def _has_other_id(self, person: Person, who: int) -> bool:
        theirs = self.ids.get(who, "")
        return bool(person.external_id and theirs and person.external_id != theirs)


def on_roster(office: Office) -> Known:
    """Everybody on the rosters of the office and below it who has not left."""
    columns = (Expert.id, Expert.name, Expert.employer, Expert.external_id, Expert.phone_index)
    query = (
        select(*columns)
        .join(Office, Expert.office_id == Office.id)
        .where(Office.path.startswith(office.path), Expert.state != ExpertState.LEFT)
        .order_by(Expert.id)
    )
    known = Known()
    for expert_id, name, employer, external_id, phone_index in db.session.execute(query):
        known.add(Person(name, employer, "", external_id or ""), expert_id, phone_index=phone_index)
    return known


def in_file(people: Iterable[tuple[int, Person]] = ()) -> Known:
    """Nobody yet, or these people by their rows."""
    known = Known()
    for row, person in people:
        known.add(person, row)
    return known
