"""A problem made ready to be asked of shelves, and the features by which rows are scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from matcher.matching.reading import NeedReading
from matcher.matching.shelf import K1, Shelf
from matcher.matching.space import Space, Vector, said
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


def features(asked: Asked, shelf: Shelf, rows: NDArray[np.intp], words: Vector | None = None) -> Vector:
    """Rows × (the fitted parts, proven): each between 0 and 1."""
    said_words = shelf.token_scores(dict(asked.words)) if words is None else words
    found = np.zeros((len(rows), len(FITTED) + 1), dtype=np.float32)
    found[:, 0] = shelf.direction(rows) @ asked.direction / FULL_COSINE
    found[:, 1] = said_words[rows] / (asked.most_words * FULL_WORDS)
    if asked.divisions:
        found[:, 2] = shelf.home[asked.divisions][:, rows].max(axis=0) / 255.0
    found[:, 3] = _proven(asked, shelf, rows)
    return np.minimum(found, 1.0)


def _proven(asked: Asked, shelf: Shelf, rows: NDArray[np.intp]) -> Vector:
    cosines = np.zeros(len(shelf), dtype=np.float32)
    if len(shelf.proven_rows):
        cosines[shelf.proven_rows] = shelf.proven_places.astype(np.float32) @ asked.direction / 255.0
    return cosines[rows]
