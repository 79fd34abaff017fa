"""A file as rows: its columns, which of them holds what, and every row under the names of our fields."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matcher.plain.sheets import Sheet, SheetError, read_sheets
from matcher.services.imports.cells import text_of
from matcher.services.imports.fields import FIELDS, ImportKind, aliases
from matcher.services.imports.rows import Row
from matcher.services.imports.samples import columns as sample_columns
from matcher.services.imports.samples import is_json_lines, records

#: A heading stands within so many rows; above it are titles and remarks.
DEEPEST_HEADING = 25
#: A row with fewer filled cells than this is a title, not a heading.
FEWEST_HEADINGS = 2


@dataclass(frozen=True, slots=True)
class Table:
    """The whole file. `columns` are the headings as written, `mapping` field -> heading, `missing` the needed
    fields that no column holds."""

    columns: list[str]
    mapping: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    is_sample: bool = False


def read_file(data: bytes, filename: str, kind: ImportKind, mapping: Mapping[str, str] | None = None) -> Table:
    """Read a file. `mapping` (field -> heading) overrides what would be guessed; SheetError or BadInput if it
    is no table."""
    if is_json_lines(data):
        return _samples(data, kind)
    return _table(read_sheets(data), kind, mapping)


def guess_mapping(columns: Sequence[str], kind: ImportKind) -> dict[str, str]:
    """Field -> heading: first by the very name, then by a name that stands inside the heading."""
    plain = {column: plain_heading(column) for column in columns}
    found: dict[str, str] = {}
    for fits in (_is, _holds):
        for name, words in aliases(kind).items():
            free = [column for column in columns if column not in found.values()]
            if name not in found and (column := _first(free, plain, words, fits)):
                found[name] = column
    return found


def plain_heading(text: str) -> str:
    """A heading without blanks, line breaks, stars and remarks in brackets: 联系 电话（必填）* is 联系电话."""
    joined = "".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"\([^)]*\)|[*:、,.。]", "", joined).lower()


def _table(sheets: list[Sheet], kind: ImportKind, mapping: Mapping[str, str] | None) -> Table:
    sheet, place = max(
        ((sheet, _heading_of(sheet, kind)) for sheet in sheets), key=lambda found: (found[1][1], len(found[0].rows))
    )
    index, _hits = place
    if index is None:
        raise SheetError("没有找到表头。第一行应写明各列的名称，例如姓名、单位、专长。")
    columns = _unique([text_of(cell) for cell in sheet.rows[index]])
    chosen = _chosen(mapping, columns) if mapping is not None else guess_mapping([c for c in columns if c], kind)
    missing = [field.name for field in FIELDS[kind] if field.is_needed and field.name not in chosen]
    if not any(text_of(cell) for row in sheet.rows[index + 1 :] for cell in row):
        raise SheetError("表头下面没有内容。")
    rows = _rows(sheet, index, columns, chosen)
    return Table([column for column in columns if column], chosen, rows, missing)


def _heading_of(sheet: Sheet, kind: ImportKind) -> tuple[int | None, int]:
    """(index of the heading row, how many of its columns we know): the row that knows most, the upper of two."""
    best: tuple[int | None, int] = (None, -1)
    for index, row in enumerate(sheet.rows[:DEEPEST_HEADING]):
        headings = list(dict.fromkeys(text for cell in row if (text := text_of(cell))))
        if len(headings) < FEWEST_HEADINGS and len(row) > 1:
            continue
        hits = len(guess_mapping(headings, kind)) if headings else -1
        if hits > best[1]:
            best = (index, hits)
    return best


def _rows(sheet: Sheet, index: int, columns: list[str], mapping: Mapping[str, str]) -> list[Row]:
    places = {name: columns.index(column) for name, column in mapping.items()}
    heading = [text_of(cell) for cell in sheet.rows[index]]
    rows = []
    for offset, cells in enumerate(sheet.rows[index + 1 :], start=index + 1):
        values = {name: cells[place] for name, place in places.items() if place < len(cells)}
        if not any(text_of(value) for value in values.values()):
            continue
        # A ledger printed on many pages repeats its heading.
        if [text_of(cell) for cell in cells[: len(heading)]] == heading:
            continue
        rows.append(Row(sheet.first_row + offset, values))
    return rows


def _samples(data: bytes, kind: ImportKind) -> Table:
    columns = sample_columns(kind)
    mapping = guess_mapping(columns, kind)
    rows = [
        Row(number, {name: found[column] for name, column in mapping.items() if column in found}, is_sample=True)
        for number, found in records(data, kind)
    ]
    return Table(columns, mapping, rows, is_sample=True)


def _chosen(mapping: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    for column in mapping.values():
        if column not in columns:
            raise SheetError("文件里没有“%(column)s”这一列。", column=column)
    return dict(mapping)


def _unique(columns: list[str]) -> list[str]:
    """Headings that stand twice are told apart by their count."""
    seen: dict[str, int] = {}
    found = []
    for column in columns:
        seen[column] = seen.get(column, 0) + 1
        found.append(f"{column}（{seen[column]}）" if column and seen[column] > 1 else column)
    return found


def _first(columns: Sequence[str], plain: Mapping[str, str], words: Sequence[str], fits: Any) -> str | None:
    return next((column for word in words for column in columns if fits(plain[column], word.lower())), None)


def _is(heading: str, word: str) -> bool:
    return heading == word


def _holds(heading: str, word: str) -> bool:
    """The longer names only: 电话 inside 联系人电话 says it, 单位 inside 单位性质 does not."""
    return len(word) >= 2 and heading.endswith(word) and len(heading) <= len(word) + 6
