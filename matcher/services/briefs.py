"""The bulletin's paragraph: the county's own sentence with slots, filled with figures and true hedges.

A slot is {figure} or {figure:manner}; the manners are about (60余, the default), over (超300) and exact (66).
What stands in [[ ]] is left out where every figure in it is nought. Slots of money print 万元 without the unit.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from matcher.errors import BadInput
from matcher.plain.claims import Claim, claims_in, holds, written_out
from matcher.plain.wording import WAN, hedge, hedge_wan, in_wan, over, over_wan
from matcher.services.figures import Figures, Scope

DEFAULT = (
    "{period}，{office}开展“劳模工匠助企行”活动{sessions}场，组织劳模工匠{expert_times}人次，"
    "走进企业{enterprises}家[[（其中专精特新企业{enterprises_srdi}家）]]，征集需求{requested}条，"
    "解决技术和管理难题{solved}{measure}[[（其中企业已确认{confirmed}{measure}）]]，"
    "培训职工{persons:over}人、提升技能{attendances:over}人次"
    "[[，预计产生（节约）经济效益一次性{estimated_once:over}万元]][[，预计经济效益每年{estimated_yearly:over}万元]]"
    "[[；已核实经济效益一次性{verified_once:exact}万元]][[，已核实经济效益每年{verified_yearly:exact}万元]]。"
)
MONEY = ("estimated_once", "estimated_yearly", "verified_once", "verified_yearly")
COUNTS = (
    "sessions",
    "expert_times",
    "enterprises",
    "enterprises_srdi",
    "requested",
    "accepted",
    "solved",
    "partly",
    "confirmed",
    "persons",
    "attendances",
    "pairs",
    "leads_found",
    "leads_submitted",
    "typical",
)
#: Slots that are words, not numbers.
WORDS = ("period", "office", "measure", "today")
_MANNERS: dict[str, Callable[[Any], str]] = {"about": hedge, "over": over, "exact": str}
_MONEY_MANNERS: dict[str, Callable[[Decimal], str]] = {"about": hedge_wan, "over": over_wan, "exact": in_wan}
_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_MAYBE = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)

#: By these words before a number a reader knows which figure is meant; the nearest one in the clause decides.
_SAYS: tuple[tuple[str, str], ...] = (
    ("活动", "sessions"),
    ("劳模工匠", "expert_times"),
    ("专精特新", "enterprises_srdi"),
    ("专精特新企业", "enterprises_srdi"),
    ("企业", "enterprises"),
    ("征集", "requested"),
    ("需求", "requested"),
    ("受理", "accepted"),
    ("部分解决", "partly"),
    ("解决", "solved"),
    ("确认", "confirmed"),
    ("培训", "persons"),
    ("技能", "attendances"),
    ("结对", "pairs"),
    ("师徒", "pairs"),
    ("线索", "leads_found"),
    ("上报", "leads_submitted"),
    ("典型", "typical"),
)
_UNITS: dict[str, tuple[str, ...]] = {
    "场": ("sessions",),
    "次": ("sessions",),
    "人次": ("expert_times", "attendances"),
    "家": ("enterprises", "enterprises_srdi"),
    "户": ("enterprises", "enterprises_srdi"),
    "条": ("requested", "accepted", "leads_found", "leads_submitted"),
    "人": ("persons",),
    "名": ("persons",),
    "对": ("pairs",),
}
_PROBLEM_UNITS = ("个", "项", "件")
_PROBLEMS = ("solved", "partly", "confirmed", "requested", "accepted", "typical")
_DATE_UNITS = ("年", "月", "日", "季")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the paragraph; `figure` is the code of the list behind it where it is a number."""

    text: str
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A number of a text that no figure bears out, and what the figure says."""

    text: str
    figure: str = ""
    exact: str = ""


def template_of(scope: Scope) -> str:
    """The office's own sentence, or the one we ship."""
    return str(scope.office.setting("brief") or DEFAULT)


def check_template(text: str) -> None:
    """BadInput where a slot is unknown."""
    known = (*MONEY, *COUNTS, *WORDS)
    for name, manner in _SLOT.findall(text):
        if name not in known or (manner and manner not in _MANNERS):
            raise BadInput(
                "模板里有不认识的项：{%(slot)s}", field="brief", slot=name + (f":{manner}" if manner else "")
            )


def brief(figures: Figures, scope: Scope) -> list[Piece]:
    """The paragraph, cut at its numbers."""
    values = value_of(figures)
    text = _MAYBE.sub(lambda part: part[1] if _says_something(part[1], values) else "", template_of(scope))
    pieces, position = [], 0
    for slot in _SLOT.finditer(text):
        pieces.append(Piece(text[position : slot.start()]))
        pieces.append(_filled(slot[1], slot[2] or "about", values, scope))
        position = slot.end()
    return [piece for piece in [*pieces, Piece(text[position:])] if piece.text]


def paragraph(figures: Figures, scope: Scope) -> str:
    """The paragraph as one text."""
    return "".join(piece.text for piece in brief(figures, scope))


def wrong_numbers(text: str, figures: Figures, scope: Scope) -> list[Wrong]:
    """Numbers of an edited text that differ from the query: such a text cannot be submitted."""
    values = value_of(figures)
    wrong = [Wrong(said) for said in written_out(text)]
    clean = _without_dates(text, scope)
    for claim in claims_in(clean):
        if claim.unit in _DATE_UNITS:
            wrong.append(Wrong(claim.text))
            continue
        meant = _figures_meant(clean, claim)
        if not any(holds(claim, _in_unit(name, values[name], claim.unit)) for name in meant):
            exact = _exact(meant[0], values[meant[0]]) if meant else ""
            wrong.append(Wrong(claim.text, meant[0] if meant else "", exact))
    return wrong


def value_of(figures: Figures) -> dict[str, Decimal]:
    """Every figure that a slot can print."""
    values = {name: Decimal(getattr(figures, name)) for name in (*MONEY, *COUNTS) if name != "confirmed"}
    return {**values, "confirmed": Decimal(figures.confirmed_own_link + figures.confirmed_recorded)}


def period_words(scope: Scope) -> str:
    """启动以来 as people say it; other periods by their label."""
    if scope.period.code == "all":
        return f"启动以来（{_day(scope.period.start)}至{_day(scope.period.end)}）"
    return scope.period.label


def _says_something(text: str, values: Mapping[str, Decimal]) -> bool:
    names = [name for name, _manner in _SLOT.findall(text) if name in values]
    return not names or any(values[name] for name in names)


def _filled(name: str, manner: str, values: Mapping[str, Decimal], scope: Scope) -> Piece:
    if name in MONEY:
        return Piece(_MONEY_MANNERS[manner](values[name]), name)
    if name in COUNTS:
        return Piece(_MANNERS[manner](int(values[name])), name)
    return Piece(
        {
            "period": period_words(scope),
            "office": scope.office.name,
            "measure": str(scope.office.setting("measure_problem")),
            "today": _day(scope.period.end),
        }[name]
    )


def _without_dates(text: str, scope: Scope) -> str:
    """The period's own words and days are no claims; they are blanked, so that places stay."""
    period = scope.period
    ends = (period.start, period.end)
    days = [*map(_day, ends), *(_day(day).split("年")[1] for day in ends), *(day.isoformat() for day in ends)]
    for said in (period_words(scope), period.label, *days, f"{period.start.year}年", scope.office.name):
        text = text.replace(said, "　" * len(said))
    return text


def _figures_meant(text: str, claim: Claim) -> list[str]:
    if claim.unit in ("万元", "元"):
        return [_money_meant(text[: claim.start])]
    fits = _PROBLEMS if claim.unit in _PROBLEM_UNITS else _UNITS.get(claim.unit, ())
    clause = re.split(r"[。；;，,、]", text[: claim.start])[-1]
    places = [
        (clause.rfind(said) + len(said), len(said), name) for said, name in _SAYS if name in fits and said in clause
    ]
    return [max(places)[2]] if places else list(fits)


def _money_meant(before: str) -> str:
    """预计 or 已核实, once or yearly, by the nearest of these words."""
    claim = "verified" if before.rfind("核实") > max(before.rfind("预计"), before.rfind("预期")) else "estimated"
    return f"{claim}_{'yearly' if before.rfind('年') > before.rfind('一次性') else 'once'}"


def _in_unit(name: str, value: Decimal, unit: str) -> Decimal:
    return value / WAN if name in MONEY and unit == "万元" else value


def _exact(name: str, value: Decimal) -> str:
    return f"{in_wan(value)}万元" if name in MONEY else str(int(value))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
