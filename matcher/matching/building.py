"""A shelf out of plain records: read in batches, by several processes where there are many, and put together.

Each batch is read on its own and depends on nothing but its records and the lexicon, so that the number of processes
changes nothing of the result, to the last bit.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from matcher.matching.industries import DIVISIONS, divisions_of
from matcher.matching.lexicon import Lexicon
from matcher.matching.postings import BLOCK, MOST_ROWS, Postings, pack, postings_of, token_key, word_value
from matcher.matching.reading import RECORD_FIELDS, WORD_FIELDS, record_counts
from matcher.matching.shelf import LEVELS, Shelf, entry_of
from matcher.matching.space import Space, Vector, space_of, unit
from matcher.matching.types import Profile

#: Records that are read at once.
BATCH = 2048
#: A declared industry counts as at least this much at home.
DECLARED_HOME = 0.7
_SILENT = dict.fromkeys(WORD_FIELDS, 0.0)


@dataclass(frozen=True, eq=False)
class Batch:
    """m records as they were read, in the order of their ids: what a shelf holds of them, and their tokens: distinct
    `keys`, and per posting the place of its key, its row and its value."""

    records: list[bytes]
    places: NDArray[np.uint8]
    scales: Vector
    home: NDArray[np.uint8]
    proven_rows: NDArray[np.int64]
    proven_places: NDArray[np.uint8]
    keys: NDArray[np.uint64]
    tokens: NDArray[np.int64]
    rows: NDArray[np.int64]
    values: NDArray[np.float16]


def build_shelf(profiles: Sequence[Profile], space: Space, *, processes: int = 1) -> Shelf:
    """A shelf of some experts; the order they come in does not matter. ValueError when an id comes twice, or for more
    experts than a shelf holds."""
    people = sorted(profiles, key=lambda profile: profile.id)
    ids = np.array([profile.id for profile in people], dtype=np.str_)
    if np.any(ids[1:] == ids[:-1]):
        raise ValueError("an expert's id stands twice")
    if len(people) > MOST_ROWS:
        raise ValueError(f"a shelf holds at most {MOST_ROWS} experts")
    parts = [people[start : start + BATCH] for start in range(0, len(people), BATCH)]
    return _put_together(ids, list(_read_all(parts, space, processes)), space)


def _read_all(parts: Sequence[Sequence[Profile]], space: Space, processes: int) -> Iterator[Batch]:
    if min(processes, len(parts)) < 2:
        yield from (read_batch(part, space) for part in parts)
        return
    # Spawned, not forked: the caller may have threads.
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (space.lexicon,)) as pool:
        yield from pool.map(_read_part, parts)


_spaces: list[Space] = []


def _begin(lexicon: Lexicon) -> None:
    _spaces[:] = [space_of(lexicon)]


def _read_part(part: Sequence[Profile]) -> Batch:
    return read_batch(part, _spaces[0])


def read_batch(people: Sequence[Profile], space: Space) -> Batch:
    """Read some records."""
    heard = [record_counts(one, RECORD_FIELDS, WORD_FIELDS) for one in people]
    places, scales = _directions([counts for counts, _ in heard], space)
    proven_rows, proven_places = _proven(people, space)
    keys, tokens, rows, values = _tokens([counts for _, counts in heard])
    return Batch(
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
    served = (directions * directions) @ space.serves
    shares = served / np.maximum(np.linalg.norm(served, axis=1, keepdims=True), 1e-9)
    home = np.rint(shares.T * LEVELS).astype(np.uint8)
    declared = np.uint8(DECLARED_HOME * LEVELS)
    for row, profile in enumerate(people):
        for code in {code for name in profile.industries for code in divisions_of(name)}:
            home[int(code), row] = max(home[int(code), row], declared)
    return home


def _proven(people: Sequence[Profile], space: Space) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    shown = [row for row, profile in enumerate(people) if profile.proven]
    places = np.zeros((len(shown), space.size), dtype=np.uint8)
    for place, row in enumerate(shown):
        (counts,) = record_counts(Profile("", proven=people[row].proven), {**_SILENT, "proven": 1.0})
        direction = space.need_direction(space.place_need(counts))
        places[place] = np.rint(unit(direction) * LEVELS)
    return np.array(shown, dtype=np.int64), places


def _tokens(
    counted: Sequence[dict[str, float]],
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float16]]:
    known: dict[str, int] = {}
    tokens = [known.setdefault(token, len(known)) for counts in counted for token in counts]
    times = np.array([count for counts in counted for count in counts.values()], dtype=np.float32)
    lengths = np.array([sum(counts.values()) for counts in counted], dtype=np.float32)
    rows = np.repeat(np.arange(len(counted)), [len(counts) for counts in counted])
    keys = np.array([token_key(token) for token in known], dtype=np.uint64)
    values = word_value(times, lengths[rows]).astype(np.float16)
    return keys, np.array(tokens, dtype=np.int64), rows, values


def _put_together(ids: NDArray[np.str_], batches: Sequence[Batch], space: Space) -> Shelf:
    """The batches, which come in the order of ids, as one shelf in the order of what each row shows most."""
    starts = np.arange(0, len(ids), BATCH)
    strongest = _joined([batch.places.argmax(axis=1) for batch in batches], np.int64)
    ranks = np.argsort(strongest, kind="stable").astype(np.int32)
    by_id = np.empty_like(ranks)
    by_id[ranks] = np.arange(len(ids), dtype=np.int32)
    records = [record for batch in batches for record in batch.records]
    scales = _joined([batch.scales for batch in batches], np.float32)[ranks]
    places = np.empty((len(ids), space.size), dtype=np.uint8)
    home = np.empty((DIVISIONS, len(ids)), dtype=np.uint8)
    for start, batch in zip(starts, batches, strict=True):
        rows = by_id[start : start + BATCH]
        places[rows], home[:, rows] = batch.places, batch.home
    proven = [by_id[start + batch.proven_rows] for start, batch in zip(starts, batches, strict=True)]
    proven_rows, proven_places, proven_blocks, proven_tops = _ordered(
        _joined(proven, np.int32),
        np.concatenate([np.zeros((0, space.size), np.uint8), *(b.proven_places for b in batches)]),
    )
    return Shelf(
        ids=ids[ranks],
        by_id=by_id,
        ranks=ranks,
        records=np.frombuffer(b"".join(records[rank] for rank in ranks), dtype=np.uint8),
        record_bounds=np.concatenate([[0], np.cumsum([len(records[rank]) for rank in ranks])]).astype(np.int64),
        places=places,
        scales=scales,
        tops=_tops(places, scales),
        home=home,
        home_tops=np.maximum.reduceat(home, np.arange(0, len(ids), BLOCK), axis=1) if len(ids) else home,
        proven_rows=proven_rows,
        proven_places=proven_places,
        proven_blocks=proven_blocks,
        proven_tops=proven_tops,
        words=_postings(batches, by_id),
    )


def _joined(arrays: Sequence[NDArray], kind: type) -> NDArray:
    return np.concatenate([np.zeros(0, dtype=kind), *arrays]).astype(kind)


def _tops(places: NDArray[np.uint8], scales: Vector) -> Vector:
    """Block maxima of the directions (places × scales), in the very numbers that rows are scored by."""
    starts = range(0, len(places), BLOCK)
    tops = np.zeros((len(starts), places.shape[1]), dtype=np.float32)
    for block, start in enumerate(starts):
        rows = slice(start, start + BLOCK)
        tops[block] = (places[rows].astype(np.float32) * scales[rows, None]).max(axis=0)
    return tops


def _ordered(
    rows: NDArray[np.int32], places: NDArray[np.uint8]
) -> tuple[NDArray[np.int32], NDArray[np.uint8], NDArray[np.int32], NDArray[np.uint8]]:
    """Proven rows and places in the order of rows, with the blocks that have any and their maxima."""
    order = np.argsort(rows)
    rows, places = rows[order], places[order]
    blocks, begins = np.unique(rows // BLOCK, return_index=True)
    tops = np.maximum.reduceat(places, begins, axis=0) if len(begins) else places
    return rows, places, blocks.astype(np.int32), tops


def _postings(batches: Sequence[Batch], by_id: NDArray[np.int32]) -> Postings:
    keys = np.unique(_joined([batch.keys for batch in batches], np.uint64))
    packed = []
    for number, batch in enumerate(batches):
        tokens = np.searchsorted(keys, batch.keys)[batch.tokens]
        packed.append(pack(tokens, by_id[number * BATCH + batch.rows].astype(np.int64), batch.values))
    return postings_of(keys, packed)
