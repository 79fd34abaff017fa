"""A shelf out of plain records: read in batches, by several processes where there are many, and put together."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from matcher.matching.batches import Batch, read_batch
from matcher.matching.industries import DIVISIONS
from matcher.matching.lexicon import Lexicon
from matcher.matching.postings import BLOCK, MOST_ROWS, Postings, distinct, pack, postings_of
from matcher.matching.shelf import Shelf
from matcher.matching.space import Space, Vector, space_of
from matcher.matching.types import Profile

#: Records that are read at once.
BATCH = 2048


def build_shelf(profiles: Sequence[Profile], space: Space, *, processes: int = 1) -> Shelf:
    """A shelf of some experts; the order they come in does not matter. ValueError when an id comes twice, or for more
    experts than a shelf holds."""
    return shelf_of(list(read_all(profiles, space, processes=processes)), space)


def read_all(profiles: Sequence[Profile], space: Space, *, processes: int = 1) -> Iterator[Batch]:
    """Read records in batches; however many processes help, what is read is the same."""
    parts = [profiles[start : start + BATCH] for start in range(0, len(profiles), BATCH)]
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


def shelf_of(batches: Sequence[Batch], space: Space) -> Shelf:
    """The batches as one shelf, in the order of what each row shows most, then of ids."""
    ids = np.concatenate([np.zeros(0, dtype="U1"), *(batch.ids for batch in batches)])
    if len(ids) > MOST_ROWS:
        raise ValueError(f"a shelf holds at most {MOST_ROWS} experts")
    # Three orders: as they were read (`read`: batch by batch), by id, and by row.
    read_by_id = np.argsort(ids, kind="stable")
    ordered = ids[read_by_id]
    if np.any(ordered[1:] == ordered[:-1]):
        raise ValueError("an expert's id stands twice")
    strongest = _joined([batch.places.argmax(axis=1) for batch in batches], np.int64)
    ranks = np.argsort(strongest[read_by_id], kind="stable").astype(np.int32)
    by_id = np.empty_like(ranks)
    by_id[ranks] = np.arange(len(ids), dtype=np.int32)
    read_by_row = read_by_id[ranks]
    row_of_read = np.empty_like(ranks)
    row_of_read[read_by_row] = np.arange(len(ids), dtype=np.int32)
    rows_of = np.split(row_of_read, np.cumsum([len(batch) for batch in batches[:-1]], dtype=np.intp))
    records = [record for batch in batches for record in batch.records]
    scales = _joined([batch.scales for batch in batches], np.float32)[read_by_row]
    places = np.empty((len(ids), space.size), dtype=np.uint8)
    home = np.empty((DIVISIONS, len(ids)), dtype=np.uint8)
    for rows, batch in zip(rows_of, batches, strict=False):
        places[rows], home[:, rows] = batch.places, batch.home.T
    proven_rows, proven_places, proven_blocks, proven_tops = _ordered(
        _joined([rows[b.proven_rows] for rows, b in zip(rows_of, batches, strict=False)], np.int32),
        np.concatenate([np.zeros((0, space.size), np.uint8), *(b.proven_places for b in batches)]),
    )
    return Shelf(
        ids=ordered[ranks],
        by_id=by_id,
        ranks=ranks,
        records=np.frombuffer(b"".join(records[read] for read in read_by_row.tolist()), dtype=np.uint8),
        record_bounds=_bounds([len(records[read]) for read in read_by_row.tolist()]),
        places=places,
        scales=scales,
        tops=_tops(places, scales),
        home=home,
        home_tops=np.maximum.reduceat(home, np.arange(0, len(ids), BLOCK), axis=1) if len(ids) else home,
        proven_rows=proven_rows,
        proven_places=proven_places,
        proven_blocks=proven_blocks,
        proven_tops=proven_tops,
        words=_postings(batches, rows_of),
    )


def _bounds(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


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


def _postings(batches: Sequence[Batch], rows_of: Sequence[NDArray[np.int32]]) -> Postings:
    keys = distinct(_joined([batch.keys for batch in batches], np.uint64))
    packed = []
    for rows, batch in zip(rows_of, batches, strict=False):
        tokens = np.searchsorted(keys, batch.keys)[batch.tokens]
        packed.append(pack(tokens, rows[batch.rows].astype(np.int64), batch.values))
    return postings_of(keys, packed)
