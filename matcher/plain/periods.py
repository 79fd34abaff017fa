"""Periods of reports: the presets of the programme, parts of a year, and any range of days."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from matcher.plain.errors import PlainError

LOCAL = ZoneInfo("Asia/Shanghai")
#: As addresses spell them and as pages say them.
PRESETS = {
    "month": "本月",
    "quarter": "本季",
    "half": "上半年",
    "half2": "下半年",
    "year": "本年",
    "all": "启动以来",
}
QUARTERS = ("%(year)d年第一季度", "%(year)d年第二季度", "%(year)d年第三季度", "%(year)d年第四季度")
YEARS = range(2000, 2101)
ONE_DAY = timedelta(days=1)


class PeriodError(PlainError):
    """What was typed is no period; the sentence says how one is written."""

    field = "period"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included.

    `code` is how addresses and command lines spell it; left out, it is made from the days.
    """

    start: date
    end: date
    code: str = ""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise PeriodError("结束日期不能早于开始日期。")
        object.__setattr__(self, "code", self.code or _spelled(self))

    @property
    def name(self) -> str:
        """The preset's word (本月), or else the label."""
        return PRESETS.get(self.code, self.label)

    @property
    def label(self) -> str:
        """As titles and file names say it: 2026年上半年, 2026年第三季度, 2026-01-05至2026-02-03."""
        message, values = self.sentence()
        return message % values

    def sentence(self) -> tuple[str, dict[str, object]]:
        """The label as a source string with named values, for who translates it."""
        kind = _kind(self)
        if kind is None:
            return "%(start)s至%(end)s", {"start": self.start.isoformat(), "end": self.end.isoformat()}
        message, _code, number = kind
        return message, {"year": self.start.year, "number": number}

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def bounds(self) -> tuple[datetime, datetime]:
        """The first moment of it and the first moment after it, in China's time."""
        return _midnight(self.start), _midnight(self.end + ONE_DAY)

    def before(self) -> "Period":
        """The one of the same kind just before: the month before a month, else as many days before."""
        months = _whole_months(self)
        if months:
            return _months(_moved(self.start, -months), months)
        return Period(self.start - timedelta(days=self.days), self.start - ONE_DAY)

    def a_year_before(self) -> "Period":
        """The same period of last year; whole months stay whole, and 29 February becomes the 28th."""
        months = _whole_months(self)
        if months:
            return _months(_moved(self.start, -12), months)
        return Period(_moved(self.start, -12), _moved(self.end, -12))


def preset(code: str, today: date, started_on: date | None = None) -> Period:
    """本月, 本季, 上半年, 下半年, 本年 are whole and reach beyond today; 启动以来 ends today."""
    year = today.year
    starts = {
        "month": (today.month, 1),
        "quarter": ((today.month - 1) // 3 * 3 + 1, 3),
        "half": (1, 6),
        "half2": (7, 6),
        "year": (1, 12),
    }
    if code in starts:
        month, count = starts[code]
        return _months(date(year, month, 1), count, code)
    if code == "all":
        start = started_on or date(year, 1, 1)
        return Period(start, max(today, start), code)
    raise _unknown(code)


def between(start: date, end: date) -> Period:
    """Any range of days, both included; PeriodError if it ends before it starts."""
    return Period(start, end)


def parse(text: str, today: date, started_on: date | None = None) -> Period:
    """A period as people type it, or PeriodError.

    `all` and the other presets by code or word, `2026`, `2026H1`, `2026Q3`, `2026-06`,
    `2026-01-01..2026-06-30`.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    codes = {word: code for code, word in PRESETS.items()}
    code = codes.get(plain, plain.lower())
    if code in PRESETS:
        return preset(code, today, started_on)
    if match := re.fullmatch(r"(\d{4}-\d\d?-\d\d?)(?:\.\.+|至|~)(\d{4}-\d\d?-\d\d?)", plain):
        return Period(_day(match[1]), _day(match[2]))
    if match := re.fullmatch(r"(\d{4})(?:H([12])|Q([1-4])|-(0?[1-9]|1[0-2]))?", plain.upper()):
        return _part_of_year(*match.groups())
    raise _unknown(text)


def _part_of_year(year_text: str, half: str | None, quarter: str | None, month: str | None) -> Period:
    year = int(year_text)
    if year not in YEARS:
        raise PeriodError("年份不对：%(year)s。", year=year_text)
    if half:
        return _months(date(year, int(half) * 6 - 5, 1), 6)
    if quarter:
        return _months(date(year, int(quarter) * 3 - 2, 1), 3)
    if month:
        return _months(date(year, int(month), 1), 1)
    return _months(date(year, 1, 1), 12)


def _kind(period: Period) -> tuple[str, str, int] | None:
    """What part of a year it is: the words, the code, and its number among its like."""
    month = period.start.month
    match _whole_months(period):
        case 12 if month == 1:
            return "%(year)d年", "%(year)04d", 1
        case 6 if month == 1:
            return "%(year)d年上半年", "%(year)04dH1", 1
        case 6 if month == 7:
            return "%(year)d年下半年", "%(year)04dH2", 2
        case 3 if month % 3 == 1:
            return QUARTERS[month // 3], "%(year)04dQ%(number)d", month // 3 + 1
        case 1:
            return "%(year)d年%(number)d月", "%(year)04d-%(number)02d", month
        case _:
            return None


def _spelled(period: Period) -> str:
    kind = _kind(period)
    if kind is None:
        return f"{period.start.isoformat()}..{period.end.isoformat()}"
    return kind[1] % {"year": period.start.year, "number": kind[2]}


def _whole_months(period: Period) -> int:
    """How many months it is exactly, 0 if it is not."""
    start, end = period.start, period.end
    if start.day != 1 or (end + ONE_DAY).day != 1:
        return 0
    return (end.year - start.year) * 12 + end.month - start.month + 1


def _months(start: date, count: int, code: str = "") -> Period:
    return Period(start, _moved(start, count) - ONE_DAY, code)


def _moved(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)


def _day(text: str) -> date:
    try:
        year, month, day = map(int, text.split("-"))
        return date(year, month, day)
    except ValueError as error:
        raise PeriodError("没有这一天：%(text)s。", text=text) from error


def _unknown(text: str) -> PeriodError:
    return PeriodError(
        "看不懂统计期间“%(text)s”。可以写 all、2026、2026H1、2026Q3、2026-06 或 2026-01-01..2026-06-30。",
        text=text,
    )
