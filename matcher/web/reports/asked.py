"""What a report page was asked: office, period and filters, all of them in the address."""

from datetime import date
from typing import Any

from flask import request

from matcher.access.doors import office_for
from matcher.access.rights import Right, require
from matcher.db import today
from matcher.models import Office
from matcher.plain.periods import PRESETS, Period, PeriodError, between, parse, preset
from matcher.services.figures import Scope
from matcher.services.figures.scope import FILTERS
from matcher.web.gates import staff


def asked_office() -> Office:
    """The office of the address, within the subtree; one's own where none is named."""
    chosen = request.args.get("office", type=int)
    office = office_for(staff(), chosen) if chosen is not None else staff().office
    require(staff(), Right.READ_FIGURES, office)
    return office


def asked_period(office: Office) -> Period:
    """A range that was typed, a preset or a spelled period; this half of the year where nothing was asked.

    Raises PeriodError where it cannot be read.
    """
    start, end = (request.args.get(name, "").strip() for name in ("start", "end"))
    if start or end:
        return between(_day(start), _day(end))
    if code := request.args.get("period", "").strip():
        return parse(code, today(), office.started_on)
    return preset("all", today(), office.started_on)


def asked_scope() -> Scope:
    """Everything that was asked."""
    office = asked_office()
    kind, industry, town = (request.args.get(name, "").strip() or None for name in FILTERS)
    has_samples = "samples" in request.args
    return Scope(office, asked_period(office), with_samples=has_samples, kind=kind, industry=industry, town=town)


def kept(scope: Scope, **changes: Any) -> dict[str, Any]:
    """The address of the same question, with some of it changed."""
    asked: dict[str, Any] = {"office": scope.office.id, "period": scope.period.code}
    asked |= {name: value for name in FILTERS if (value := getattr(scope, name))}
    if scope.with_samples:
        asked["samples"] = 1
    return {name: value for name, value in {**asked, **changes}.items() if value not in (None, "")}


def presets(office: Office) -> list[tuple[str, str, Period]]:
    """(code, word, period) of the tabs: 下半年 only once it has begun."""
    begun = today() >= date(today().year, 7, 1)
    return [
        (code, word, preset(code, today(), office.started_on))
        for code, word in PRESETS.items()
        if code != "half2" or begun
    ]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        raise PeriodError("请填写开始和结束日期，例如 2026-01-01。") from error
