"""Reading a scope from the tallies that hold, and from the rows where none does."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import and_, func, select

from matcher.db import db
from matcher.models import ClockStep, Office, Tally, TallyMark
from matcher.models import Tallied as TalliedOffice
from matcher.plain.periods import Period
from matcher.services.figures.definition import DEFINITIONS, Kept
from matcher.services.figures.medians import median
from matcher.services.figures.reading import Parts, Reading
from matcher.services.figures.scope import Scope
from matcher.services.figures.tallies.gathering import Months, gather
from matcher.services.figures.tallies.keeping import EVER, month_called
from matcher.services.figures.tallies.tally import ALL, Counts, MonthOfWork, counted, distinct

_KEPT = (Tally.first_day, Tally.last_day, Tally.numbers, Tally.arrays)


class Tallied(Reading):
    """The answers for one scope, put together from months of work, and from the rows of the `rest` of the scope."""

    def __init__(self, scope: Scope, months: Months, rest: Sequence[Scope], paths: dict[int, str]) -> None:
        super().__init__(scope)
        self.months = months
        self.rest = [Reading(part) for part in rest]
        self.paths = paths

    def counts(self, codes: Sequence[str]) -> dict[str, int]:
        """How many things each figure counts."""
        return {code: counted.get("", 0) for code, counted in self._told_by(ALL, codes, _whole).items()}

    def by_tag(self, codes: Sequence[str]) -> Parts:
        """The same, told apart by the tags of each figure."""
        if not _told(codes, ("tag",)):
            return super().by_tag(codes)
        return self._sums(codes, "tag", [part.by_tag(codes) for part in self.rest])

    def by_office(self, codes: Sequence[str]) -> Parts:
        """The same for each office straight below, by its code, and for the office's own work."""
        found = self._told_by("office", codes, lambda part, some: part.by_office(some))
        return {code: {office: n for office, n in counted.items() if n} for code, counted in found.items()}

    def crossed(self, codes: Sequence[str], dimensions: Sequence[str]) -> dict[str, Parts]:
        """Several breakdowns of figures whose parts add up: dimension -> figure -> value -> count."""
        if not _told(codes, [dimension for dimension in dimensions if dimension != "month"]):
            return super().crossed(codes, dimensions)
        rest = [part.crossed(codes, dimensions) for part in self.rest]
        return {name: self._sums(codes, name, [found[name] for found in rest]) for name in dimensions}

    def trained(self) -> dict[str, tuple[int, int]]:
        """(persons, attendances), told apart by whether there was a list of names."""
        found: dict[str, tuple[int, int]] = {}
        kept = [(tag, sums) for counts in _all("training", self.months.values()) for tag, sums in counts.sums.items()]
        rest = [(tag, sums) for part in self.rest for tag, sums in part.trained().items()]
        for tag, (persons, attendances) in (*kept, *rest):
            before = found.get(tag, (0, 0))
            found[tag] = before[0] + persons, before[1] + attendances
        return found

    def pairs(self) -> int:
        """Pairs of masters and apprentices."""
        kept = sum(persons for counts in _all("pairs", self.months.values()) for (persons,) in counts.sums.values())
        return kept + sum(part.pairs() for part in self.rest)

    def hours(self) -> dict[ClockStep, Decimal]:
        """Median working hours per step."""
        lengths: dict[str, list[Any]] = {}
        for work in (*self.months.values(), *self._gathered.values()):
            for step, spent in work.lengths.items():
                lengths.setdefault(step, []).append(spent)
        return {step: median(counted(lengths[step])) for step in ClockStep if step in lengths}

    @cached_property
    def amounts(self) -> dict[str, dict[str, dict[str, Decimal]]]:
        """Yuan: estimated or verified -> once or year -> month -> sum, as it stood when the period ended."""
        found: dict[str, dict[str, dict[str, Decimal]]] = {"estimated": {}, "verified": {}}
        for code, per, month, amount in self._all_amounts():
            by_month = found[code].setdefault(per, {})
            by_month[month] = by_month.get(month, Decimal(0)) + amount
        return found

    def _all_amounts(self) -> Iterable[tuple[str, str, str, Decimal]]:
        end = self.scope.period.end.isoformat()
        for (_office, month), work in self.months.items():
            for code in ("estimated", "verified"):
                for word, (amount,) in work.counts.get(code, Counts()).sums.items():
                    per, until = word.split(" ")
                    if not until or until > end:
                        yield code, per, month, Decimal(amount) / 100
        for part in self.rest:
            for code, pers in part.amounts.items():
                yield from ((code, per, month, yuan) for per, sums in pers.items() for month, yuan in sums.items())

    @cached_property
    def _gathered(self) -> Months:
        """Keys and lengths of the rest, which cannot be had as numbers."""
        found: Months = {}
        for part in self.rest:
            found |= gather(part.scope, Kept.KEYS, Kept.LENGTHS)
        return found

    def _told_by(self, dimension: str, codes: Sequence[str], ask: Callable[[Reading, list[str]], Parts]) -> Parts:
        """Counts in all or per office: those that add up are added, and keys put together and counted anew."""
        added = [code for code in codes if DEFINITIONS[code].kept is Kept.COUNTS]
        others = [code for code in codes if code not in added]
        found = self._sums(added, dimension, [ask(part, added) for part in self.rest] if added else [])
        for code in others:
            below: dict[str, list[MonthOfWork]] = {}
            for (office_id, _month), work in (*self.months.items(), *self._gathered.items()):
                below.setdefault(self._office(office_id) if dimension else "", []).append(work)
            found[code] = {office: _different(code, months) for office, months in below.items()}
        return {code: found[code] for code in codes}

    def _sums(self, codes: Sequence[str], dimension: str, rest: Sequence[Parts]) -> Parts:
        """Counts of the months and of the rest, added up per value of the dimension."""
        found: Parts = {}
        for code in codes:
            sums = found[code] = {}
            for parts in (*self._kept(code, dimension), *(each[code] for each in rest)):
                for value, number in parts.items():
                    sums[value] = sums.get(value, 0) + number
        return found

    def _kept(self, code: str, dimension: str) -> Iterable[dict[str, int]]:
        for (office_id, month), work in self.months.items():
            if (counts := work.counts.get(code)) is not None:
                match dimension:
                    case "month":
                        yield {month: counts.parts[ALL][""]}
                    case "office":
                        yield {self._office(office_id): counts.parts[ALL][""]}
                    case _:
                        yield counts.parts[dimension]

    @cached_property
    def _names(self) -> dict[str, str]:
        office = self.scope.office
        return {"": office.code, **{str(child.id): child.code for child in office.children}}

    def _office(self, office_id: int) -> str:
        """The code of the office straight below in whose subtree it lies."""
        return self._names[self.paths[office_id][len(self.scope.office.path) :].split("/")[0]]


def read(scope: Scope) -> Reading:
    """The reading of a scope: from tallies where that is quicker, and the same either way."""
    if scope.is_filtered or scope.with_samples or scope.only is not None or not _in(scope.period, EVER):
        return Reading(scope)
    kept = _stored(scope)
    stale = [office_id for office_id, marks in kept.marks.items() if marks is None or TallyMark.EVERY in marks]
    if len({office_id for office_id, _month in kept.months if office_id not in stale}) < max(len(stale), 1):
        return Reading(scope)
    cut: dict[str, list[int]] = {}
    for office_id, marks in kept.marks.items():
        if office_id not in stale and marks:
            for month in marks:
                cut.setdefault(month, []).append(office_id)
    whole: Months = {}
    for (office_id, month), work in kept.months.items():
        if office_id in stale or office_id in cut.get(month, ()) or not _touch(work, scope.period):
            continue
        if _in(Period(work.first_day, work.last_day), scope.period):
            whole[office_id, month] = work
        else:
            cut.setdefault(month, []).append(office_id)
    return Tallied(scope, whole, list(_rest(scope, stale, cut)), kept.paths)


@dataclass(slots=True)
class Store:
    """What is kept of the offices of a scope: their months, and which of these are stale (None: never tallied)."""

    months: Months = field(default_factory=dict)
    marks: dict[int, set[str] | None] = field(default_factory=dict)
    paths: dict[int, str] = field(default_factory=dict)


def _stored(scope: Scope) -> Store:
    """Everything at one moment, in one statement: a tally and the mark against it are never seen apart."""
    marks = select(func.aggregate_strings(TallyMark.month, " ")).where(TallyMark.office_id == Office.id)
    first = scope.period.start.replace(day=1)
    touched = and_(Tally.office_id == TalliedOffice.office_id, Tally.month.between(first, scope.period.end))
    query = (
        select(Office.id, Office.path, TalliedOffice.office_id, marks.scalar_subquery(), Tally.month, *_KEPT)
        .select_from(Office)
        .outerjoin(TalliedOffice, TalliedOffice.office_id == Office.id)
        .outerjoin(Tally, touched)
        .where(scope.offices())
    )
    kept = Store()
    for office_id, path, tallied, stale, month, *work in db.session.execute(query):
        kept.paths[office_id] = path
        kept.marks[office_id] = set((stale or "").split()) if tallied is not None else None
        if month is not None:
            kept.months[office_id, f"{month:%Y-%m}"] = MonthOfWork.unpacked(*work)
    return kept


def _rest(scope: Scope, stale: list[int], cut: dict[str, list[int]]) -> Iterable[Scope]:
    """The parts of a scope that are counted from rows: stale offices and months, and months that it cuts."""
    end = scope.period.end
    if stale:
        yield replace(scope, only=tuple(stale), as_of=end)
    for month, offices in cut.items():
        days = month_called(month)
        if days.start <= end and scope.period.start <= days.end:
            part = Period(max(days.start, scope.period.start), min(days.end, end))
            yield replace(scope, period=part, only=tuple(offices), as_of=end)


def _in(part: Period, whole: Period) -> bool:
    return whole.start <= part.start and part.end <= whole.end


def _touch(work: MonthOfWork, period: Period) -> bool:
    return work.first_day <= period.end and period.start <= work.last_day


def _told(codes: Sequence[str], dimensions: Sequence[str]) -> bool:
    """Whether tallies tell these figures apart by these dimensions."""
    return all(dimension in DEFINITIONS[code].told_by for code in codes for dimension in dimensions)


def _all(code: str, months: Iterable[MonthOfWork]) -> Iterable[Counts]:
    return (work.counts[code] for work in months if code in work.counts)


def _whole(part: Reading, codes: list[str]) -> Parts:
    return {code: {"": number} for code, number in part.counts(codes).items()}


def _different(code: str, months: Iterable[MonthOfWork]) -> int:
    if DEFINITIONS[code].kept is Kept.LENGTHS:
        return sum(len(spent) for work in months for spent in work.lengths.values())
    return distinct([work.keys[code] for work in months if code in work.keys])
