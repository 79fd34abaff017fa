"""Retrieve, score, explain, decide.

score = Σ points(part) · feature(part); every feature lies between 0 and 1:
  competence  cosine of the two directions in the space of competences, full from FULL_COSINE on
  words       BM25 of the problem's words and pairs in the record, full from FULL_WORDS of the most possible on
  industry    how much the expert is at home in the problem's industry
  proven      cosine with the problems that the expert solved
and, from the circumstances, what an optional model says (only where it was fitted), nearness, open work and earlier
declines as parts of their own.

Large shelves are not scored row by row: blocks of rows are taken in the order of the most that any of their rows can
have, and none that waits can hold a better one than those told already (block maxima; Ding and Suel, SIGIR 2011). The
answer is that of scoring every row.
"""

from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass
from heapq import merge
from math import fsum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.matching.index import Index
from matcher.matching.postings import BLOCK
from matcher.matching.reading import read_need
from matcher.matching.reasons import explainer
from matcher.matching.scoring import Asked, ask, features, most_of
from matcher.matching.shelf import Shelf
from matcher.matching.types import Circumstances, Match, Need, Part, Proposals
from matcher.matching.weights import FITTED, MEANING, PROVEN_POINTS, Weights

#: So few rows are scored without looking at blocks first; else FIRST blocks, then twice as many each time.
SMALL, FIRST = 1024, 4
#: From one of so many on that are allowed, rows are not looked up before they are scored.
MANY = 8
#: What the order of float additions may add to a block's most, and what rounding may add to a score, in points.
SLACK, ROUNDED = 1e-3, 0.03
#: Points for nearness (same town, county, city), for room left (one more case, more), and for a fresh decline.
NEARNESS = {0: 3.0, 1: 2.0, 2: 1.0}
ROOM = {0: 0.0, 1: 1.0}
MUCH_ROOM = 2.0
DECLINED = -15.0
#: The most that circumstances can add.
MOST_ADDED = max(NEARNESS.values()) + MUCH_ROOM
#: How many wanting competences are told.
WANTING = 3


class Place(NamedTuple):
    """Where an expert stands in an index, with the points of the fitted parts and of proven cases."""

    points: float
    expert_id: str
    shelf: Shelf
    row: int
    parts: tuple[float, ...]


def propose(
    need: Need,
    index: Index,
    *,
    limit: int,
    among: Collection[str] | None = None,
    circumstances: Mapping[str, Circumstances] | None = None,
) -> Proposals:
    """The best few experts for a need, best first, with reasons; equal scores are ordered by id.

    Only experts `among` the given ids are considered (None: all of the index); `circumstances` tell of some of
    them what texts cannot, and may exclude them.
    """
    asked = ask(read_need(need), index.space)
    told = circumstances or {}
    best = sorted(_best(asked, index, limit, among, told), key=lambda match: (-match[0].score, match[0].expert_id))
    explain = explainer(asked, index)
    matches = tuple(explain(match, place.shelf, place.row) for match, place in best)
    nobody = not matches or _is_unfit(matches[0], index.weights)
    top = index.space.top(asked.direction, limit=WANTING) if nobody else []
    wanting = tuple(index.space.lexicon.competences[place].name for place in top)
    versions = {"lexicon": index.space.lexicon.version, "weights": index.weights.version}
    return Proposals(matches, nobody, wanting, versions)


def rank(need: Need, index: Index, *, limit: int) -> list[str]:
    """Expert ids by competence alone, best first."""
    asked = ask(read_need(need), index.space)
    return [match.expert_id for match, _ in _best(asked, index, limit, None, {})]


def _best(
    asked: Asked,
    index: Index,
    limit: int,
    among: Collection[str] | None,
    circumstances: Mapping[str, Circumstances],
) -> list[tuple[Match, Place]]:
    """The best matches without reasons. Places come best first, and no circumstance adds more than the nearest
    does, so that reading can stop early and is exact."""
    most_added = ROUNDED
    if circumstances:
        most_added += MOST_ADDED + index.weights.points.get(MEANING, 0.0)
    kept: list[tuple[Match, Place]] = []
    for place in _places(asked, index, among, limit):
        if len(kept) >= limit and place.points + most_added < kept[-1][0].score:
            break
        known = circumstances.get(place.expert_id)
        if known is not None and known.excluded:
            continue
        kept.append((_match(place, known, index.weights), place))
        kept.sort(key=lambda one: (-one[0].score, one[0].expert_id))
        del kept[limit:]
    return kept


def _places(asked: Asked, index: Index, among: Collection[str] | None, limit: int) -> Iterator[Place]:
    """Experts by points, best first, ties by id; about `limit` of them will be wanted."""
    points_of = np.array([*(index.weights.points[name] for name in FITTED), PROVEN_POINTS], dtype=np.float64)
    told = [_in_order(asked, shelf, _is_open(shelf, dead, among), points_of, limit) for shelf, dead in index.shelves()]
    places = merge(*told, key=lambda place: (-place.points, place.expert_id))
    allowed = among if among is None or isinstance(among, Set | Mapping) else frozenset(among)
    return places if allowed is None else (place for place in places if place.expert_id in allowed)


@dataclass(frozen=True, eq=False)
class Scored:
    """Rows of a shelf with their parts in points (rows × parts), and these added up."""

    rows: NDArray[np.intp]
    parts: NDArray[np.float64]
    points: NDArray[np.float64]

    def those(self, chosen: NDArray[np.bool_]) -> "Scored":
        """Some of them."""
        return Scored(self.rows[chosen], self.parts[chosen], self.points[chosen])

    def and_those(self, other: "Scored") -> "Scored":
        """Both together."""
        return Scored(
            np.concatenate([self.rows, other.rows]),
            np.concatenate([self.parts, other.parts]),
            np.concatenate([self.points, other.points]),
        )

    def places(self, shelf: Shelf) -> Iterator[Place]:
        """One by one, best first, ties by id."""
        for at in np.lexsort((shelf.ranks[self.rows], -self.points)).tolist():
            row = int(self.rows[at])
            yield Place(float(self.points[at]), str(shelf.ids[row]), shelf, row, tuple(self.parts[at].tolist()))


def _in_order(
    asked: Asked, shelf: Shelf, is_open: NDArray[np.bool_], points_of: NDArray[np.float64], limit: int
) -> Iterator[Place]:
    """The experts of a shelf, best first, ties by id; `is_open` (n) says which may be told.

    Twice as many blocks are taken each time, but no more than can hold one of the best `limit`.
    """
    heard = shelf.words.hear(asked.words)

    def scored(rows: NDArray[np.intp]) -> Scored:
        parts = features(asked, shelf, rows, heard) * points_of
        return Scored(rows, parts, parts.sum(axis=1))

    if np.count_nonzero(is_open) <= SMALL:
        yield from scored(np.flatnonzero(is_open)).places(shelf)
        return
    most = (most_of(asked, shelf, heard) * points_of).sum(axis=1) + SLACK
    most[~np.logical_or.reduceat(is_open, np.arange(0, len(shelf), BLOCK))] = -np.inf
    order = np.argsort(-most, kind="stable")[: np.count_nonzero(most > -np.inf)]
    waiting, best, start, count = scored(np.zeros(0, dtype=np.intp)), np.zeros(0), 0, FIRST
    while start < len(order):
        rows = shelf.rows_in(np.sort(order[start : start + count]))
        fresh = scored(rows[is_open[rows]])
        waiting = waiting.and_those(fresh)
        best = np.sort(np.concatenate([best, fresh.points]))[-limit:]
        promising = int(np.count_nonzero(most[order[start + count :]] >= best[0])) if len(best) == limit else len(order)
        start, count = start + count, min(count * 2, max(promising, FIRST))
        is_sure = waiting.points > (most[order[start]] if start < len(order) else -np.inf)
        yield from waiting.those(is_sure).places(shelf)
        waiting = waiting.those(~is_sure)


def _is_open(shelf: Shelf, dead: NDArray[np.intp], among: Collection[str] | None) -> NDArray[np.bool_]:
    """Which rows of a shelf are alive and may be allowed: where many are, it is seen only of those that are told."""
    few = None if among is None or len(among) * MANY > len(shelf) else list(among)
    is_open = np.full(len(shelf), few is None)
    if few is not None:
        is_open[shelf.rows_of(few)] = True
    is_open[dead] = False
    return is_open


def _match(place: Place, known: Circumstances | None, weights: Weights) -> Match:
    names = (*FITTED, "proven")
    parts = [Part(name, round(value, 2)) for name, value in zip(names, place.parts, strict=True)]
    if known is not None:
        parts.append(Part(MEANING, round(weights.points.get(MEANING, 0.0) * known.meaning, 2)))
    competence = fsum(part.value for part in parts)
    confidence = weights.confidence(competence)
    parts = [part for part in parts if part.value or part.name in FITTED]
    parts += [] if known is None else _circumstantial(known, competence)
    return Match(
        place.expert_id,
        fsum(part.value for part in parts),
        tuple(parts),
        confidence=None if confidence is None else round(confidence, 3),
        calibrated=weights.is_calibrated,
    )


def _circumstantial(known: Circumstances, points: float) -> list[Part]:
    """Nearness, room and declines as parts of their own; a decline takes no more than there is."""
    place = NEARNESS.get(known.distance, 0.0) if known.distance is not None else 0.0
    room = ROOM.get(known.spare, MUCH_ROOM)
    declined = max(round(DECLINED * known.weaker, 2), -round(points + place + room, 2))
    parts = (Part("place", place), Part("room", room), Part("declined", declined))
    return [part for part in parts if part.value]


def _is_unfit(match: Match, weights: Weights) -> bool:
    return match.confidence is not None and match.confidence < weights.limit
