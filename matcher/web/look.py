"""How values look on a page: states as words with an icon, money in 万元, dates in the reader's form."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask import Flask
from flask_babel import format_date, format_datetime, format_decimal, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from matcher.db import now
from matcher.models import (
    ActivityState,
    CaseState,
    DispatchState,
    EnterpriseState,
    ExpertState,
    LoanState,
    NoticeState,
    ProblemState,
    ReportState,
    VisitState,
)
from matcher.models.cards import LeadState
from matcher.plain.wording import in_wan
from matcher.web.languages import language

#: (label, icon, tone) of every state that a page shows.
_STATES: tuple[tuple[StrEnum, tuple[Any, str, str]], ...] = (
    (ProblemState.SUBMITTED, (_l("待受理"), "clock", "wait")),
    (ProblemState.RETURNED, (_l("待企业回复"), "question", "wait")),
    (ProblemState.ACCEPTED, (_l("已受理"), "dot", "wait")),
    (ProblemState.DISPATCHED, (_l("已点将"), "send", "wait")),
    (ProblemState.SOLVED, (_l("已解决"), "tick", "good")),
    (ProblemState.PARTLY, (_l("部分解决"), "tick", "good")),
    (ProblemState.UNSOLVED, (_l("未解决"), "cross", "bad")),
    (ProblemState.REJECTED, (_l("未受理"), "cross", "bad")),
    (ProblemState.WITHDRAWN, (_l("已撤回"), "back", "")),
    (ProblemState.LAPSED, (_l("已搁置"), "back", "")),
    (DispatchState.OFFERED, (_l("等答复"), "clock", "wait")),
    (DispatchState.TERMS, (_l("有条件接受"), "question", "wait")),
    (DispatchState.ACCEPTED, (_l("已接单"), "tick", "good")),
    (DispatchState.DECLINED, (_l("不能前往"), "cross", "bad")),
    (DispatchState.EXPIRED, (_l("超时未答复"), "clock", "bad")),
    (DispatchState.RECALLED, (_l("已收回"), "back", "")),
    (DispatchState.RELEASED, (_l("已退出"), "back", "")),
    (DispatchState.DONE, (_l("已完成"), "tick", "good")),
    (CaseState.OPENED, (_l("在办"), "work", "wait")),
    (CaseState.DIAGNOSED, (_l("已诊断"), "work", "wait")),
    (CaseState.FIXED, (_l("已处理"), "work", "wait")),
    (CaseState.CLOSED, (_l("待企业确认"), "clock", "wait")),
    (CaseState.CONFIRMED, (_l("企业已确认"), "tick", "good")),
    (CaseState.UNANSWERED, (_l("企业未答复"), "question", "")),
    (CaseState.REOPENED, (_l("已重新打开"), "back", "bad")),
    (CaseState.ABANDONED, (_l("已中止"), "cross", "bad")),
    (VisitState.PLANNED, (_l("已约定"), "clock", "wait")),
    (VisitState.HELD, (_l("已上门"), "tick", "good")),
    (VisitState.MOVED, (_l("已改期"), "back", "")),
    (VisitState.CANCELLED, (_l("已取消"), "cross", "")),
    (VisitState.NO_SHOW, (_l("未到场"), "alert", "bad")),
    (ActivityState.PLANNED, (_l("已计划"), "clock", "wait")),
    (ActivityState.HELD, (_l("已举办"), "tick", "good")),
    (ActivityState.CANCELLED, (_l("已取消"), "cross", "")),
    (ReportState.DRAFT, (_l("草稿"), "pen", "wait")),
    (ReportState.SUBMITTED, (_l("已提交"), "send", "wait")),
    (ReportState.TAKEN, (_l("已接收"), "tick", "good")),
    (ReportState.RETURNED, (_l("已退回"), "back", "bad")),
    (ExpertState.ACTIVE, (_l("可派"), "tick", "good")),
    (ExpertState.PAUSED, (_l("暂停接单"), "clock", "")),
    (ExpertState.LEFT, (_l("已退出名册"), "back", "")),
    (EnterpriseState.NEW, (_l("新登记，待核对"), "question", "wait")),
    (EnterpriseState.KNOWN, (_l("已登记"), "tick", "good")),
    (EnterpriseState.MERGED, (_l("已合并"), "back", "")),
    (LoanState.ASKED, (_l("待答复"), "clock", "wait")),
    (LoanState.AGREED, (_l("已同意"), "tick", "good")),
    (LoanState.REFUSED, (_l("未同意"), "cross", "bad")),
    (LoanState.ENDED, (_l("已结束"), "back", "")),
    (NoticeState.WAITING, (_l("待发送"), "clock", "wait")),
    (NoticeState.SENT, (_l("已发送"), "tick", "good")),
    (NoticeState.FAILED, (_l("发送失败"), "alert", "bad")),
    (NoticeState.BY_HAND, (_l("请人工转告"), "phone", "wait")),
    (LeadState.FOUND, (_l("已发现"), "dot", "wait")),
    (LeadState.DRAFTED, (_l("已起草"), "pen", "wait")),
    (LeadState.SUBMITTED, (_l("已申报"), "send", "wait")),
    (LeadState.AWARDED, (_l("已获奖"), "tick", "good")),
    (LeadState.NOT_AWARDED, (_l("未获奖"), "cross", "")),
    (LeadState.DROPPED, (_l("已放弃"), "back", "")),
)


#: By class and value: equal words of two nouns ("accepted") are two states.
STATES = {(type(state).__name__, state.value): told for state, told in _STATES}


#: Punctuation that templates put between values, in each language.
MARKS = {
    "zh": {"comma": "、", "colon": "：", "semicolon": "；", "opening": "（", "closing": "）"},
    "en": {"comma": ", ", "colon": ": ", "semicolon": "; ", "opening": " (", "closing": ")"},
}


def init_look(app: Flask) -> None:
    """Put the filters on the templates."""
    filters = (state_label, state_icon, state_tone, money_wan, money_exact, number, day, moment, due, pieces, percent)
    for function in (*filters, listed, bracketed):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals["mark"] = mark
    app.jinja_env.filters["as_dict"] = asdict


def state_label(state: StrEnum) -> str:
    """The word of a state."""
    return str(_known(state)[0])


def state_icon(state: StrEnum) -> str:
    """The icon that stands beside the word."""
    return _known(state)[1]


def state_tone(state: StrEnum) -> str:
    """good, wait, bad or nothing; the word says the same without the colour."""
    return _known(state)[2]


def money_wan(yuan: Decimal | None) -> str:
    """In 万元 as Chinese pages print money; in plain yuan for English readers."""
    if yuan is None:
        return ""
    if (locale := get_locale()) is not None and locale.language != "zh":
        return str(_("%(yuan)s 元", yuan=format_decimal(yuan, format="#,##0.##")))
    return str(_("%(wan)s 万元", wan=in_wan(yuan)))


def money_exact(yuan: Decimal | None) -> str:
    """The exact sum."""
    return "" if yuan is None else str(_("%(yuan)s 元", yuan=format_decimal(yuan, format="#,##0.00")))


def number(value: float | Decimal | None) -> str:
    """A number in the reader's form."""
    return "" if value is None else str(format_decimal(value))


def percent(value: float | None) -> str:
    """A share as a percentage without decimals."""
    return "—" if value is None else f"{value * 100:.0f}%"


def day(value: date | None) -> str:
    """A day."""
    return str(format_date(value, "yyyy-MM-dd", rebase=False)) if value else ""


def moment(value: datetime | None) -> str:
    """A moment, in China's time."""
    return str(format_datetime(value, "yyyy-MM-dd HH:mm")) if value else ""


def due(value: datetime | None) -> str:
    """How long until, or since, a moment, in words."""
    if value is None:
        return ""
    seconds = (value - now()).total_seconds()
    days, hours = int(abs(seconds) // 86400), int(abs(seconds) // 3600)
    if seconds < 0:
        return _("已超 %(n)s 天", n=days) if days else _("已超 %(n)s 小时", n=max(hours, 1))
    return _("还有 %(n)s 天", n=days) if days else _("还有 %(n)s 小时", n=max(hours, 1))


def pieces(text: str, spans: Iterable[Mapping[str, Any]]) -> list[tuple[str, bool]]:
    """A text cut at its spans: (piece, is it marked). Spans that overlap are marked once."""
    marked: list[tuple[str, bool]] = []
    position = 0
    for start, end in sorted((int(s["start"]), int(s["end"])) for s in spans):
        start, end = max(start, position), min(end, len(text))
        if start < end:
            marked += [(text[position:start], False), (text[start:end], True)]
            position = end
    return [piece for piece in [*marked, (text[position:], False)] if piece[0]]


def mark(name: str) -> str:
    """A comma of lists, a colon, a semicolon or a bracket as the reader's language writes it."""
    return MARKS[language()][name]


def listed(values: Iterable[Any], attribute: str = "") -> str:
    """Several values in one line."""
    return mark("comma").join(str(getattr(value, attribute) if attribute else value) for value in values)


def bracketed(value: Any) -> str:
    """A remark in brackets, beside what it is about."""
    return f"{mark('opening')}{value}{mark('closing')}"


def safe_svg(svg: str) -> Markup:
    """An SVG that we made ourselves."""
    return Markup(svg)


def _known(state: StrEnum) -> tuple[Any, str, str]:
    return STATES.get((type(state).__name__, str(state)), (str(state), "dot", ""))
