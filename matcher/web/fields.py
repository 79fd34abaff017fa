"""What people type into fields, read with a clear sentence where it cannot be."""

import unicodedata
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from matcher.db import LOCAL
from matcher.errors import BadInput
from matcher.plain.wording import as_written

E = TypeVar("E", bound=StrEnum)

#: More yuan than any case is worth; a slip of the finger otherwise ends in the report.
MOST_YUAN = Decimal("1e10")
#: As long as a long account of a repair.
MOST_WORDS = 5_000


def words(text: str | None, *, field: str, most: int = MOST_WORDS) -> str:
    """What was written, without blanks around it. Too long is told, never cut off in silence."""
    written = (text or "").strip()
    if len(written) > most:
        raise BadInput("最多写 %(most)d 个字，现在有 %(count)d 个。", field=field, most=most, count=len(written))
    return written


def yuan(text: str, *, field: str = "amount") -> Decimal:
    """An amount in yuan: full width, commas, a 元 at the end and counting in 万 are forgiven."""
    try:
        amount = as_written(text)
    except InvalidOperation as error:
        raise BadInput("请填写金额（元），只写数字。", field=field) from error
    if not amount.is_finite() or not 0 <= amount < MOST_YUAN:
        raise BadInput("金额不对，请核对。", field=field)
    return amount.quantize(Decimal("0.01"))


def day(text: str, *, field: str = "on") -> date:
    """A day as date fields send it."""
    try:
        return date.fromisoformat(unicodedata.normalize("NFKC", text).strip().replace("/", "-"))
    except ValueError as error:
        raise BadInput("日期不对，请这样填写：2026-06-30。", field=field) from error


def moment(text: str, *, field: str = "at") -> datetime:
    """A moment in China's time; a day alone means nine in the morning."""
    plain = text.strip().replace(" ", "T")
    try:
        typed = datetime.fromisoformat(plain)
    except ValueError as error:
        raise BadInput("时间不对，请这样填写：2026-06-30 09:00。", field=field) from error
    if len(plain) == len("2026-06-30"):
        typed = datetime.combine(typed.date(), time(9))
    return typed.replace(tzinfo=LOCAL)


def whole(text: str, *, field: str, most: int = 100_000) -> int:
    """A whole number that is not negative; nothing typed is 0."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return 0
    if not plain.isdigit() or int(plain) > most:
        raise BadInput("请填写整数。", field=field)
    return int(plain)


def hours(text: str, *, field: str = "hours") -> Decimal | None:
    """Hours with at most one decimal; nothing typed is unknown."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    try:
        typed = Decimal(plain)
    except InvalidOperation as error:
        raise BadInput("请填写小时数，例如 1.5。", field=field) from error
    if not typed.is_finite() or not 0 <= typed <= 240:
        raise BadInput("小时数不对，请核对。", field=field)
    return typed.quantize(Decimal("0.1"))


def one_of(kind: type[E], text: str, *, field: str) -> E:
    """One of the words of an enum."""
    try:
        return kind(text)
    except ValueError as error:
        raise BadInput("请选择一项。", field=field) from error
