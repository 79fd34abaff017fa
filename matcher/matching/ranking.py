"""Retrieve, score, explain, decide.

score = Σ points(part) · feature(part); every feature lies between 0 and 1:
  competence  cosine of the two directions in the space of competences, full from FULL_COSINE on
  words       BM25 of the problem's words and pairs in the record, full from FULL_WORDS of the most possible on
  industry    how much the expert is at home in the problem's industry
  proven      cosine with the problems that the expert solved
and, from the circumstances, what an optional model says (only where it was fitted), nearness, open work and earlier
declines as parts of their own.
"""

from collections.abc import Collection, Iterator, Mapping
from math import fsum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.matching.index import Index
from matcher.matching.reading import read_need
from matcher.matching.reasons import explainer
from matcher.matching.scoring import Asked, ask, features
from matcher.matching.shelf import Shelf
from matcher.matching.types import Circumstances, Match, Need, Part, Proposals
from matcher.matching.weights import FITTED, MEANING, PROVEN_POINTS, Weights

#: A shelf up to this size is scored row by row; a larger one chooses CANDIDATES by its postings first.
SMALL, CANDIDATES = 4096, 1500
#: Coordinates of the problem that take part in choosing candidates.
BREADTH = 64
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
    allowed = None if among is None else frozenset(among)
    most_added = MOST_ADDED + index.weights.points.get(MEANING, 0.0)
    kept: list[tuple[Match, Place]] = []
    for place in _places(asked, index, allowed):
        if len(kept) >= limit and place.points + most_added < kept[-1][0].score:
            break
        known = circumstances.get(place.expert_id)
        if known is not None and known.excluded:
            continue
        kept.append((_match(place, known, index.weights), place))
        kept.sort(key=lambda one: (-one[0].score, one[0].expert_id))
        del kept[limit:]
    return kept


def _places(asked: Asked, index: Index, allowed: frozenset[str] | None) -> Iterator[Place]:
    """Experts by points, best first, ties by id."""
    points_of = np.array([*(index.weights.points[name] for name in FITTED), PROVEN_POINTS], dtype=np.float64)
    found: list[tuple[NDArray[np.float64], NDArray[np.intp], Shelf, NDArray[np.float64]]] = []
    for shelf, dead in index.shelves():
        rows = _candidates(asked, shelf, dead, allowed)
        parts = features(asked, shelf, rows).astype(np.float64) * points_of
        found.append((parts.sum(axis=1), rows, shelf, parts))
    points = np.concatenate([one[0] for one in found])
    names = np.concatenate([shelf.ids[rows] for _, rows, shelf, _ in found])
    where = [(number, place) for number, one in enumerate(found) for place in range(len(one[1]))]
    for place in np.lexsort((names, -points)):
        number, at = where[place]
        _, rows, shelf, parts = found[number]
        yield Place(float(points[place]), str(names[place]), shelf, int(rows[at]), tuple(parts[at].tolist()))


def _candidates(asked: Asked, shelf: Shelf, dead: frozenset[str], allowed: frozenset[str] | None) -> NDArray[np.intp]:
    """The rows worth scoring: all that are alive and allowed, or the most promising of them where many are."""
    alive = np.ones(len(shelf), dtype=bool)
    alive[[row for one in dead if (row := shelf.row_of(one)) is not None]] = False
    if allowed is not None:
        here = np.zeros(len(shelf), dtype=bool)
        here[[row for one in allowed if (row := shelf.row_of(one)) is not None]] = True
        alive &= here
    rows = np.flatnonzero(alive)
    if len(rows) <= SMALL:
        return rows
    promise = shelf.sharp_scores(asked.direction, breadth=BREADTH)
    promise += shelf.token_scores(dict(asked.words)) / np.float32(asked.most_words)
    best = np.argpartition(-promise[rows], CANDIDATES)[:CANDIDATES]
    return np.sort(rows[best])


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
