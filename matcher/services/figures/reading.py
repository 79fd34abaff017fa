"""What a report asks about a scope, in one place: a page asks a reading, and each thing only once."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from matcher.models import ClockStep
from matcher.services.figures import counting
from matcher.services.figures.scope import Scope

#: figure -> value -> count
Parts = dict[str, dict[str, int]]


class Reading:
    """The answers for one scope, counted from its rows."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def counts(self, codes: Sequence[str]) -> dict[str, int]:
        """How many things each figure counts."""
        return counting.counts(codes, self.scope)

    def by_tag(self, codes: Sequence[str]) -> Parts:
        """The same, told apart by the tags of each figure."""
        return counting.counts_by(codes, self.scope, "tag")

    def by_office(self, codes: Sequence[str]) -> Parts:
        """The same for each office straight below, by its code, and for the office's own work."""
        return counting.counts_by(codes, self.scope, "office")

    def crossed(self, codes: Sequence[str], dimensions: Sequence[str]) -> dict[str, Parts]:
        """Several breakdowns of figures whose parts add up: dimension -> figure -> value -> count."""
        return counting.crossed(codes, self.scope, dimensions)

    def trained(self) -> dict[str, tuple[int, int]]:
        """(persons, attendances), told apart by whether there was a list of names."""
        sums = counting.sum_by("training", self.scope, ("persons", "attendances"), "tag")
        return {tag: (int(persons), int(attendances)) for tag, (persons, attendances) in sums.items()}

    def pairs(self) -> int:
        """Pairs of masters and apprentices."""
        return int(counting.sum_by("pairs", self.scope, ("persons",), None)[""][0])

    def hours(self) -> dict[ClockStep, Decimal]:
        """Median working hours per step."""
        return counting.hours_by_step(self.scope)

    @cached_property
    def amounts(self) -> dict[str, dict[str, dict[str, Decimal]]]:
        """Yuan: estimated or verified -> once or year -> month -> sum; no two of them are ever added."""
        return counting.amounts_by_month(("estimated", "verified"), self.scope)
