"""Records as they were read, many at once: what a shelf is put together from.

What is read of a record depends on it and the lexicon alone, to the last bit, whatever records it is read with; so
batches can be read by several processes, and what changed can be put beside what was read before.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.matching.industries import divisions_of
from matcher.matching.postings import token_key, word_value
from matcher.matching.reading import RECORD_FIELDS, WORD_FIELDS, record_counts
from matcher.matching.shelf import LEVELS, entry_of
from matcher.matching.space import Space, Vector, dots, unit
from matcher.matching.types import Profile

#: A declared industry counts as at least this much at home.
DECLARED_HOME = 0.7
_SILENT = dict.fromkeys(WORD_FIELDS, 0.0)


@dataclass(frozen=True, eq=False)
class Batch:
    """m records: ids (m) and what a shelf holds of each; home is (m × 100) here. Their tokens are distinct `keys`,
    and per posting the place of its key, its record (0 to m−1) and its value."""

    ids: NDArray[np.str_]
    records: list[bytes]
    places: NDArray[np.uint8]
    scales: Vector
    home: NDArray[np.uint8]
    proven_rows: NDArray[np.int32]
    proven_places: NDArray[np.uint8]
    keys: NDArray[np.uint64]
    tokens: NDArray[np.int32]
    rows: NDArray[np.int32]
    values: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.records)

    def without(self, ids: Collection[str]) -> "Batch":
        """The other records."""
        kept = np.array([name not in ids for name in self.ids.tolist()], dtype=bool)
        if kept.all():
            return self
        moved = np.cumsum(kept, dtype=np.int32) - 1
        proven, said = kept[self.proven_rows], kept[self.rows]
        used = np.bincount(self.tokens[said], minlength=len(self.keys)) > 0
        return Batch(
            ids=self.ids[kept],
            records=[record for record, keep in zip(self.records, kept.tolist(), strict=True) if keep],
            places=self.places[kept],
            scales=self.scales[kept],
            home=self.home[kept],
            proven_rows=moved[self.proven_rows[proven]],
            proven_places=self.proven_places[proven],
            keys=self.keys[used],
            tokens=(np.cumsum(used, dtype=np.int32) - 1)[self.tokens[said]],
            rows=moved[self.rows[said]],
            values=self.values[said],
        )

    def and_those(self, other: "Batch") -> "Batch":
        """Both together."""
        keys, at = np.unique(np.concatenate([self.keys, other.keys]), return_inverse=True)
        tokens = np.concatenate([self.tokens, other.tokens + len(self.keys)])
        return Batch(
            ids=np.concatenate([self.ids, other.ids]),
            records=self.records + other.records,
            places=np.concatenate([self.places, other.places]),
            scales=np.concatenate([self.scales, other.scales]),
            home=np.concatenate([self.home, other.home]),
            proven_rows=np.concatenate([self.proven_rows, other.proven_rows + len(self)]),
            proven_places=np.concatenate([self.proven_places, other.proven_places]),
            keys=keys,
            tokens=at.astype(np.int32)[tokens],
            rows=np.concatenate([self.rows, other.rows + len(self)]),
            values=np.concatenate([self.values, other.values]),
        )


def read_batch(people: Sequence[Profile], space: Space) -> Batch:
    """Read some records."""
    heard = [record_counts(one, RECORD_FIELDS, WORD_FIELDS) for one in people]
    places, scales = _directions([counts for counts, _ in heard], space)
    proven_rows, proven_places = _proven(people, space)
    keys, tokens, rows, values = _tokens([counts for _, counts in heard])
    return Batch(
        ids=np.array([one.id for one in people], dtype=np.str_),
        records=[entry_of(one) for one in people],
        places=places,
        scales=scales,
        home=_home(people, places, scales, space),
        proven_rows=proven_rows,
        proven_places=proven_places,
        keys=keys,
        tokens=tokens,
        rows=rows,
        values=values,
    )


def _directions(counted: Sequence[dict[str, float]], space: Space) -> tuple[NDArray[np.uint8], Vector]:
    directions = space.record_direction(space.place_records(counted))
    scales = (directions.max(axis=1) / LEVELS).astype(np.float32)
    return np.rint(directions / np.maximum(scales, 1e-12)[:, None]).astype(np.uint8), scales


def _home(people: Sequence[Profile], places: NDArray[np.uint8], scales: Vector, space: Space) -> NDArray[np.uint8]:
    """How much each expert is at home in each division, by what their competences serve or by declaration."""
    directions = places.astype(np.float32) * scales[:, None]
    served = dots((directions * directions)[:, None, :], space.serving)
    shares = served / np.maximum(np.linalg.norm(served, axis=1, keepdims=True), 1e-9)
    home = np.rint(shares * LEVELS).astype(np.uint8)
    declared = np.uint8(DECLARED_HOME * LEVELS)
    for row, profile in enumerate(people):
        for code in {code for name in profile.industries for code in divisions_of(name)}:
            home[row, int(code)] = max(home[row, int(code)], declared)
    return home


def _proven(people: Sequence[Profile], space: Space) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    shown = [row for row, profile in enumerate(people) if profile.proven]
    places = np.zeros((len(shown), space.size), dtype=np.uint8)
    for place, row in enumerate(shown):
        (counts,) = record_counts(Profile("", proven=people[row].proven), {**_SILENT, "proven": 1.0})
        direction = space.need_direction(space.place_need(counts))
        places[place] = np.rint(unit(direction) * LEVELS)
    return np.array(shown, dtype=np.int32), places


def _tokens(
    counted: Sequence[dict[str, float]],
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int32], NDArray[np.float16]]:
    known: dict[str, int] = {}
    tokens = [known.setdefault(token, len(known)) for counts in counted for token in counts]
    times = np.array([count for counts in counted for count in counts.values()], dtype=np.float32)
    lengths = np.array([sum(counts.values()) for counts in counted], dtype=np.float32)
    rows = np.repeat(np.arange(len(counted), dtype=np.int32), [len(counts) for counts in counted])
    keys = np.array([token_key(token) for token in known], dtype=np.uint64)
    values = word_value(times, lengths[rows]).astype(np.float16)
    return keys, np.array(tokens, dtype=np.int32), rows, values
