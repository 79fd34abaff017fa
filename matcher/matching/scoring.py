"""A problem made ready to be asked of shelves, and the features by which rows are scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from matcher.matching.postings import K1, Heard
from matcher.matching.reading import NeedReading
from matcher.matching.shelf import LEVELS, Shelf
from matcher.matching.space import Space, Vector, dots, said
from matcher.matching.weights import FITTED

#: From this cosine on the competence part is full; from this share of the most possible on the words part is.
FULL_COSINE, FULL_WORDS = 0.7, 0.12


@dataclass(frozen=True)
class Asked:
    """A problem as it is asked of shelves: its direction and its words with their weight, and the normalisers
    `length` (of the direction before it was made a unit) and `most_words`."""

    reading: NeedReading
    direction: Vector
    length: float
    words: Mapping[str, float]
    most_words: float

    @property
    def divisions(self) -> list[int]:
        return sorted(int(code) for code in self.reading.divisions)


def ask(reading: NeedReading, space: Space) -> Asked:
    """Make a read problem ready to be asked."""
    counts = reading.counts()
    placed = space.place_need(counts)
    words = {token: said(count) * space.rarity(token) for token, count in counts.items()}
    direction = space.need_direction(placed)
    length = float(np.linalg.norm(space.share(placed * placed))) or 1.0
    return Asked(reading, direction, length, words, fsum(words.values()) * (K1 + 1) or 1.0)


def features(asked: Asked, shelf: Shelf, rows: NDArray[np.integer], heard: Heard | None = None) -> NDArray[np.float64]:
    """Rows × (the fitted parts, proven): each between 0 and 1. `heard` are the problem's words on this shelf, where
    they are known already."""
    words = shelf.words.hear(asked.words) if heard is None else heard
    found = np.zeros((len(rows), len(FITTED) + 1))
    found[:, 0] = shelf.cosines(rows, asked.direction) / FULL_COSINE
    found[:, 1] = words.scores(rows) / (asked.most_words * FULL_WORDS)
    if asked.divisions:
        found[:, 2] = shelf.home[asked.divisions][:, rows].max(axis=0) / LEVELS
    found[:, 3] = _proven(asked, rows, shelf.proven_rows, shelf.proven_places)
    return np.minimum(found, 1.0)


def most_of(asked: Asked, shelf: Shelf, heard: Heard) -> NDArray[np.float64]:
    """Blocks × the same parts: the most that any row of a block can have."""
    found = np.zeros((shelf.blocks, len(FITTED) + 1))
    found[:, 0] = dots(shelf.tops, asked.direction) / FULL_COSINE
    found[:, 1] = heard.most(shelf.blocks) / (asked.most_words * FULL_WORDS)
    if asked.divisions:
        found[:, 2] = shelf.home_tops[asked.divisions].max(axis=0) / LEVELS
    found[:, 3] = _proven(asked, np.arange(shelf.blocks), shelf.proven_blocks, shelf.proven_tops)
    return np.minimum(found, 1.0)


def _proven(
    asked: Asked, rows: NDArray[np.integer], proven_rows: NDArray[np.int32], places: NDArray[np.uint8]
) -> NDArray[np.float64]:
    """Cosines with the solved cases of those of the rows that have any."""
    cosines = np.zeros(len(rows))
    if len(proven_rows):
        at = np.minimum(np.searchsorted(proven_rows, rows), len(proven_rows) - 1)
        has = np.flatnonzero(proven_rows[at] == rows)
        cosines[has] = dots(places[at[has]].astype(np.float32), asked.direction) / LEVELS
    return cosines
