"""The median of working hours, from how often each length occurred. Lengths are hundredths of an hour, so that
whole numbers do."""

from collections.abc import Iterable
from decimal import Decimal

HUNDREDTHS = 100


def median(lengths: Iterable[tuple[int, int]]) -> Decimal:
    """(length, how often) in any order -> hours with one place; the mean of the middle two where there are two."""
    ordered = sorted(lengths)
    number = sum(often for _length, often in ordered)
    lower, upper = _at(ordered, (number - 1) // 2), _at(ordered, number // 2)
    return (Decimal(lower + upper) / 2 / HUNDREDTHS).quantize(Decimal("0.1"))


def _at(ordered: list[tuple[int, int]], place: int) -> int:
    seen = 0
    for length, often in ordered:
        seen += often
        if seen > place:
            return length
    raise ValueError("There is no such place.")
