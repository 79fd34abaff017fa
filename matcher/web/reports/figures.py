"""The county's report: figures with the lists behind them, the paragraph, breakdowns, charts, downloads."""

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select
from werkzeug.wrappers import Response

from matcher.access.doors import visible_offices
from matcher.access.rights import Right, may
from matcher.db import db
from matcher.models import Office, OfficeLevel, Per, Problem
from matcher.plain.periods import Period
from matcher.services import briefs
from matcher.services.figures import DEFINITIONS, Figures, Reading, Scope, count, figures_of, measure, read
from matcher.services.figures.counting import months_of
from matcher.services.figures.listing import lines as lines_behind
from matcher.services.figures.table import ROWS, STEPS, as_csv, as_json, told
from matcher.web.downloads import as_file
from matcher.web.gates import staff
from matcher.web.look import bracketed, money_wan
from matcher.web.page import word
from matcher.web.reports.asked import asked_scope, kept, presets
from matcher.web.reports.blueprint import bp

PER_PAGE = 100
#: Figures that a kind, an industry, a town or an office below is told by.
BROKEN_DOWN = (("requested", _l("征集")), ("accepted", _l("受理")), ("solved", _l("解决")), ("partly", _l("部分解决")))
#: What a city sees of each county, in the order of the 汇总表.
BELOW = (
    ("sessions", _l("活动场次")),
    ("expert_times", _l("劳模工匠人次")),
    ("enterprises", _l("服务企业")),
    ("requested", _l("征集需求")),
    ("accepted", _l("受理")),
    ("solved", _l("解决问题")),
)
#: Offices whose noughts are told too.
REPORTING = (OfficeLevel.CITY, OfficeLevel.COUNTY)
#: Longer charts of months than this are cut at the front.
MOST_MONTHS = 24


#: A number of the paragraph -> the list behind it.
LIST_OF = {**{code: of for code, _name, _unit, of in ROWS}, "confirmed": "confirmed"}
#: Bars that a chart shows; the table has all.
MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a breakdown: what it is called, and its numbers in the order of the columns."""

    code: str
    label: str
    numbers: tuple[int, ...]


@bp.get("/", endpoint="figures")
def figures_page() -> str:
    """Everything that is told of an office and a period."""
    scope = asked_scope()
    reading = read(scope)
    figures, before = figures_of(reading), measure_before(scope)
    broken = reading.crossed([code for code, _label in BROKEN_DOWN], ("kind", "industry", "town", "month"))
    return render_template(
        "reports/figures.html",
        scope=scope,
        kept=kept,
        presets=presets(scope.office),
        offices=_offices(),
        period_label=period_label(scope.period),
        pieces=[] if scope.is_filtered else briefs.brief(figures, scope),
        rows=told(figures, before),
        before=period_label(scope.period.before()) if before is not None else "",
        figures=figures,
        definitions=DEFINITIONS,
        list_of=LIST_OF,
        columns=[label for _code, label in BROKEN_DOWN],
        by_kind=_parts(broken["kind"], lambda code: word("reporting_kinds", code)),
        by_industry=_parts(broken["industry"], lambda code: word("industries", code)),
        by_town=_parts(broken["town"], lambda code: code),
        months=_months(scope, broken["month"]),
        hours=[(_(STEPS[step]), spent) for step, spent in figures.response.items()],
        steps=STEPS,
        first_column=_first_column,
        money_rows=_money_rows,
        money={code: _by_month(reading.amounts[code]) for code in ("estimated", "verified")},
        below=_below(reading),
        below_columns=[label for _code, label in BELOW],
        may_draft=may(staff(), Right.DRAFT_REPORT, scope.office),
        may_export=may(staff(), Right.EXPORT, scope.office),
    )


@bp.get("/lines/<code>")
def lines(code: str) -> str:
    """The list behind a number."""
    if code not in DEFINITIONS:
        abort(404)
    scope, tag = asked_scope(), request.args.get("tag", "")
    page = max(request.args.get("page", 1, type=int), 1)
    found = lines_behind(code, scope, tag=tag, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
    return render_template(
        "reports/lines.html",
        scope=scope,
        kept=kept,
        definition=DEFINITIONS[code],
        lines=found[:PER_PAGE],
        total=count(code, scope) if not tag else None,
        period_label=period_label(scope.period),
        page=page,
        has_more=len(found) > PER_PAGE,
    )


@bp.get("/figures.<any(json, csv):form>")
def download(form: str) -> Response:
    """The figures as a file, named as a person would name it."""
    scope = asked_scope()
    figures = measure(scope)
    body = as_json(figures, scope) if form == "json" else as_csv(figures, scope)
    mime = "application/json" if form == "json" else "text/csv"
    return as_file(
        body.encode(), f"{scope.office.name}_助企行统计_{scope.period.label}.{form}", f"{mime}; charset=utf-8"
    )


def measure_before(scope: Scope) -> Figures | None:
    """The same kind of period just before; there is none before the programme began."""
    return None if scope.period.code == "all" else measure(scope.before())


def period_label(period: Period) -> str:
    """The period in the reader's language: the preset's word and its days."""
    message, values = period.sentence()
    label = _(message) % values
    days = f"{period.start.isoformat()} – {period.end.isoformat()}"
    name = _(period.name) if period.name != period.label else label
    return name if period.start.isoformat() in name else f"{name}{bracketed(days)}"


def breakdown(reading: Reading, dimension: str, name: Any) -> list[Part]:
    """One breakdown alone."""
    return _parts(reading.crossed([code for code, _label in BROKEN_DOWN], (dimension,))[dimension], name)


def months_for_chart(reading: Reading) -> list[tuple[str, tuple[int, ...]]]:
    """(month, (asked, solved)) of the period."""
    return _months(reading.scope, reading.crossed(("requested", "solved"), ("month",))["month"])


def _offices() -> list[Office]:
    return list(db.session.scalars(visible_offices(staff()).order_by(Office.path)))


def _parts(counted: dict[str, dict[str, int]], name: Any) -> list[Part]:
    """The lines of a breakdown, what was asked most in front."""
    numbers = list(counted.values())
    codes = sorted({code for found in numbers for code in found}, key=lambda c: (-numbers[0].get(c, 0), c))
    return [
        Part(code, name(code) if code else _("（未填写）"), tuple(found.get(code, 0) for found in numbers))
        for code in codes
    ]


def _first_column(parts: list[Part]) -> list[tuple[str, int]]:
    return [(part.label, part.numbers[0]) for part in parts[:MOST_BARS]]


def _money_rows(found: list[tuple[str, Any]]) -> list[tuple[str, Any, str]]:
    return [(month, yuan, money_wan(yuan)) for month, yuan in found]


def _months(scope: Scope, counted: dict[str, dict[str, int]]) -> list[tuple[str, tuple[int, ...]]]:
    names = [f"{first:%Y-%m}" for first in months_of(scope)][-MOST_MONTHS:]
    return [(name, (counted["requested"].get(name, 0), counted["solved"].get(name, 0))) for name in names]


def _by_month(sums: dict[str, dict[str, Any]]) -> dict[str, list[tuple[str, Any]]]:
    """Yuan per month, once and yearly apart; of one figure only, for the two figures are never added."""
    return {per.value: sorted(sums.get(per.value, {}).items())[-MOST_MONTHS:] for per in Per}


def _has_work_below(office: Office) -> bool:
    """Whether offices below have work of their own; counties always count as such."""
    if any(child.level in REPORTING for child in office.children):
        return True
    ids = [child.id for child in office.children]
    return bool(ids) and db.session.scalar(select(exists().where(Problem.owner_office_id.in_(ids)))) is True


def _below(reading: Reading) -> list[tuple[Office, tuple[int, ...]]]:
    """Each office straight below, in the order of codes (nobody is ranked), and the office's own work."""
    office = reading.scope.office
    if not _has_work_below(office):
        return []
    counted = list(reading.by_office([code for code, _label in BELOW]).values())
    rows = [(one, tuple(numbers.get(one.code, 0) for numbers in counted)) for one in [*office.children, office]]
    # Counties report their noughts; towns that have none of their own would only fill the page.
    return [row for row in rows if any(row[1]) or row[0].level in REPORTING]
