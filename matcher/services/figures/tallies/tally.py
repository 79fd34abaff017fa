"""One month of one office, as a value: counts, sums, keys and lengths that can be put together with those of others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import Any

import numpy as np

#: What stands for a key: 16 bytes, as two numbers. That two keys of a nation's century share them will not happen.
DIGEST = np.dtype([("first", "<u8"), ("second", "<u8")])
LENGTH = np.dtype("<i4")
#: What a figure counts in all stands beside its parts, under a dimension of this name.
ALL = ""


@dataclass(slots=True)
class Counts:
    """A figure that adds up: dimension -> value -> count, and told-by words -> sums."""

    parts: dict[str, dict[str, int]] = field(default_factory=dict)
    sums: dict[str, list[int]] = field(default_factory=dict)

    def add(self, values: dict[str, str], number: int, sums: Sequence[int]) -> None:
        """Enter rows that are alike."""
        for dimension, value in values.items():
            counted = self.parts.setdefault(dimension, {})
            counted[value] = counted.get(value, 0) + number
        if sums:
            word = " ".join(value for dimension, value in values.items() if dimension != ALL)
            before = self.sums.get(word, [0] * len(sums))
            self.sums[word] = [a + b for a, b in zip(before, sums, strict=True)]


@dataclass(slots=True)
class MonthOfWork:
    """What is kept of a month; its rows fall on `first_day` to `last_day`."""

    first_day: date
    last_day: date
    counts: dict[str, Counts] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)
    lengths: dict[str, Any] = field(default_factory=dict)

    def touch(self, first: date, last: date) -> None:
        """Rows of these days are in it too."""
        self.first_day, self.last_day = min(self.first_day, first), max(self.last_day, last)

    def packed(self) -> tuple[dict[str, Any], bytes]:
        """As the database keeps it: (numbers, arrays)."""
        arrays = [(kind, name, each[name].tobytes()) for kind, each in self._arrays() for name in sorted(each)]
        numbers = {
            "counts": {code: counts.parts for code, counts in self.counts.items()},
            "sums": {code: counts.sums for code, counts in self.counts.items() if counts.sums},
            "arrays": [[kind, name, len(data)] for kind, name, data in arrays],
        }
        return numbers, b"".join(data for _kind, _name, data in arrays)

    @classmethod
    def unpacked(cls, first: date, last: date, numbers: dict[str, Any], arrays: bytes) -> "MonthOfWork":
        """The value again."""
        sums = numbers["sums"]
        month = cls(first, last, {code: Counts(p, sums.get(code, {})) for code, p in numbers["counts"].items()})
        place, kinds = 0, {"keys": (month.keys, DIGEST), "lengths": (month.lengths, LENGTH)}
        for kind, name, size in numbers["arrays"]:
            into, dtype = kinds[kind]
            into[name] = np.frombuffer(arrays, dtype, size // dtype.itemsize, place)
            place += size
        return month

    def _arrays(self) -> Iterable[tuple[str, dict[str, Any]]]:
        return ("keys", self.keys), ("lengths", self.lengths)


def digests(keys: Iterable[str]) -> Any:
    """Keys as an array."""
    return np.frombuffer(b"".join(blake2b(key.encode(), digest_size=16).digest() for key in keys), DIGEST)


def lengths(counted: Iterable[tuple[int, int]]) -> Any:
    """(length, how often) as an array of all of them."""
    pairs = list(counted)
    return np.repeat(np.array([a for a, _n in pairs], LENGTH), [n for _a, n in pairs])


def distinct(arrays: Sequence[Any]) -> int:
    """How many different digests there are in several arrays."""
    if not arrays:
        return 0
    found = np.concatenate(arrays)
    found = found[np.argsort(found["first"])]
    first, second = found["first"], found["second"]
    again = first[1:] == first[:-1]
    if bool(np.any(again & (second[1:] != second[:-1]))):
        return len(np.unique(found))
    return len(found) - int(np.count_nonzero(again))


def counted(arrays: Sequence[Any]) -> list[tuple[int, int]]:
    """Arrays of lengths as (length, how often)."""
    values, often = np.unique(np.concatenate(arrays), return_counts=True)
    return list(zip(values.tolist(), often.tolist(), strict=True))
