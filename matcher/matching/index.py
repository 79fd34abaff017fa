"""The index of a roster: one large shelf, a small one beside it for what changed since, and who is gone."""

import json
import os
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.matching.batches import Batch
from matcher.matching.building import build_shelf, read_all, shelf_of
from matcher.matching.lexicon import Lexicon
from matcher.matching.shelf import Shelf, open_shelf
from matcher.matching.space import Space, space_of
from matcher.matching.types import Profile
from matcher.matching.weights import Weights, weights_from

_ABOUT, _CURRENT = "index.json", "current"
#: The form of the files; those of another are not opened but built anew.
FORM = 2


@dataclass(frozen=True, eq=False)
class Index:
    """A roster, ready to be asked; never changed, a changed roster gets a new one. `sequence` is the database's
    number of the roster it holds, for the caller to compare; `dead` are rows of the large shelf, sorted; `changed` is
    the small one as it was read, in one batch at most."""

    space: Space
    weights: Weights
    shelf: Shelf
    delta: Shelf
    dead: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    changed: tuple[Batch, ...] = ()
    sequence: int = 0

    @classmethod
    def build(
        cls,
        profiles: Iterable[Profile],
        lexicon: Lexicon,
        weights: Weights,
        *,
        sequence: int = 0,
        processes: int = 1,
    ) -> "Index":
        """The index of plain records. Honours and names are kept beside them and never read. Many records are read by
        several `processes`, if the caller allows them; the index is the same."""
        space = space_of(lexicon)
        shelf = build_shelf(list(profiles), space, processes=processes)
        return cls(space, weights, shelf, build_shelf((), space), sequence=sequence)

    def __len__(self) -> int:
        return len(self.shelf) - len(self.dead) + len(self.delta)

    def shelves(self) -> tuple[tuple[Shelf, NDArray[np.intp]], ...]:
        """Each shelf with the rows on it that no longer count."""
        return ((self.shelf, self.dead), (self.delta, self.dead[:0]))

    def find(self, expert_id: str) -> tuple[Shelf, int] | None:
        """The shelf and row of an expert."""
        for shelf, dead in reversed(self.shelves()):
            row = shelf.row_of(expert_id)
            if row is not None and row not in dead:
                return shelf, row
        return None

    def profile(self, expert_id: str) -> Profile | None:
        """The record of an expert as the index knows it."""
        found = self.find(expert_id)
        return found[0].profile(found[1]) if found else None

    def with_changes(
        self, changed: Sequence[Profile], gone: Collection[str] = (), *, sequence: int | None = None
    ) -> "Index":
        """The index after some experts changed or came and some left: only these are read, and the small shelf is put
        together anew."""
        touched = frozenset(gone) | {profile.id for profile in changed}
        kept = [batch.without(touched) for batch in self.changed]
        batches = [batch for batch in (*kept, *read_all(changed, self.space)) if len(batch)]
        together = (reduce(Batch.and_those, batches),) if batches else ()
        return replace(
            self,
            delta=shelf_of(together, self.space),
            changed=together,
            dead=_both(self.dead, self.shelf.rows_of(list(touched))),
            sequence=self.sequence if sequence is None else sequence,
        )

    def with_weights(self, weights: Weights) -> "Index":
        """The same roster under other weights."""
        return replace(self, weights=weights)

    def save(self, folder: Path) -> None:
        """Write the large shelf and what is needed to open it again; the folder changes in one step, so that a
        process that is killed while writing leaves the old index in use. The delta must be empty."""
        if len(self.delta) or len(self.dead):
            raise ValueError("an index with changes is rebuilt, not saved")
        folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(mkdtemp(dir=folder, prefix="index-"))
        self.shelf.save(fresh)
        about = {
            "form": FORM,
            "lexicon": self.space.lexicon.version,
            "weights": self.weights.as_dict(),
            "sequence": self.sequence,
        }
        (fresh / _ABOUT).write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        _put_in_place(fresh)


def open_index(folder: Path, lexicon: Lexicon) -> Index | None:
    """A saved index, mapped into memory; None where there is none or it was made with another lexicon."""
    link = folder / _CURRENT
    while link.exists():
        home = link.resolve()
        try:
            return _opened(home, lexicon)
        except FileNotFoundError:
            # A new index was put in place, and this one cleared away, while we opened it: take the new one.
            if link.resolve() == home:
                raise
    return None


def _both(rows: NDArray[np.intp], others: NDArray[np.intp]) -> NDArray[np.intp]:
    """Rows of either kind, sorted."""
    return np.sort(np.concatenate([rows, others[~np.isin(others, rows)]]))


def _opened(home: Path, lexicon: Lexicon) -> Index | None:
    about: Mapping[str, Any] = json.loads((home / _ABOUT).read_text(encoding="utf-8"))
    if about.get("form") != FORM or about["lexicon"] != lexicon.version:
        return None
    space = space_of(lexicon)
    weights = weights_from(about["weights"])
    return Index(space, weights, open_shelf(home), build_shelf((), space), sequence=int(about["sequence"]))


def _put_in_place(fresh: Path) -> None:
    """Let the link point to the fresh files in one step, and clear what lay there before."""
    folder = fresh.parent
    link = folder / f".{fresh.name}"
    link.symlink_to(fresh.name)
    os.replace(link, folder / _CURRENT)
    for old in folder.glob("index-*"):
        if old != fresh:
            # A process that mapped the old files keeps them until it lets go (POSIX).
            shutil.rmtree(old, ignore_errors=True)
