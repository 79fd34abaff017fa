"""One row of a ledger of menus read: who asks, and the problems that stand in its cell."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from matcher.db import LOCAL, now, today
from matcher.errors import BadInput
from matcher.matching.industries import divisions_of
from matcher.matching.splitting import split
from matcher.plain.phones import normalise
from matcher.plain.uscc import check_uscc
from matcher.services.imports.cells import day_of, id_of, parts_of, text_of
from matcher.services.imports.rows import Row
from matcher.services.menus import MOST_PROBLEMS, Item

#: Words for haste, as ledgers write them.
URGENT = ("停产", "紧急", "特急", "加急")
SOON = ("较急", "急")
LONGEST_NAME = 100


@dataclass(slots=True)
class Posting:
    """A menu as a row tells of it."""

    row: int
    firm: str
    text: str
    items: list[Item]
    uscc: str = ""
    contact_name: str = ""
    phone: str = ""
    town: str = ""
    industry: str | None = None
    posted_at: datetime | None = None
    external_id: str = ""
    is_sample: bool = False
    remarks: list[str] = field(default_factory=list)


def read_posting(row: Row) -> Posting:
    """The menu of a row; BadInput, PhoneError or UsccError says what is wrong."""
    text = text_of(row.get("text"))
    if not text:
        raise BadInput("没有难题内容。")
    phones = parts_of(text_of(row.get("phone")).replace("/", "、"))
    uscc = text_of(row.get("uscc"))
    return Posting(
        row=row.number,
        firm=_firm_of(row),
        text=text,
        items=_items_of(row, text),
        uscc=check_uscc(uscc) if uscc else "",
        contact_name=text_of(row.get("contact_name")),
        phone=normalise(phones[0]) if phones else "",
        town=text_of(row.get("town")),
        industry=_division(text_of(row.get("industry"))),
        posted_at=_moment(day_of(row.get("posted_on"))),
        external_id=id_of(row.get("external_id")),
        is_sample=row.is_sample,
    )


def _firm_of(row: Row) -> str:
    firm = text_of(row.get("firm"))
    if not firm:
        raise BadInput("没有企业名称。")
    if len(firm) > LONGEST_NAME:
        raise BadInput("企业名称一栏是“%(text)s…”，不像企业名称，请检查列的对应。", text=firm[:10])
    return firm


def _items_of(row: Row, text: str) -> list[Item]:
    """Several problems in one cell become several; a record of the sample file is one, as it stands."""
    spans = [(0, len(text))] if row.is_sample else split(text)
    if len(spans) > MOST_PROBLEMS:
        raise BadInput("一格里有 %(count)d 个难题，最多 %(most)d 个。", count=len(spans), most=MOST_PROBLEMS)
    industry = text_of(row.get("industry"))
    return [
        Item(
            text=text[start:end].strip(),
            title=text_of(row.get("title")) if len(spans) == 1 else "",
            urgency=_urgency(text_of(row.get("urgency"))),
            industry=_division(industry),
            classified={"industry_as_written": industry} if industry else {},
        )
        for start, end in spans
    ]


def _division(industry: str) -> str | None:
    """The one division of GB/T 4754 that the words stand for; None where they stand for several or none."""
    found = divisions_of(industry) if industry else frozenset()
    return next(iter(found)) if len(found) == 1 else None


def _urgency(text: str) -> str:
    if any(word in text for word in URGENT):
        return "urgent"
    return "soon" if any(word in text for word in SOON) and "不" not in text else "normal"


def _moment(day: date | None) -> datetime | None:
    if day is None:
        return None
    if day > today():
        raise BadInput("日期 %(day)s 在今天之后。", day=day.isoformat())
    return min(datetime.combine(day, time(9), LOCAL), now())
