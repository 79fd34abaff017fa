"""What people write into one cell: lists, years, days, grades, honours."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from matcher.errors import BadInput

#: Day 0 of a spreadsheet's calendar, as it counts after the leap day that 1900 did not have.
SHEET_EPOCH = date(1899, 12, 30)
#: Shorter numbers of digits alone are taken for a count of rows.
SHORTEST_ID = 6
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2}))?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_BETWEEN = re.compile(r"[、,，;；\n\r]+(?![^（(]*[）)])")
_YEAR_WORDS = re.compile(
    r"[（(]?\s*(?:19|20)\d{2}\s*[-./]?\d{0,2}\s*(?:年度|年)?(?:\d{1,2}月)?\s*(?:获|被评为|授予)?\s*[）)]?"
)

Honour = tuple[str | None, str, int | None]


def text_of(value: Any) -> str:
    """A cell as a text on one form of width; a whole number has no ".0", an empty cell is ""."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFC", str(value)).replace("\u3000", " ").strip()


def id_of(value: Any) -> str:
    """A number that names the thing outside of this file; 1, 2, 3 … only counts the rows and names nothing."""
    text = text_of(value)
    return "" if text.isdigit() and len(text) < SHORTEST_ID else text


def parts_of(text: str) -> list[str]:
    """The items of a list in one cell, each once; what stands in brackets is not cut."""
    return list(dict.fromkeys(part.strip(" 。.") for part in _BETWEEN.split(text) if part.strip(" 。.")))


def year_of(text: str) -> int | None:
    """The first year that a text names: 2019, 2019.5, 2019年度; a spreadsheet's day number too."""
    if found := _YEAR.search(text):
        return int(found[1])
    if _SERIAL.fullmatch(text):
        return _from_serial(text).year
    return None


def day_of(value: Any) -> date | None:
    """A day as people and spreadsheets write it: 2026-3-5, 2026/3/5, 2026.3.5, 2026年3月5日, 20260305, 46086.

    A month without a day counts as its first. BadInput where it is none of these.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = unicodedata.normalize("NFKC", text_of(value))
    if not text:
        return None
    try:
        return _read_day(text)
    except ValueError as error:
        raise BadInput("日期“%(text)s”看不懂，请写成 2026-03-05 这样。", text=text[:20]) from error


def honours_of(text: str, year_text: str, names: Mapping[str, str]) -> list[Honour]:
    """The honours of a cell as (code, text, year). `names` are the honours we know, name -> code.

    A year in the honour's own words wins; a year in a column of its own serves where there is one honour.
    """
    items = parts_of(text)
    own_year = year_of(year_text)
    found = []
    for item in items:
        year = year_of(item) or (own_year if len(items) == 1 else None)
        words = _YEAR_WORDS.sub("", item).strip() or item
        found.append((code_in(words, names), words, year))
    return found


def code_in(text: str, names: Mapping[str, str]) -> str | None:
    """The code of the longest known name that the text holds. `names` come from `names_of`."""
    plain = _plain(text)
    held = [name for name in names if name in plain]
    return names[max(held, key=len)] if held else None


def names_of(words: Iterable[tuple[str, str]]) -> dict[str, str]:
    """(code, name) pairs as name -> code; 技师（二级） is known as 技师 too, 省（部）级劳动模范 as 省劳动模范."""
    known: dict[str, str] = {}
    for code, name in words:
        bare = re.sub(r"（[^）]*）", "", name)
        for spelling in (name, bare, re.sub(r"(?<=[省市县])级", "", bare)):
            known.setdefault(_plain(spelling), code)
    return known


def _plain(text: str) -> str:
    return re.sub(r"[\s（）()“”\"]", "", text).replace("劳动模范", "劳模")


def _read_day(text: str) -> date:
    if found := _DAY.match(text):
        return date(int(found[1]), int(found[2]), int(found[3] or 1))
    if found := _COMPACT_DAY.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if _SERIAL.fullmatch(text):
        return _from_serial(text)
    raise ValueError(text)


def _from_serial(text: str) -> date:
    return SHEET_EPOCH + timedelta(days=int(float(text)))
