"""One row of a file, whatever kind of file it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One row by its number in the spreadsheet, under the names of our fields; what is not mapped is not here."""

    number: int
    cells: Mapping[str, Any]
    is_sample: bool = False

    def get(self, name: str) -> Any:
        """What stands in the column of this field; None where no column is it."""
        return self.cells.get(name)
