"""Some experts as flat arrays: written once, never changed, saved as .npy files and mapped by every process.

Row r is the expert `ids[r]`. Everything about a row depends on its own record and the lexicon alone, never on the
other rows, so that rows can be added and taken away without touching the rest.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.matching.industries import DIVISIONS, divisions_of
from matcher.matching.reading import RECORD_FIELDS, WORD_FIELDS, record_counts
from matcher.matching.space import Space, Vector, unit
from matcher.matching.types import Profile, SkillText

#: BM25 over plain words; the mean length is a constant, because a roster of 30 knows no mean.
K1, B, MEAN_LENGTH = 1.2, 0.5, 40.0
#: The sharpest coordinates of a row go into postings, by which large shelves find their candidates.
SHARP = 64
#: A declared industry counts as at least this much at home.
DECLARED_HOME = 0.7
#: Rows that are worked on at once while building.
BATCH = 2048
_LEVELS = 255.0


@dataclass(frozen=True, eq=False)
class Shelf:
    """Arrays over n experts, C competences and T tokens:
    ids (n, sorted), records (bytes of JSON) with record_bounds (n+1);
    places (n × C, uint8) times scales (n) are the directions among the competences; home (100 × n, uint8 / 255);
    sharp_bounds (C+1), sharp_rows, sharp_values: the largest coordinates again, by competence;
    token_keys (T, sorted), token_bounds (T+1), token_rows, token_values: BM25 without idf, by token;
    proven_rows (p, sorted) and proven_places (p × C, uint8 / 255): directions of solved cases."""

    ids: NDArray[np.str_]
    records: NDArray[np.uint8]
    record_bounds: NDArray[np.int64]
    places: NDArray[np.uint8]
    scales: Vector
    home: NDArray[np.uint8]
    sharp_bounds: NDArray[np.int64]
    sharp_rows: NDArray[np.int32]
    sharp_values: Vector
    token_keys: NDArray[np.uint64]
    token_bounds: NDArray[np.int64]
    token_rows: NDArray[np.int32]
    token_values: NDArray[np.float16]
    proven_rows: NDArray[np.int32]
    proven_places: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.ids)

    def row_of(self, expert_id: str) -> int | None:
        """The row of an expert, None where they are not here."""
        row = int(np.searchsorted(self.ids, expert_id))
        return row if row < len(self.ids) and self.ids[row] == expert_id else None

    def profile(self, row: int) -> Profile:
        """The record behind a row."""
        start, end = self.record_bounds[row], self.record_bounds[row + 1]
        return _profile(json.loads(self.records[start:end].tobytes()))

    def direction(self, rows: NDArray[np.intp] | int) -> Vector:
        """Directions of some rows, float32."""
        scales = self.scales[rows]
        return self.places[rows].astype(np.float32) * np.asarray(scales, dtype=np.float32)[..., None]

    def token_scores(self, counts: dict[str, float]) -> Vector:
        """Σ weight · BM25 over tokens, for every row."""
        scores = np.zeros(len(self), dtype=np.float32)
        keys = np.array([token_key(token) for token in counts], dtype=np.uint64)
        found = np.searchsorted(self.token_keys, keys)
        for place, key, weight in zip(found.tolist(), keys, counts.values(), strict=True):
            if place < len(self.token_keys) and self.token_keys[place] == key:
                start, end = self.token_bounds[place], self.token_bounds[place + 1]
                scores[self.token_rows[start:end]] += np.float32(weight) * self.token_values[start:end]
        return scores

    def sharp_scores(self, direction: Vector, *, breadth: int) -> Vector:
        """Σ of the `breadth` largest coordinates of a need with the sharpest ones of every row."""
        scores = np.zeros(len(self), dtype=np.float32)
        for place in np.argsort(-direction, kind="stable")[:breadth].tolist():
            start, end = self.sharp_bounds[place], self.sharp_bounds[place + 1]
            scores[self.sharp_rows[start:end]] += direction[place] * self.sharp_values[start:end]
        return scores

    def save(self, folder: Path) -> None:
        """Write the arrays as .npy files into a folder that exists."""
        for one in fields(self):
            np.save(folder / f"{one.name}.npy", getattr(self, one.name))


def open_shelf(folder: Path) -> Shelf:
    """A saved shelf, mapped into memory and shared with every process that opens it."""
    arrays = {one.name: np.load(folder / f"{one.name}.npy", mmap_mode="r") for one in fields(Shelf)}
    return Shelf(**arrays)


def build_shelf(profiles: Sequence[Profile], space: Space) -> Shelf:
    """A shelf of some experts; the order they come in does not matter. ValueError when an id comes twice."""
    rows = sorted(profiles, key=lambda profile: profile.id)
    ids = np.array([profile.id for profile in rows], dtype=np.str_)
    if len(np.unique(ids)) != len(ids):
        raise ValueError("an expert's id stands twice")
    records = [json.dumps(asdict(profile), ensure_ascii=False).encode() for profile in rows]
    places, scales = _directions(rows, space)
    proven_rows, proven_places = _proven(rows, space)
    arrays: dict[str, Any] = dict(zip(_POSTINGS, _token_postings(rows), strict=True))
    arrays |= dict(zip(_SHARP, _sharp_postings(places, scales, space.size), strict=True))
    return Shelf(
        ids=ids,
        records=np.frombuffer(b"".join(records), dtype=np.uint8),
        record_bounds=_bounds([len(record) for record in records]),
        places=places,
        scales=scales,
        home=_home(rows, places, scales, space),
        proven_rows=proven_rows,
        proven_places=proven_places,
        **arrays,
    )


_POSTINGS = ("token_keys", "token_bounds", "token_rows", "token_values")
_SHARP = ("sharp_bounds", "sharp_rows", "sharp_values")


def token_key(token: str) -> int:
    """A token as 64 bits, the same in every process."""
    return int.from_bytes(blake2b(token.encode(), digest_size=8).digest(), "little")


def word_value(times: float, length: float) -> float:
    """BM25 without idf of a token said `times` (weighted) in a record of that length."""
    return times * (K1 + 1) / (times + K1 * (1 - B + B * length / MEAN_LENGTH))


def _profile(entry: dict[str, Any]) -> Profile:
    skills = tuple(SkillText(**skill) for skill in entry.pop("skills"))
    listed: dict[str, Any] = {name: tuple(entry.pop(name)) for name in ("honours", "industries", "proven")}
    return Profile(skills=skills, **listed, **entry)


def _bounds(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)


def _directions(rows: Sequence[Profile], space: Space) -> tuple[NDArray[np.uint8], Vector]:
    places = np.zeros((len(rows), space.size), dtype=np.uint8)
    scales = np.zeros(len(rows), dtype=np.float32)
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        placed = np.stack([space.place_record(record_counts(one, RECORD_FIELDS)) for one in batch])
        directions = space.record_direction(placed)
        scale = directions.max(axis=1) / _LEVELS
        scales[start : start + BATCH] = scale
        places[start : start + BATCH] = np.rint(directions / np.maximum(scale, 1e-12)[:, None])
    return places, scales


def _home(rows: Sequence[Profile], places: NDArray[np.uint8], scales: Vector, space: Space) -> NDArray[np.uint8]:
    """How much each expert is at home in each division, by what their competences serve or by declaration."""
    home = np.zeros((DIVISIONS, len(rows)), dtype=np.uint8)
    for start in range(0, len(rows), BATCH):
        directions = places[start : start + BATCH].astype(np.float32) * scales[start : start + BATCH, None]
        served = (directions * directions) @ space.serves
        shares = served / np.maximum(np.linalg.norm(served, axis=1, keepdims=True), 1e-9)
        home[:, start : start + BATCH] = np.rint(shares.T * _LEVELS)
    declared = np.uint8(DECLARED_HOME * _LEVELS)
    for row, profile in enumerate(rows):
        for code in {code for name in profile.industries for code in divisions_of(name)}:
            home[int(code), row] = max(home[int(code), row], declared)
    return home


def _proven(rows: Sequence[Profile], space: Space) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    shown = [row for row, profile in enumerate(rows) if profile.proven]
    places = np.zeros((len(shown), space.size), dtype=np.uint8)
    for place, row in enumerate(shown):
        counts = record_counts(Profile("", proven=rows[row].proven), {**_SILENT, "proven": 1.0})
        direction = space.need_direction(space.place_need(counts))
        places[place] = np.rint(unit(direction) * _LEVELS)
    return np.array(shown, dtype=np.int32), places


_SILENT = dict.fromkeys(WORD_FIELDS, 0.0)


def _sharp_postings(
    places: NDArray[np.uint8], scales: Vector, size: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], Vector]:
    count = min(SHARP, size)
    sharpest = np.argpartition(places, size - count, axis=1)[:, size - count :] if len(places) else places
    rows = np.repeat(np.arange(len(places), dtype=np.int32), count)
    columns = sharpest.reshape(-1)
    values = places[rows, columns] * scales[rows]
    order = np.lexsort((rows, columns))
    bounds = _bounds(np.bincount(columns, minlength=size).tolist())
    return bounds, rows[order], values[order].astype(np.float32)


def _token_postings(
    rows: Sequence[Profile],
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int32], NDArray[np.float16]]:
    known: dict[str, int] = {}
    found_rows: list[int] = []
    found_tokens: list[int] = []
    found_times: list[float] = []
    lengths: list[float] = []
    for row, profile in enumerate(rows):
        counts = record_counts(profile, WORD_FIELDS)
        lengths.append(sum(counts.values()))
        found_rows.extend([row] * len(counts))
        found_tokens.extend(known.setdefault(token, len(known)) for token in counts)
        found_times.extend(counts.values())
    keys = np.array([token_key(token) for token in known], dtype=np.uint64)
    place_of = np.empty(len(keys), dtype=np.int64)
    place_of[np.argsort(keys, kind="stable")] = np.arange(len(keys))
    tokens = place_of[np.array(found_tokens, dtype=np.int64)]
    at, times = np.array(found_rows, dtype=np.int32), np.array(found_times, dtype=np.float32)
    relative = np.array(lengths, dtype=np.float32)[at] / MEAN_LENGTH
    values = times * (K1 + 1) / (times + K1 * (1 - B + B * relative))
    order = np.lexsort((at, tokens))
    bounds = _bounds(np.bincount(tokens, minlength=len(keys)).tolist())
    return np.sort(keys), bounds, at[order], values[order].astype(np.float16)
