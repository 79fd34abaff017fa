"""What became of each row of a file: the report of a dry run, and of the loading after it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class RowState(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    THERE = "there"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file, as people count them in their spreadsheet, and what is to be said of it."""

    row: int
    state: RowState
    name: str
    sentence: str = ""

    def plain(self) -> list[Any]:
        """For the JSON column of the import's report."""
        return [self.row, self.state.value, self.name, self.sentence]


@dataclass(slots=True)
class Outcome:
    """The whole report, in the order of the rows."""

    lines: list[Line] = field(default_factory=list)

    def say(self, row: int, state: RowState, name: str, sentence: str = "") -> None:
        """One more row."""
        self.lines.append(Line(row, state, name, sentence))

    @property
    def counts(self) -> dict[str, int]:
        """How many rows were added, changed, there already, and wrong."""
        found = Counter(line.state.value for line in self.lines)
        return {state.value: found[state.value] for state in RowState}

    @property
    def errors(self) -> list[Line]:
        """Rows that cannot be taken."""
        return [line for line in self.lines if line.state is RowState.ERROR]

    def plain(self) -> list[list[Any]]:
        """For the JSON column of the import's report."""
        return [line.plain() for line in self.lines]


def outcome_of(report: Iterable[list[Any]]) -> Outcome:
    """The report again, as it was kept."""
    return Outcome([Line(row, RowState(state), name, sentence) for row, state, name, sentence in report])
