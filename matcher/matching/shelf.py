"""Some experts as flat arrays: written once, never changed, saved as .npy files and mapped by every process.

Everything about a row depends on its own record and the lexicon alone, never on the other rows. Rows that show the
same competence most lie side by side, so that the maxima of a block say much about each of its rows.
"""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.matching.postings import BLOCK, Postings
from matcher.matching.space import Vector, dots
from matcher.matching.types import Profile, SkillText

#: What uint8 counts as one.
LEVELS = 255.0


@dataclass(frozen=True, eq=False)
class Shelf:
    """Arrays over n experts in B blocks of BLOCK rows and C competences:
    ids (n); by_id (n), the rows in the order of their ids, and its inverse ranks (n);
    records (bytes of JSON) with record_bounds (n+1);
    places (n × C, uint8) times scales (n) are the directions among the competences, tops (B × C) their block maxima;
    home (100 × n, uint8 / 255) and home_tops (100 × B);
    proven_rows (p, sorted) and proven_places (p × C, uint8 / 255): directions of solved cases, with the block
    maxima proven_tops (q × C, uint8 / 255) of the blocks proven_blocks (q, sorted) that have any."""

    ids: NDArray[np.str_]
    by_id: NDArray[np.int32]
    ranks: NDArray[np.int32]
    records: NDArray[np.uint8]
    record_bounds: NDArray[np.int64]
    places: NDArray[np.uint8]
    scales: Vector
    tops: Vector
    home: NDArray[np.uint8]
    home_tops: NDArray[np.uint8]
    proven_rows: NDArray[np.int32]
    proven_places: NDArray[np.uint8]
    proven_blocks: NDArray[np.int32]
    proven_tops: NDArray[np.uint8]
    words: Postings

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def blocks(self) -> int:
        """The number of blocks."""
        return len(self.tops)

    def row_of(self, expert_id: str) -> int | None:
        """The row of an expert, None where they are not here."""
        rows = self.rows_of([expert_id])
        return int(rows[0]) if len(rows) else None

    def rows_of(self, expert_ids: list[str]) -> NDArray[np.intp]:
        """The rows of those experts that are here, sorted."""
        if not len(self) or not expert_ids:
            return np.zeros(0, dtype=np.intp)
        asked = np.array(expert_ids, dtype=np.str_)
        places = np.minimum(np.searchsorted(self.ids, asked, sorter=self.by_id), len(self) - 1)
        rows = self.by_id[places]
        return np.sort(rows[self.ids[rows] == asked]).astype(np.intp)

    def rows_in(self, blocks: NDArray[np.intp]) -> NDArray[np.intp]:
        """The rows of some blocks."""
        rows = (blocks[:, None] * BLOCK + np.arange(BLOCK)).reshape(-1)
        return rows[rows < len(self)]

    def record(self, row: int) -> bytes:
        """The record behind a row, as `entry_of` wrote it."""
        return self.records[self.record_bounds[row] : self.record_bounds[row + 1]].tobytes()

    def profile(self, row: int) -> Profile:
        """The record behind a row."""
        return profile_in(self.record(row))

    def direction(self, rows: NDArray[np.intp] | int) -> Vector:
        """Directions of some rows, float32."""
        scales = self.scales[rows]
        return self.places[rows].astype(np.float32) * np.asarray(scales, dtype=np.float32)[..., None]

    def cosines(self, rows: NDArray[np.integer], direction: Vector) -> Vector:
        """Cosines of some rows with a direction of length 1."""
        return dots(self.places[rows].astype(np.float32), direction) * self.scales[rows]

    def save(self, folder: Path) -> None:
        """Write the arrays as .npy files into a folder that exists."""
        for one in fields(self):
            if one.name != "words":
                np.save(folder / f"{one.name}.npy", getattr(self, one.name))
        for one in fields(self.words):
            np.save(folder / f"words_{one.name}.npy", getattr(self.words, one.name))


def open_shelf(folder: Path) -> Shelf:
    """A saved shelf, mapped into memory and shared with every process that opens it."""

    def mapped(name: str) -> Any:
        # Plain arrays over the mapped file: slices of numpy's own kind cost more to make.
        return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))

    words = Postings(**{one.name: mapped(f"words_{one.name}") for one in fields(Postings)})
    return Shelf(**{one.name: mapped(one.name) for one in fields(Shelf) if one.name != "words"}, words=words)


def entry_of(profile: Profile) -> bytes:
    """A record as it lies on a shelf."""
    entry = {one.name: getattr(profile, one.name) for one in _FIELDS}
    entry["skills"] = [(skill.text, skill.basis, skill.weight) for skill in profile.skills]
    return json.dumps(entry, ensure_ascii=False).encode()


_FIELDS = fields(Profile)


def profile_in(record: bytes) -> Profile:
    """The record that `entry_of` wrote."""
    entry = json.loads(record)
    skills = tuple(SkillText(*skill) for skill in entry.pop("skills"))
    listed: dict[str, Any] = {name: tuple(entry.pop(name)) for name in ("honours", "industries", "proven")}
    return Profile(skills=skills, **listed, **entry)
