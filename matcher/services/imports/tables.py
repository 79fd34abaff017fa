"""A file as rows: its columns, which of them holds what, and every row under the names of our fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Field -> heading of the column that holds it.
Mapping_ = dict[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file by its number in the spreadsheet; what is not mapped is not here."""

    number: int
    cells: Mapping[str, Any]
    is_sample: bool = False

    def get(self, name: str) -> Any:
        """What stands in the column of this field; None where no column is it."""
        return self.cells.get(name)


@dataclass(frozen=True, slots=True)
class Table:
    """The whole file. `columns` are the headings as written, `mapping` field -> heading."""

    columns: list[str]
    mapping: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    is_sample: bool = False


def read_file(data: bytes, filename: str, kind: object, mapping: Mapping[str, str] | None = None) -> Table:
    raise NotImplementedError
