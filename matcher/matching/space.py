"""The space of competences: where a problem and an expert's record meet although they share no word.

Explicit semantic analysis (Gabrilovich and Markovitch, IJCAI 2007): every competence is a document made of its
terms; a text's coordinate there is its BM25 weight (Robertson and Zaragoza, 2009) over pairs of characters, which
forgive typos and variants by themselves. The two sides read the same documents with different eyes: problems show
by symptoms and equipment, people by trades and disciplines.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.matching.industries import DIVISIONS
from matcher.matching.lexicon import Lexicon
from matcher.matching.normal import normalise
from matcher.matching.postings import Doubles, spread
from matcher.matching.quiet import hush_record
from matcher.matching.text import gram_places, word_places

Vector = NDArray[np.float32]

#: How much a term says on either side, by the field of the competence in which it stands.
NEED_EYES = {
    "name": 1.0,
    "trades": 0.3,
    "disciplines": 0.3,
    "equipment": 1.0,
    "materials": 1.0,
    "processes": 1.0,
    "symptoms": 1.3,
    "products": 1.0,
    "employers": 0.2,
}
RECORD_EYES = {
    "name": 1.2,
    "trades": 1.3,
    "disciplines": 1.2,
    "equipment": 0.9,
    "materials": 0.7,
    "processes": 0.9,
    "symptoms": 0.4,
    "products": 0.8,
    "employers": 0.6,
}
#: How much a word that cases taught says at the most, on either side: a small part of a term.
EVIDENCE_EYES = 0.5
#: BM25's saturation and length correction, on the flat top of what cross-validation saw.
K1, B = 1.0, 0.4
#: A gram said more often than this in one text says no more.
MOST_TIMES = 3.0
#: What a neighbour (`near`) receives of a coordinate.
NEAR = 0.1
#: Added to a record's length before dividing, so that a record that says almost nothing is near nothing.
THIN = 5.0


class Space:
    """A lexicon made ready to place texts. Vectors are float32 with one coordinate per competence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.size = len(lexicon.competences)
        self._grams: dict[str, int] = {}
        self._fill()
        self._from, self._to = self._neighbours()
        self.serving = self._serving()
        self.common = self._common()

    def knows(self, gram: str) -> bool:
        """Whether a gram stands in any term."""
        return gram in self._grams

    def rarity(self, token: str) -> float:
        """BM25's idf of a pair, or of a word (with its mark), over competences as documents. What none of them
        says is rare: a roster of 30 could not tell, a lexicon of hundreds can."""
        if token.endswith("_"):
            return self._word_rarity.get(token, self._unknown)
        row = self._grams.get(token)
        return self._unknown if row is None else float(self._rarity[row])

    def place_need(self, counts: Mapping[str, float]) -> Vector:
        """Where weighted grams of a problem lie; not normalised."""
        return self._sums([counts], self._need_weights, said_each)[0]

    def place_record(self, counts: Mapping[str, float]) -> Vector:
        """Where weighted grams of an expert's record lie; not normalised."""
        return self.place_records([counts])[0]

    def place_records(self, counted: Sequence[Mapping[str, float]]) -> Vector:
        """The same for many records (rows)."""
        return self._sums(counted, self._record_weights, said_each)

    def need_shifts(self, falls: Sequence[Mapping[str, float]]) -> Vector:
        """By how much a placed problem falls when grams say that much less (rows)."""
        return self._sums(falls, self._need_weights, np.asarray)

    def record_shifts(self, falls: Sequence[Mapping[str, float]]) -> Vector:
        """The same for a placed record."""
        return self._sums(falls, self._record_weights, np.asarray)

    def _sums(
        self, rows: Sequence[Mapping[str, float]], weights: Vector, loudness: Callable[[Doubles], Doubles]
    ) -> Vector:
        """Rows × competences: each gram's weights times the loudness of its number. The order of the sums is that of a
        row's own grams, whatever rows come together."""
        at: list[int] = []
        grams: list[int] = []
        times: list[float] = []
        for row, numbers in enumerate(rows):
            for gram, count in numbers.items():
                if (place := self._grams.get(gram)) is not None:
                    at.append(row)
                    grams.append(place)
                    times.append(count)
        known = np.array(grams, dtype=np.intp)
        lengths = self._bounds[known + 1] - self._bounds[known]
        cells = spread(self._bounds[known], lengths)
        places = np.repeat(np.array(at, dtype=np.intp) * self.size, lengths) + self._columns[cells]
        loud = np.repeat(loudness(np.array(times, dtype=np.float64)), lengths)
        added = np.bincount(places, loud * weights[cells], minlength=len(rows) * self.size)
        return added.astype(np.float32).reshape(len(rows), self.size)

    def need_direction(self, placed: Vector) -> Vector:
        """A placed problem as a unit vector, squared first: the few trades it is about, not its echoes."""
        return unit(self.share(placed * placed))

    def share(self, vector: Vector) -> Vector:
        """A vector with what neighbours give one another: NEAR of each coordinate, either way."""
        given = np.bincount(self._to, weights=vector[self._from], minlength=self.size)
        return (vector + NEAR * given).astype(np.float32)

    def record_direction(self, placed: Vector) -> Vector:
        """Placed records (rows) at length 1 or, where thin, less; what every record shows is taken off."""
        rows = np.atleast_2d(placed)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        own = np.maximum(rows - lengths * self.common, 0.0)
        spread = self._shared(own)
        lengths = np.linalg.norm(spread, axis=1, keepdims=True)
        return (spread / (lengths + THIN)).astype(np.float32).reshape(placed.shape)

    def top(self, vector: Vector, *, limit: int) -> list[int]:
        """Places of the largest coordinates, largest first; ties by place."""
        order = np.argsort(-vector, kind="stable")[:limit]
        return [int(place) for place in order if vector[place] > 0]

    def _fill(self) -> None:
        """The documents as a sparse matrix by gram: bounds, columns and BM25 weights of both sides."""
        times: dict[tuple[int, int], list[float]] = {}
        for column, one in enumerate(self.lexicon.competences):
            eyes = [(term, NEED_EYES[field], RECORD_EYES[field]) for field, term in one.all_terms()]
            eyes += [(term, EVIDENCE_EYES * share, EVIDENCE_EYES * share) for term, share in one.evidence.items()]
            for term, needed, shown in eyes:
                for gram in {gram for gram, _, _ in gram_places(normalise(term).text)}:
                    key = (self._grams.setdefault(gram, len(self._grams)), column)
                    cell = times.setdefault(key, [0.0, 0.0])
                    cell[0] += needed
                    cell[1] += shown
        keys = sorted(times)
        rows = np.array([row for row, _ in keys], dtype=np.int32)
        self._columns = np.array([column for _, column in keys], dtype=np.int32)
        counted = np.array([times[key] for key in keys], dtype=np.float64).reshape(-1, 2)
        gram_spread = np.bincount(rows, minlength=len(self._grams))
        self._bounds = np.concatenate([[0], np.cumsum(gram_spread)])
        self._rarity = _idf(gram_spread, self.size)
        self._unknown = float(_idf(0, self.size))
        self._need_weights = self._weigh(rows, counted[:, 0])
        self._record_weights = self._weigh(rows, counted[:, 1])

    def _weigh(self, rows: NDArray[np.int32], times: NDArray[np.float64]) -> Vector:
        lengths = np.bincount(self._columns, weights=times, minlength=self.size)
        relative = lengths / max(lengths.mean(), 1e-9)
        saturated = times * (K1 + 1) / (times + K1 * (1 - B + B * relative[self._columns]))
        return (saturated * self._rarity[rows]).astype(np.float32)

    @cached_property
    def _word_rarity(self) -> dict[str, float]:
        spread: Counter[str] = Counter()
        for one in self.lexicon.competences:
            text = normalise("。".join(term for _, term in one.all_terms())).text
            spread.update({f"{word}_" for word, _, _ in word_places(text)})
        return {word: float(_idf(count, self.size)) for word, count in spread.items()}

    def _neighbours(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Pairs (from, to) of neighbours, each in both directions once."""
        places = self.lexicon.place_of
        pairs = {
            (places[a], places[b])
            for one in self.lexicon.competences
            for other in one.near
            for a, b in ((one.id, other), (other, one.id))
        }
        ordered = np.array(sorted(pairs), dtype=np.intp).reshape(-1, 2)
        return ordered[:, 0], ordered[:, 1]

    def _shared(self, rows: Vector) -> Vector:
        """`share` of many rows. The order of the sums is that of the pairs, whatever rows come together, so that
        a record lies in the same place, to the last bit, in every index."""
        if len(rows) == 1:
            one = rows[0].copy()
            np.add.at(one, self._to, rows[0][self._from] * np.float32(NEAR))
            return one[None, :]
        columns = np.ascontiguousarray(rows.T)
        spread = columns.copy()
        for giver, taker in zip(self._from.tolist(), self._to.tolist(), strict=True):
            spread[taker] += columns[giver] * np.float32(NEAR)
        return np.ascontiguousarray(spread.T)

    def _serving(self) -> Vector:
        """Divisions (rows) by competences (columns): 1 / √(number of its divisions) where it serves one."""
        serving = np.zeros((DIVISIONS, self.size), dtype=np.float32)
        for place, one in enumerate(self.lexicon.competences):
            for code in one.industries:
                serving[int(code), place] = len(one.industries) ** -0.5
        return serving

    def _common(self) -> Vector:
        """The mean direction of one plain record per competence: what says nothing because all show it."""
        total = np.zeros(self.size, dtype=np.float32)
        for one in self.lexicon.competences:
            words = (one.name, *one.terms.get("trades", ())[:2], *one.terms.get("employers", ())[:1])
            counts: dict[str, float] = {}
            for gram, _, _ in gram_places(hush_record(normalise(" ".join(words)).text)):
                counts[gram] = 2.0
            total += unit(self.place_record(counts))
        return (total / max(self.size, 1)).astype(np.float32)


@lru_cache(maxsize=4)
def space_of(lexicon: Lexicon) -> Space:
    """The space of a lexicon, made once."""
    return Space(lexicon)


def _idf(spread: Any, size: int) -> Any:
    return np.log(1 + (size - spread + 0.5) / (spread + 0.5))


def said(count: float) -> float:
    """How much a gram says that was said `count` (weighted) times: its root, and no more than MOST_TIMES.

    >>> said(1), said(9) == said(3)
    (1.0, True)
    """
    return sqrt(min(count, MOST_TIMES))


def said_each(counts: Doubles) -> Doubles:
    """The same for many grams."""
    found: Doubles = np.sqrt(np.minimum(counts, MOST_TIMES))
    return found


def dots(rows: Vector, direction: Vector) -> Vector:
    """Each row's product with a direction. Row by row, so that a row's sum is the same, to the last bit, whatever rows
    come with it, and without the threads of a matrix product, which wait for a processor where others are at work."""
    found: Vector = np.vecdot(rows, direction)
    return found


def unit(vector: Vector) -> Vector:
    """At length 1; zeros stay zeros."""
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector
