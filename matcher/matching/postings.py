"""Which rows say a token and how loudly, and the most that any row of a block says it.

Rows are cut into blocks of BLOCK; within a token the postings of one block lie side by side as a pair (token, block).
A problem's words reach the blocks first (block maxima; Ding and Suel, SIGIR 2011) and single rows only where asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
N = TypeVar("N", float, NDArray[Any])
#: BM25 over plain words; the mean length is a constant, because a roster of 30 knows no mean.
K1, B, MEAN_LENGTH = 1.2, 0.5, 40.0
#: Rows of a block; a place within one fits a byte.
BLOCK = 256
#: Bits of a packed posting: token, row, value. A shelf holds fewer than 2^24 rows and tokens.
_ROW, _VALUE = 16, 16
_TOKEN = 40
MOST_ROWS = 1 << (_TOKEN - _ROW)


@dataclass(frozen=True, eq=False)
class Postings:
    """T tokens, P pairs (token, block), V postings: keys (T, sorted); pairs (T+1), where a token's pairs begin; blocks
    and tops (P), the block of a pair and the most said in it; bounds (P+1), where a pair's postings begin; rows (V),
    the place within the block; values (V), BM25 without idf."""

    keys: NDArray[np.uint64]
    pairs: NDArray[np.int64]
    blocks: NDArray[np.int32]
    tops: NDArray[np.float16]
    bounds: NDArray[np.int64]
    rows: NDArray[np.uint8]
    values: NDArray[np.float16]

    def hear(self, weights: Mapping[str, float]) -> "Heard":
        """The pairs of some tokens with what each token weighs."""
        keys = np.array([token_key(token) for token in weights], dtype=np.uint64)
        places = np.searchsorted(self.keys, keys)
        places[places == len(self.keys)] = 0
        known = self.keys[places] == keys if len(self.keys) else np.zeros(len(keys), dtype=bool)
        starts, ends = self.pairs[places[known]], self.pairs[places[known] + 1]
        at = spread(starts, ends - starts)
        said = np.repeat(np.fromiter(weights.values(), np.float64, len(weights))[known], ends - starts)
        return Heard(self, at, self.blocks[at], said)


@dataclass(frozen=True, eq=False)
class Heard:
    """The words of one problem in some postings: the pairs they touch, `blocks` and weights of these."""

    postings: Postings
    pairs: NDArray[np.int64]
    blocks: NDArray[np.int32]
    weights: Doubles

    def most(self, count: int) -> Doubles:
        """The most that a row of each of `count` blocks can say: no row of it says more."""
        most = self.weights * self.postings.tops[self.pairs]
        return np.bincount(self.blocks, most, minlength=count).astype(np.float64)

    def scores(self, rows: NDArray[np.integer]) -> Doubles:
        """Σ weight · BM25 for some rows. The order of the sums is that of the tokens, whatever rows are asked."""
        if not len(rows):
            return np.zeros(0)
        blocks = np.unique(rows // BLOCK)
        place = np.full(int(max(blocks[-1], self.blocks.max(initial=0))) + 1, -1)
        place[blocks] = np.arange(len(blocks))
        chosen = np.flatnonzero(place[self.blocks] >= 0)
        starts = self.postings.bounds[self.pairs[chosen]]
        lengths = self.postings.bounds[self.pairs[chosen] + 1] - starts
        at = spread(starts, lengths)
        rows_at = np.repeat(place[self.blocks[chosen]] * BLOCK, lengths) + self.postings.rows[at]
        said = np.repeat(self.weights[chosen], lengths) * self.postings.values[at]
        totals = np.bincount(rows_at, said, minlength=len(blocks) * BLOCK).astype(np.float64)
        return totals[place[rows // BLOCK] * BLOCK + rows % BLOCK]


def word_value(times: N, length: N) -> N:
    """BM25 without idf of a token said `times` (weighted) in a record of that length; of one or, in arrays, of many."""
    return times * (K1 + 1) / (times + K1 * (1 - B + B * length / MEAN_LENGTH))


def token_key(token: str) -> int:
    """A token as 64 bits, the same in every process."""
    return int.from_bytes(blake2b(token.encode(), digest_size=8).digest(), "little")


def distinct(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The keys sorted, each once; numpy's own is slower by a hash table."""
    ordered = np.sort(keys)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]


def pack(tokens: NDArray[np.int64], rows: NDArray[np.int64], values: NDArray[np.float16]) -> NDArray[np.uint64]:
    """Postings as numbers that sort by token, then by row."""
    packed = tokens.astype(np.uint64) << np.uint64(_TOKEN)
    packed |= rows.astype(np.uint64) << np.uint64(_ROW)
    packed |= values.view(np.uint16)
    return packed


def postings_of(keys: NDArray[np.uint64], packed: Sequence[NDArray[np.uint64]]) -> Postings:
    """Postings out of packed ones in any order; tokens are places in the sorted `keys`."""
    every = np.concatenate(packed) if packed else np.zeros(0, dtype=np.uint64)
    every.sort()
    places = every >> np.uint64(_ROW + 8)
    begins = np.flatnonzero(np.diff(places, prepend=np.uint64(2**64 - 1))) if len(every) else np.zeros(0, np.intp)
    first = places[begins]
    values = (every & np.uint64((1 << _VALUE) - 1)).astype(np.uint16).view(np.float16)
    tokens = (first >> np.uint64(_TOKEN - _ROW - 8)).astype(np.int64)
    return Postings(
        keys=keys,
        pairs=np.searchsorted(tokens, np.arange(len(keys) + 1)).astype(np.int64),
        blocks=(first & np.uint64((MOST_ROWS >> 8) - 1)).astype(np.int32),
        tops=np.maximum.reduceat(values, begins) if len(begins) else values,
        bounds=np.append(begins, len(every)).astype(np.int64),
        rows=((every >> np.uint64(_ROW)) & np.uint64(BLOCK - 1)).astype(np.uint8),
        values=values,
    )


def spread(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places start, start + 1, … of every range, one range after the other.

    >>> spread(np.array([5, 9]), np.array([3, 2])).tolist()
    [5, 6, 7, 9, 10]
    """
    ends = np.cumsum(lengths)
    offsets = np.repeat(starts - (ends - lengths), lengths)
    return offsets + np.arange(len(offsets), dtype=np.int64)
