"""Spreadsheets as people send them: .xlsx, .xls and .csv as rows of values, or one clear sentence why not."""

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import Any

import python_calamine as calamine

from matcher.plain.errors import PlainError

#: Larger than a ledger of 100,000 rows; what is above is no ledger.
MOST_BYTES = 30 * 1024 * 1024
#: What a small archive may unpack to: a "zip bomb" is refused before it is opened.
MOST_UNPACKED = 600 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 300

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class SheetError(PlainError):
    """A file that cannot be read as a table; the sentence says what to do."""

    field = "file"


@dataclass(slots=True)
class Sheet:
    """One sheet: its name, its rows, and the number that the spreadsheet gives to the first of them."""

    name: str
    rows: list[list[Any]]
    first_row: int = 1


def read_sheets(data: bytes) -> list[Sheet]:
    """Every visible sheet that has something in it. The content decides what the file is, not its name."""
    if not data.strip():
        raise SheetError("文件是空的。")
    if len(data) > MOST_BYTES:
        raise SheetError("文件超过 %(most)d MB，请分成几个文件。", most=MOST_BYTES // 1024 // 1024)
    if data.startswith((_ZIP, _OLE)):
        return _workbook(data)
    return [Sheet("", _text_rows(data))]


def _workbook(data: bytes) -> list[Sheet]:
    if data.startswith(_ZIP):
        _refuse_bomb(data)
    elif _ENCRYPTED in data:
        raise SheetError("文件有密码，请去掉密码后再上传。")
    try:
        return _sheets_of(calamine.load_workbook(io.BytesIO(data)))
    except calamine.PasswordError as error:
        raise SheetError("文件有密码，请去掉密码后再上传。") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise SheetError("文件打不开，可能已损坏，或不是 Excel 表格。请用 Excel 打开后另存为 .xlsx 再试。") from error


def _sheets_of(book: calamine.CalamineWorkbook) -> list[Sheet]:
    shown = [
        meta.name
        for meta in book.sheets_metadata
        if meta.typ == calamine.SheetTypeEnum.WorkSheet and meta.visible == calamine.SheetVisibleEnum.Visible
    ]
    sheets = []
    for name in shown:
        sheet = book.get_sheet_by_name(name)
        _check_size(sheet.total_height, sheet.width)
        rows = sheet.to_python(skip_empty_area=False)
        _fill_merged(rows, sheet.merged_cell_ranges or [])
        if any(_is_filled(cell) for row in rows for cell in row):
            sheets.append(Sheet(name, rows))
    if not sheets:
        raise SheetError("文件里没有内容。")
    return sheets


def _fill_merged(rows: list[list[Any]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """What stands in a merged cell holds for every row of it (downwards; to the right it is one heading)."""
    for (top, left), (bottom, _right) in ranges:
        if bottom == top or top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row) and not _is_filled(row[left]):
                row[left] = rows[top][left]


def _text_rows(data: bytes) -> list[list[Any]]:
    text = _decoded(data)
    if "\x00" in text:
        raise SheetError("这不是表格文件。可以上传 .xlsx、.xls 或 .csv。")
    lines = text.splitlines()
    mark = max(",\t;，", key=lambda m: sum(line.count(m) for line in lines[:20]))
    try:
        # A cell may be as long as a menu; the reader's own limit is 131,072 characters.
        rows: list[list[Any]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)]
    except csv.Error as error:
        raise SheetError("文件不是完整的 .csv 表格，请用 Excel 另存后再试。") from error
    _check_size(len(rows), max((len(row) for row in rows), default=0))
    return rows


def _decoded(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or what Chinese spreadsheets write."""
    is_marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetError("这不是表格文件。可以上传 .xlsx、.xls 或 .csv。")


def _refuse_bomb(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except zipfile.BadZipFile as error:
        raise SheetError("文件打不开，可能已损坏，或不是 Excel 表格。请用 Excel 打开后另存为 .xlsx 再试。") from error
    if size > MOST_UNPACKED:
        raise SheetError("文件解开后太大，请分成几个文件。")


def _check_size(height: int, width: int) -> None:
    if height > MOST_ROWS:
        raise SheetError("文件有 %(rows)d 行，最多 %(most)d 行，请分成几个文件。", rows=height, most=MOST_ROWS)
    if width > MOST_COLUMNS:
        raise SheetError("文件有 %(columns)d 列，最多 %(most)d 列。", columns=width, most=MOST_COLUMNS)


def _is_filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""
