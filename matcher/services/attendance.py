"""A sheet of signatures counted: how many people came, and how often. The names themselves are not kept."""

from dataclasses import dataclass

from matcher.errors import BadInput
from matcher.plain.names import firm_key, person_key
from matcher.plain.sheets import Sheet, read_sheets
from matcher.services.imports.cells import text_of
from matcher.services.imports.tables import plain_heading

#: Headings under which a name and a firm stand.
NAMES = ("姓名", "职工姓名", "学员姓名", "参训人员", "签到人", "name")
FIRMS = ("单位", "工作单位", "所在单位", "企业", "企业名称", "公司")
#: A heading stands within so many rows.
DEEPEST = 15


@dataclass(frozen=True, slots=True)
class Attendance:
    """人: different people by name and firm; 人次: lines of the sheet."""

    persons: int
    attendances: int


def count_attendance(data: bytes) -> Attendance:
    """Count a sheet of signatures (.xlsx, .xls, .csv). SheetError where it is no table, BadInput without names."""
    for sheet in read_sheets(data):
        if (found := _columns(sheet)) is not None:
            row, name, firm = found
            people = [
                (person_key(text_of(cells[name])), firm_key(text_of(cells[firm])) if firm is not None else "")
                for cells in sheet.rows[row + 1 :]
                if text_of(cells[name])
            ]
            if people:
                return Attendance(len(set(people)), len(people))
    raise BadInput("签到表里没有找到“姓名”一列，或没有人签到。", field="sheet")


def _columns(sheet: Sheet) -> tuple[int, int, int | None] | None:
    """(row of the heading, column of names, column of firms)."""
    for index, row in enumerate(sheet.rows[:DEEPEST]):
        headings = [plain_heading(text_of(cell)) for cell in row]
        name = next((headings.index(word) for word in NAMES if word in headings), None)
        if name is not None:
            return index, name, next((headings.index(word) for word in FIRMS if word in headings), None)
    return None
